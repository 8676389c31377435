/** Where the events of a container are drawn: time to the right, parts of the terminal from the ship down to the gate. */

import { dayMinute, duration, hourMinute } from "../../shared/format/times.ts";
import { type BoxEvent, type Lane, laneOf, LANES } from "../event.ts";

const LEFT_PX = 62;
const RIGHT_PX = 46;
/** Events of one moment stay apart. [px] */
const LEAST_PX = 22;
/** What each doubling of the time between two events adds. [px] */
const DOUBLING_PX = 9;
const LABEL_PX = 74;
/** From then on the length of a time without events is written on its line. [ms] */
const WRITTEN_MS = 10 * 60_000;
const MINUTE_MS = 60_000;

export interface Mark {
  event: BoxEvent;
  x: number;
  /** Number of its lane from the top. */
  row: number;
}

export interface Label {
  x: number;
  text: string;
}

export interface Layout {
  lanes: Lane[];
  marks: Mark[];
  /** Times below the events, where there is room. */
  times: Label[];
  /** Lengths of long times without events, with the row of the box then. */
  waits: (Label & { row: number })[];
  width: number;
}

/**
 * Place events, oldest first. Of the time between two of them the logarithm counts: minutes of work and days in the yard can both be seen.
 * @param roomPx width that is there; more is taken where events would lie on each other.
 */
export function layout(events: readonly BoxEvent[], roomPx: number): Layout {
  const lanes = LANES.filter((lane) => events.some((one) => laneOf(one) === lane));
  const gaps = events.map((one, index) => (index === 0 ? 0 : gapPx(one.time - events[index - 1]!.time)));
  const needed = gaps.reduce((sum, one) => sum + one, 0);
  const stretch = needed === 0 ? 1 : Math.max(1, (roomPx - LEFT_PX - RIGHT_PX) / needed);
  let x = LEFT_PX;
  let row = 0;
  const first = events.map(laneOf).find((lane) => lane !== null);
  if (first !== undefined && first !== null) row = lanes.indexOf(first);
  const marks = events.map((event, index) => {
    const lane = laneOf(event);
    if (lane !== null) row = lanes.indexOf(lane);
    x += gaps[index]! * stretch;
    return { event, x, row };
  });
  return { lanes, marks, times: timesOf(marks), waits: waitsOf(marks), width: Math.max(roomPx, x + RIGHT_PX) };
}

function gapPx(ms: number): number {
  return LEAST_PX + DOUBLING_PX * Math.log2(1 + ms / MINUTE_MS);
}

/** The day stands where it is another one. */
function timesOf(marks: readonly Mark[]): Label[] {
  const labels: Label[] = [];
  let [endPx, day] = [0, ""];
  for (const { event, x } of marks) {
    if (x < endPx) continue;
    const full = dayMinute(event.time);
    const own = full.slice(0, -" 00:00".length);
    labels.push({ x, text: own === day ? hourMinute(event.time) : full });
    day = own;
    endPx = x + LABEL_PX;
  }
  return labels;
}

function waitsOf(marks: readonly Mark[]): Layout["waits"] {
  return marks.flatMap(({ event, x }, index) => {
    const before = marks[index - 1];
    if (before === undefined || event.time - before.event.time < WRITTEN_MS || x - before.x < LABEL_PX) return [];
    return [{ x: (x + before.x) / 2, row: before.row, text: duration(event.time - before.event.time) }];
  });
}
