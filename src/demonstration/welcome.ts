import { basename } from 'node:path';
import { DEMO_PASSWORD, shownAccounts } from './accounts';
import { people } from './bodies';
import { DEMO_DRAW } from './draws';
import type { Demonstration } from './demonstration';

const LINE = '─'.repeat(96);
const nameOf = (login: string): string => people.find((p) => p.id === login)?.name ?? '';

/** What whoever starts the demonstration is told: where it is, as whom to sign in, four things to try. */
/** @param proof address of the proof of one of its notices, without scheme and host */
export function welcome(url: string, d: Demonstration, proof: string): string {
  const [lead, second] = d.officers;
  const credential = (officers: string): string =>
    `curl -s -X POST $MJ/api/cases/${d.openCase}/show-credential -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
       -d '{"officers":${officers},"shownTo":"party","place":"现场"}'`;
  return `${LINE}
 明镜市 Mingjing City    演示数据，人物、企业、证号全部虚构 demonstration data: everybody and everything in it is invented
 ${d.cases} 件案件，截至 ${d.today} 的一年 cases, the year up to ${d.today}${d.made ? '' : '（已有数据 made earlier）'}
${LINE}
 公众门户 portal       ${url}/
 公示查询 notices      ${url}/notices      CSV ${url}/notices.csv
 订阅 feeds            ${url}/feed.atom  ${url}/feed.json
 接口 API              ${url}/api/docs     OpenAPI ${url}/api/openapi.json

 演示账户，口令均为 accounts, all with the password  ${DEMO_PASSWORD}
${shownAccounts.map(([login, zh, en]) => `   ${login.padEnd(12)} ${zh} ${en} ${nameOf(login)}`.trimEnd()).join('\n')}

 试一试 Five things to try
 1 一份公示，和一份依法撤回的公示 a notice, and one withdrawn as the law demands
     ${url}/notices/${d.notice}
     ${url}/notices/${d.withdrawn}
 2 登录，登记一次亮证，再看案卷在 ${d.earlier} 的样子 sign in, record an act, then read the file as it was that day
     MJ=${url}
     TOKEN=$(curl -s $MJ/api/session -H 'Content-Type: application/json' \\
       -d '{"login":"${lead}","password":"${DEMO_PASSWORD}"}' | node -pe 'JSON.parse(require("fs").readFileSync(0)).token')
     ${credential(`["${lead}","${second}"]`)}
     curl -s "$MJ/api/cases/${d.openCase}/history?atDate=${d.earlier}" -H "Authorization: Bearer $TOKEN"
 3 同一命令只有一名执法人员：被拒绝，并说明法条 the same with one officer: refused, and under which article
     ${credential(`["${lead}"]`)}
 4 核验一份公示确如所记 verify that a notice is what was recorded
     curl -sf ${url}/log/policy -o policy.txt ${url}${proof} -O
     npm run -s mingjing -- verify ${basename(proof)} --policy policy.txt
 5 重复一次双随机抽取 repeat a random draw
     npm run -s mingjing -- draw --verify ${url}/draws/${DEMO_DRAW} --policy policy.txt
${LINE}
 按 Ctrl-C 停止 Ctrl-C stops it
`;
}
