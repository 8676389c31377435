/** How long to wait before the next attempt: exponential, with jitter, so that a hundred pages do not return at once. */

export const FIRST_MS = 500;
export const LONGEST_MS = 15_000;

/**
 * @param attempt failed attempts so far, 1 or more.
 * @param random a number in [0, 1).
 */
export function wait(attempt: number, random: number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(most * (0.5 + random / 2));
}
