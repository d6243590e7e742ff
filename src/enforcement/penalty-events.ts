/** Every event of a penalty case, by phase. The product's public contract: names never change, shapes only by version. */
export * from './filing-events';
export * from './investigation-events';
export * from './review-events';
export * from './decision-events';
export * from './execution-events';
