import type { Decider } from '../../kernel/decider';
import { historicalActDecider } from './historical-decider';
import { importDecider } from './import-decider';

/** The deciders of what was done before the ledger and brought into it. */
export const historicalDeciders: readonly Decider<unknown>[] = [historicalActDecider, importDecider];
