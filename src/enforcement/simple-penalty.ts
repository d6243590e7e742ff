import { reversalSteps } from './decision-steps';
import { executionSteps } from './execution-steps';
import { recordingSteps } from './evidence-steps';
import type { Procedure } from './procedure';
import { simpleSteps } from './simple-steps';

/** The simple procedure 简易程序 (行政处罚法 51-53): one act on the spot, its report, and the payment. */
export const simplePenalty: Procedure = {
  id: 'simple-penalty',
  zh: '行政处罚简易程序',
  en: 'Administrative penalty, simple procedure',
  basis: '行政处罚法第五章第二节',
  validFrom: '2021-07-15',
  stages: ['unopened', 'served', 'closed', 'archived'],
  steps: [...simpleSteps, ...recordingSteps, ...executionSteps, ...reversalSteps],
};
