import { decisionSteps, reversalSteps, serviceSteps } from './decision-steps';
import { executionSteps } from './execution-steps';
import { filingSteps } from './filing-steps';
import { investigationSteps } from './investigation-steps';
import type { Procedure } from './procedure';
import { reviewSteps } from './review-steps';

/** The ordinary procedure 普通程序 (行政处罚法 54-65, 市场监督管理行政处罚程序规定 18-64): clue to archive. */
export const ordinaryPenalty: Procedure = {
  id: 'ordinary-penalty',
  zh: '行政处罚普通程序',
  en: 'Administrative penalty, ordinary procedure',
  basis: '行政处罚法第五章第三节',
  validFrom: '2021-07-15',
  stages: [
    'unopened',
    'clue',
    'investigation',
    'concluded',
    'review',
    'reviewed',
    'noticed',
    'decided',
    'served',
    'closed',
    'archived',
  ],
  steps: [
    ...filingSteps,
    ...investigationSteps,
    ...reviewSteps,
    ...decisionSteps,
    ...serviceSteps,
    ...executionSteps,
    ...reversalSteps,
  ],
};
