import { accountability } from './accountability/accountability';
import { caseFile } from './case-file/case-file';
import { complaints } from './complaints/complaints';
import { draws } from './draws/draws';
import { erasures } from './erasures/erasures';
import { officerPerformance } from './officer-performance/officer-performance';
import type { Projection } from './projection';
import { publicNotices } from './public-notices/public-notices';
import { registers } from './registers/registers';

/** Every read model of the product. */
export const projections: readonly Projection[] = [
  registers,
  caseFile,
  publicNotices,
  accountability,
  officerPerformance,
  complaints,
  draws,
  erasures,
];
