/** Spans of what is drawn. */

export interface Span {
  low: number;
  high: number;
}

/** A span of metres that never shrinks and is never shorter than `least`. */
export function widen(span: Span | null, values: readonly number[], least: number): Span | null {
  if (values.length === 0) return span;
  let low = Math.min(span?.low ?? Infinity, ...values);
  let high = Math.max(span?.high ?? -Infinity, ...values);
  const missing = least - (high - low);
  if (missing > 0) {
    low -= missing / 2;
    high += missing / 2;
  }
  return { low, high };
}
