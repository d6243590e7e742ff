import { fork, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asked } from './http-child';
import type { Size } from './scale-figures';

/** 100 Hz on every Linux that Node runs on (`getconf CLK_TCK`). */
const CLOCK_TICK_MS = 10;

export interface ProcessorTime {
  readonly nodeUs: number;
  /** Of every PostgreSQL process of this machine, where the bench runs on one; 0 otherwise. */
  readonly postgresUs: number;
}

/** A column for what PostgreSQL did, if it did anything. */
export const postgresOf = (postgresUs: number): { readonly postgresUs?: number } =>
  postgresUs > 0 ? { postgresUs } : {};

/** A process that does what it is asked, one thing after the other. */
export class ServerProcess {
  private readonly process: ChildProcess = fork(join(__dirname, 'http-child'), { serialization: 'advanced' });

  async ask<T = void>(task: Asked['task'], argument?: unknown): Promise<T> {
    const answered = new Promise<T>((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the child ended with ${code} in ${task}`));
      this.process.once('exit', ended);
      this.process.once('message', (answer: { result: T; error?: string }) => {
        this.process.off('exit', ended);
        if (answer.error) reject(new Error(`${task}: ${answer.error}`));
        else resolve(answer.result);
      });
    });
    this.process.send({ task, argument });
    return answered;
  }

  processorTime(): ProcessorTime {
    const all = process.env.MINGJING_POSTGRES ? readdirSync('/proc') : [];
    const postgres = all.filter((pid) => /^\d+$/.test(pid) && nameOf(pid) === 'postgres').map(ticksOf);
    const us = CLOCK_TICK_MS * 1000;
    return { nodeUs: ticksOf(String(this.process.pid)) * us, postgresUs: postgres.reduce((sum, t) => sum + t, 0) * us };
  }

  /** As the system counts them: pages that the process holds now, and the most it held. */
  memory(): Size[] {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
    const kib = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
    return [
      { what: 'memory of the node at the end', value: kib('VmRSS') / 1024, unit: 'MiB' },
      { what: 'memory of the node at most', value: kib('VmHWM') / 1024, unit: 'MiB' },
    ];
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill();
    await ended;
  }
}

/** The fields of `/proc/<pid>/stat` after the name, which may hold anything (proc(5)); none of a process that has ended. */
function statOf(pid: string): { readonly name: string; readonly fields: readonly string[] } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), fields: stat.slice(end + 2).split(' ') };
  } catch {
    return { name: '', fields: [] };
  }
}

const nameOf = (pid: string): string => statOf(pid).name;
/** User and system time. */
const ticksOf = (pid: string): number => Number(statOf(pid).fields[11] ?? 0) + Number(statOf(pid).fields[12] ?? 0);
