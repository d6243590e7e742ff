import type { Instant } from '../../kernel/time';
import type { Checkpoint } from './row-store';

/** An event that a process manager could not act on, because a rule refused the command that it calls for. */
export interface ProcessRefusal {
  readonly process: string;
  readonly position: number;
  readonly eventId: string;
  /** Of the failure, such as `officer.not_registered`; its text could quote the event. */
  readonly code: string;
  readonly at: Instant;
}

/** Why a process does not go on. `stalled`: not before it is told to. Without personal data. */
export interface ProcessTrouble {
  readonly position: number;
  readonly reason: string;
  readonly stalled: boolean;
}

/** One process as it is on record. */
export interface ProcessRecord {
  readonly name: string;
  readonly position: number;
  readonly trouble?: ProcessTrouble;
  readonly refusals: number;
}

/** Of the newest refusals, as many are listed. */
export const MAX_LISTED_REFUSALS = 200;

/** Checkpoints of process managers and the refusals that they met; beside the rows, in `read-model.db` or PostgreSQL. */
export interface ProcessRecords {
  checkpoint(name: string): Promise<Checkpoint>;
  save(name: string, checkpoint: Checkpoint): Promise<void>;
  /** An event that is seen again keeps one row. */
  addRefusal(refusal: ProcessRefusal): Promise<void>;
  /** Of one process, which begins again: what it is refused this time is what counts. */
  forgetRefusals(process: string): Promise<void>;
  /** For those who look from elsewhere; undefined: it goes on. */
  noteTrouble(name: string, trouble: ProcessTrouble | undefined): Promise<void>;
  all(): Promise<ProcessRecord[]>;
  /** The latest ones of all processes, at most `MAX_LISTED_REFUSALS`. */
  refusals(): Promise<ProcessRefusal[]>;
}
