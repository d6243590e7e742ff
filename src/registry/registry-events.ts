// Every event of the registry. Dates in them are LocalDate strings, `YYYY-MM-DD` in China. What the law publishes (A02, A06,
// B03, F02) is open; the rest is internal.
export * from './body-events';
export * from './officer-events';
export * from './power-events';
export * from './benchmark-events';
