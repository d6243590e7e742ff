import { appraisalDeciders } from './appraisal/deciders';
import { disclosureDeciders } from './disclosure/deciders';
import { drawDeciders } from './draws/deciders';
import { enforcementDeciders } from './enforcement/deciders';
import { historicalDeciders } from './enforcement/historical/deciders';
import type { Decider } from './kernel/decider';
import { oversightDeciders } from './oversight/deciders';
import { privacyDeciders } from './privacy/deciders';
import { registryDeciders } from './registry/deciders';

/** Every decider of the product: what can be commanded. */
export const deciders: readonly Decider<unknown>[] = [
  ...registryDeciders,
  ...enforcementDeciders,
  ...historicalDeciders,
  ...disclosureDeciders,
  ...drawDeciders,
  ...oversightDeciders,
  ...appraisalDeciders,
  ...privacyDeciders,
];
