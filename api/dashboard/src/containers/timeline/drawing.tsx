/** The way of a container, drawn: a line that is where the box is, with a mark for each event. */

import { useRef } from "preact/hooks";
import { useSize } from "../../shared/effects/size.ts";
import { NOTHING } from "../../shared/format/numbers.ts";
import { moment } from "../../shared/format/times.ts";
import { type BoxEvent, doubt, eventTitle, isAlarm, isSure } from "../event.ts";
import { layout, type Layout, type Mark } from "./layout.ts";

const ROW_PX = 34;
const TOP_PX = 22;
const BOTTOM_PX = 30;

interface Properties {
  events: readonly BoxEvent[];
  /** Times of events that contradict each other. */
  conflicting: ReadonlySet<number>;
}

export function TimelineDrawing({ events, conflicting }: Properties) {
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  return (
    <div class="box-timeline scroll" ref={host} tabIndex={0} role="region" aria-label="The way of the container, drawn; the table below has the same">
      {size === null ? null : <Drawing drawn={layout(events, size.width)} conflicting={conflicting} />}
    </div>
  );
}

function Drawing({ drawn, conflicting }: { drawn: Layout; conflicting: ReadonlySet<number> }) {
  const { lanes, marks, times, waits, width } = drawn;
  const height = TOP_PX + lanes.length * ROW_PX + BOTTOM_PX;
  return (
    <svg width={width} height={height} role="img" aria-label={`${marks.length} events at ${lanes.join(", ")}`}>
      {lanes.map((lane, row) => (
        <g key={lane} class="lane">
          <line x1="58" x2={width} y1={yOf(row)} y2={yOf(row)} />
          <text x="0" y={yOf(row) + 4}>
            {lane}
          </text>
        </g>
      ))}
      <path class="way" d={wayOf(marks)} />
      {waits.map((one) => (
        <text key={one.x} class="wait" x={one.x} y={yOf(one.row) - 6}>
          {one.text}
        </text>
      ))}
      {marks.map((mark, index) => (
        <EventMark key={index} mark={mark} number={index + 1} conflicting={conflicting.has(mark.event.time)} />
      ))}
      {times.map((one) => (
        <text key={one.x} class="time-label" x={one.x} y={height - 8}>
          {one.text}
        </text>
      ))}
    </svg>
  );
}

/** The box stays in a row until the event that takes it to another one. */
function wayOf(marks: readonly Mark[]): string {
  return marks.map(({ x, row }, index) => (index === 0 ? `M${x} ${yOf(row)}` : `H${x}V${yOf(row)}`)).join("");
}

/** A round mark; of what people have to look at a square one; hollow where it may be another box. */
function EventMark({ mark, number, conflicting }: { mark: Mark; number: number; conflicting: boolean }) {
  const { event, x, row } = mark;
  const y = yOf(row);
  const title = `${number}: ${eventTitle(event)}, ${event.place ?? NOTHING}, ${moment(event.time)}${doubt(event) === "" ? "" : `, ${doubt(event)}`}`;
  return (
    <g class="event-mark" data-sure={String(isSure(event))} data-alarm={String(isAlarm(event))}>
      <title>{title}</title>
      {conflicting ? <circle class="ring" cx={x} cy={y} r="13" /> : null}
      {isAlarm(event) ? <rect x={x - 8} y={y - 8} width="16" height="16" /> : <circle cx={x} cy={y} r="9" />}
      <text x={x} y={y + 4}>
        {number}
      </text>
    </g>
  );
}

function yOf(row: number): number {
  return TOP_PX + row * ROW_PX + 6;
}
