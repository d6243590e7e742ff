import { OneOf, Optional, Text } from '../kernel/fields';
import { ERASURE_GROUND_CODES } from './erasure-grounds';

/** Erases the personal data of the subject it is addressed to, for good: `party.p-17`, `complainant.complainant-T20260310-…`. */
export class ErasePersonalData {
  @OneOf(ERASURE_GROUND_CODES)
  ground!: string;

  /** The judgment, decision or instrument that orders it, by its number or article; some grounds need it. */
  @Optional()
  @Text(200)
  document?: string;

  /** It is kept when the data are gone, so it names nobody. */
  @Optional()
  @Text(500)
  reason?: string;
}

/** The program's own: the key of a subject is destroyed. */
export class RecordKeyDestroyed {
  @Text(200)
  subject!: string;

  @Text(36)
  erasureId!: string;
}
