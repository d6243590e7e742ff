import { matterDecider } from './accountability';
import { complaintDecider } from './complaint';

/** Complaints, and what becomes of those who answer for a fault. */
export const oversightDeciders = [complaintDecider, matterDecider] as const;
