import { drawDecider } from './draw';
import { drawItemDecider } from './draw-item';

/** The list of random inspections, and the draws made from it. */
export const drawDeciders = [drawItemDecider, drawDecider] as const;
