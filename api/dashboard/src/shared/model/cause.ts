/** Sums by cause. */

/** Minutes of each cause, the longest first. */
export function minutesByCause(delays: readonly { cause: string; minutes: number | null }[]): [cause: string, minutes: number][] {
  const sums = new Map<string, number>();
  for (const one of delays) sums.set(one.cause, (sums.get(one.cause) ?? 0) + (one.minutes ?? 0));
  return [...sums].sort((a, b) => b[1] - a[1]);
}
