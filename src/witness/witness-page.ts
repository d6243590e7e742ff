import type { Cosigned } from './witness-store';

/** What the page of a witness shows. */
export interface WitnessPage {
  readonly vkey: string;
  readonly logs: readonly { readonly origin: string; readonly id: string; readonly latest?: Cosigned }[];
  /** Paths of what is kept, `<kind>/<name>`. */
  readonly evidence: readonly string[];
}

/** The page for people, without script. Chinese first, English beside it. */
export function witnessPage({ vkey, logs, evidence }: WitnessPage): string {
  const name = escape(vkey.slice(0, vkey.indexOf('+')));
  return `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>见证人 Witness · ${name}</title><style>${STYLE}</style></head>
<body><main>
<h1>见证人 <span lang="en">Witness</span></h1>
<p><code>${name}</code></p>
<p>本程序独立运行，为公开日志作见证：只有当新的检查点是上一次所见历史的延续时才附署。记录一经见证，日志的运营者便不能悄悄改写它，也不能向不同的人出示不同的历史。</p>
<p lang="en">This program stands on its own and witnesses public logs: it cosigns a new checkpoint only when it continues the history seen before. What was witnessed cannot be rewritten unseen by whoever runs the log, nor shown differently to different people.</p>
<h2>公钥 <span lang="en">Verifier key</span></h2>
<p><code>${escape(vkey)}</code></p>
<h2>所见证的日志 <span lang="en">Logs</span></h2>
<table><thead><tr><th>日志 Log</th><th>条目数 Entries</th><th>首次见证时间 First cosigned</th><th></th></tr></thead>
<tbody>${logs.map(row).join('')}</tbody></table>
<h2>证据 <span lang="en">Evidence</span></h2>
${evidence.length === 0 ? '<p>没有发现相互矛盾的历史。<span lang="en">No contradicting histories were seen.</span></p>' : `<ul class="alarm">${evidence.map(item).join('')}</ul>`}
</main></body>
</html>
`;
}

function row({ origin, id, latest }: WitnessPage['logs'][number]): string {
  const time = latest && new Date(latest.time * 1000).toISOString().replace('.000', '');
  const cells = latest
    ? `<td>${latest.size}</td><td><time datetime="${time}">${time}</time></td>`
    : '<td>0</td><td>尚未 not yet</td>';
  return `<tr><td><code>${escape(origin)}</code></td>${cells}<td><a href="log/${id}/history">历史 history</a></td></tr>`;
}

const item = (path: string): string =>
  `<li><a href="evidence/${escape(path)}/report.json"><code>${escape(path)}</code></a></li>`;

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code { overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8886 }
.alarm { border-inline-start: .4rem solid #c00; padding-inline-start: 2rem }
`;
