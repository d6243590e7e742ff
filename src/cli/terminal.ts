import { SingleBar } from 'cli-progress';
import { Failure } from '../kernel/errors';
import { LedgerCorrupt, LedgerLocked } from '../ledger/event-store';
import type { OnProgress } from '../ledger/sqlite/check-ledger';

/** A failure as it is told; errors of the ledger, which speaks English alone, with a code. */
function failureOf(error: unknown): unknown {
  if (error instanceof LedgerLocked) {
    return new Failure('unavailable', 'ledger.locked', {
      zh: `另一个进程正在使用 ${error.directory} 中的台账。`,
      en: `Another process is using the ledger in ${error.directory}.`,
    });
  }
  if (error instanceof LedgerCorrupt) {
    return new Failure('damaged', 'ledger.corrupt', {
      zh: `台账第 ${error.position} 条已损坏，请用备份恢复。`,
      en: `The ledger is damaged at position ${error.position} (${error.reason}); restore it from a backup.`,
    });
  }
  return error;
}

/** Tells a failure on standard error: both languages, code and article; of anything else its name and message. */
export function tellFailure(cause: unknown): void {
  const error = failureOf(cause);
  const lines =
    error instanceof Failure
      ? [error, ...error.also].map(
          ({ code, detail }) =>
            `✗ ${detail.zh}\n  ${detail.en}\n  [${[code, detail.basis].filter(Boolean).join(' · ')}]`,
        )
      : error instanceof Error
        ? [`✗ ${error.name}: ${error.message}`]
        : [`✗ ${String(error)}`];
  process.stderr.write(`${printable(lines.join('\n'))}\n`);
}

/** A text with its control and format characters but the line feed escaped: what a file says must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/gu, (char) =>
    [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

export interface ProgressBar {
  at(done: number, total: number): void;
  end(): void;
}

/** A progress bar on standard error; silent where nobody watches. */
export function progressBar(label: string): ProgressBar {
  if (!process.stderr.isTTY) return { at: () => undefined, end: () => undefined };
  const bar = new SingleBar({
    format: `${label} {bar} {percentage}% · {value}/{total} · {duration_formatted} · 还需 ETA {eta_formatted}`,
    hideCursor: true,
    stream: process.stderr,
  });
  let started = false;
  return {
    at(done, total) {
      if (!started) bar.start(total, done);
      started = true;
      bar.setTotal(total);
      bar.update(done);
    },
    end: () => started && bar.stop(),
  };
}

const STEPS = { events: '事件 events', streams: '记录 streams', file: '文件 file', copy: '复制 copy' } as const;

/** A progress bar for each step of going over a ledger, one after the other. */
export function steps(): { at: OnProgress; end(): void } {
  const bars = new Map(Object.entries(STEPS).map(([step, label]) => [step, progressBar(label)]));
  let current: string | undefined;
  const end = (): void => {
    if (current !== undefined) bars.get(current)?.end();
    current = undefined;
  };
  return {
    at({ step, done, total }) {
      if (current !== step) end();
      current = step;
      bars.get(step)?.at(done, total);
    },
    end,
  };
}

/** Aborted by the first Ctrl-C or TERM, so that long work stops between two steps; a second Ctrl-C ends the process. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}
