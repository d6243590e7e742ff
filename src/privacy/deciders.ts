import { erasureRegister, subjectDecider } from './erasure';

/** Whose personal data the ledger holds, and the register of keys that were destroyed. */
export const privacyDeciders = [subjectDecider, erasureRegister] as const;
