/** How far a scale must reach. */

import type { Values } from "../../shared/charts/timeline.ts";

/** So many times what is usual is always drawn. */
const TIMES_USUAL = 2.5;
/** The others are not yet flat on a scale of so many times their own. */
const TIMES_TOP = 2;

export interface Reach {
  /** Highest value that is drawn; null where there is none. */
  top: number | null;
  /** Highest value of each line that goes beyond it, by index of the line. */
  beyond: [line: number, highest: number][];
}

/**
 * Highest value that a scale should hold, so that a line far off does not flatten all others.
 * Usual is what the lower lines do: the lower quartile of the lines' medians, of values above zero.
 * @param plausible what is never too high to be drawn.
 */
export function reach(lines: readonly Values[], plausible: number): Reach {
  const known = lines.map((values) => values.filter((one): one is number => one !== null && one > 0).sort((a, b) => a - b));
  const medians = known.flatMap((values) => values[Math.floor((values.length - 1) / 2)] ?? []).sort((a, b) => a - b);
  const usual = medians[Math.floor((medians.length - 1) / 4)];
  if (usual === undefined) return { top: null, beyond: [] };
  const most = Math.max(plausible, usual * TIMES_USUAL);
  const top = Math.max(...known.map((values) => values.filter((one) => one <= most).at(-1) ?? 0));
  const highest = Math.max(...known.map((values) => values.at(-1) ?? 0));
  if (highest <= top * TIMES_TOP) return { top: highest, beyond: [] };
  const beyond = known.flatMap((values, line): [number, number][] => (values.length > 0 && values.at(-1)! > most ? [[line, values.at(-1)!]] : []));
  return { top, beyond };
}
