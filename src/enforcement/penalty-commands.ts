/** Every command of a penalty case, by phase. */
export * from './filing-commands';
export * from './investigation-commands';
export * from './review-commands';
export * from './decision-commands';
export * from './execution-commands';
export * from './simple-commands';
