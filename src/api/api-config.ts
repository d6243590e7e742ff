import type { Config } from '../config';

/** The settings that the HTTP side looks at, and the token they are injected by. */
export type ApiConfig = Pick<
  Config,
  'publicUrl' | 'agencyNameZh' | 'agencyNameEn' | 'readYourWritesTimeoutMs' | 'requestsPerMinute' | 'logLevel'
>;
export const CONFIG = Symbol('config');
