import { benchmarkDecider } from './benchmark';
import { bodyDecider } from './body';
import { officerDecider } from './officer';
import { powerDecider } from './power';

/** Bodies, officers, powers and benchmarks: what an act of enforcement must be able to point to. */
export const registryDeciders = [bodyDecider, officerDecider, powerDecider, benchmarkDecider] as const;
