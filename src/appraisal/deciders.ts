import { appraisalDecider } from './appraisal';
import { ratingDecider } from './rating';
import { schemeDecider } from './scheme';

/** Schemes, the appraisals under them, and what the parties themselves say. */
export const appraisalDeciders = [schemeDecider, appraisalDecider, ratingDecider] as const;
