export const MIB = 1024 * 1024;

/** One measured figure. `value` and `limit` are in `unit`; `limit` is what the bare machine does, or the bound itself. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly limit: number;
  readonly ratio: number;
  /** Of the ratio: at least this for a speed, at most this for a bound. */
  readonly target: number;
  readonly atMost?: boolean;
  readonly pass: boolean;
}

/** A figure that must not exceed its limit. */
export const bound = (name: string, unit: string, value: number, limit: number): Measured => ({
  name,
  unit,
  value: Math.round(value),
  limit,
  ratio: value / limit,
  target: 1,
  atMost: true,
  pass: value <= limit,
});

/** A figure that must reach its limit. */
export const atLeast = (name: string, unit: string, value: number, limit: number): Measured => ({
  name,
  unit,
  value: Math.round(value),
  limit,
  ratio: value / limit,
  target: 1,
  pass: value >= limit,
});
