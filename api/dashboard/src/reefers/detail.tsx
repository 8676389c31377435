/** One plug over the page's span: temperatures, what was wrong, and how far a cold treatment is. */

import { useEffect } from "preact/hooks";
import { degrees, fixed, NOTHING } from "../shared/format/numbers.ts";
import { timed } from "../shared/format/shown-zone.ts";
import { dayMinute, duration } from "../shared/format/times.ts";
import { useSession } from "../shared/live/context.ts";
import { Empty } from "../shared/notice/notice.tsx";
import { SpannedPanel } from "../shared/span/spanned-panel.tsx";
import { type PageSpan, useSpanned } from "../shared/span/use-span.ts";
import { Head, NumberCell } from "../shared/table/table.tsx";
import { Curve } from "./curve-plot.tsx";
import type { Plug } from "./plug.ts";
import { type History, historyOf } from "./requests.ts";
import { Treatment } from "./treatment.tsx";

const REREAD_MS = 15_000;
/** Plugs report each hour at least. [ms] */
const STALE_MS = 2.05 * 3_600_000;

interface Properties {
  terminal: string;
  device: string;
  span: PageSpan;
  /** As the map shows it; null: it is not there. */
  plug: Plug | null;
}

export function Detail({ terminal, device, span, plug }: Properties) {
  const shown = useSpanned(span, {
    read: (bounds) => historyOf(terminal, device, bounds),
    isEmpty: (one) => one.times.length === 0,
    everyMs: REREAD_MS,
    inputs: [terminal, device],
    newest: plug?.time ?? null,
    staleMs: STALE_MS,
  });
  // The map of thousands of plugs is higher than the window.
  const isRead = shown.value !== null;
  useEffect(() => document.getElementById("plug-title")?.closest("section")?.scrollIntoView({ block: "nearest" }), [isRead]);
  const boxes = [...new Set(shown.value?.ranges.map((one) => one.containerId ?? "") ?? [])].filter((one) => one !== "");
  return (
    <SpannedPanel id="plug-title" title={`${device}${boxes.length === 0 ? "" : ` · ${boxes.join(", ")}`}`} shown={shown} what={`temperatures of ${device}`} empty={<Empty title={`No samples of ${device} in this time`}>Choose another span, or another plug.</Empty>}>
      {(history) => (
        <>
          <Curve history={history} />
          <Figures history={history} />
          <Wrong history={history} />
          {boxes.map((box) => (
            <Treatment key={box} terminal={terminal} containerId={box} />
          ))}
        </>
      )}
    </SpannedPanel>
  );
}

function Figures({ history }: { history: History }) {
  return (
    <ul class="readings box-figures">
      {history.figures.map((one) => (
        <li key={one.id}>
          <details>
            <summary title="What is this made of?">
              <span class="name">
                {one.title}, {one.unit}
              </span>{" "}
              <b>{fixed(one.value, 1)}</b>
            </summary>
            <p>{one.filled}</p>
            <p class="note">
              {one.description} {one.source}
            </p>
          </details>
        </li>
      ))}
    </ul>
  );
}

interface WrongSpan {
  what: string;
  beganAt: number;
  endedAt: number | null;
  detail: string;
}

function wrongOf({ excursions, offPower, silences }: History): WrongSpan[] {
  return [
    ...excursions.map((one) => ({ what: "out of range", ...one, detail: `${one.probe} air, ${degrees(one.worstDegc)} K at worst` })),
    ...offPower.map((one) => ({ what: "without power", ...one, detail: "" })),
    ...silences.map((one) => ({ what: "not heard", ...one, detail: "neither in range nor out of it" })),
  ].sort((a, b) => b.beganAt - a.beganAt);
}

function Wrong({ history }: { history: History }) {
  const session = useSession();
  const spans = wrongOf(history);
  if (spans.length === 0) return <p class="empty">No excursion, loss of power or silence in this time. Air that is out of range for less than the delay of its profile is no excursion.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="What was wrong">
      <table>
        <Head names={["What", timed("From"), "Until", "Length", ""]} numbers={new Set(["Length"])} />
        <tbody>
          {spans.map((one) => (
            <tr key={`${one.what} ${one.beganAt}`}>
              <th scope="row">{one.what}</th>
              <td>{dayMinute(one.beganAt)}</td>
              <td>{one.endedAt === null ? "lasts" : dayMinute(one.endedAt)}</td>
              <NumberCell>{duration((one.endedAt ?? session.exactNowMs) - one.beganAt)}</NumberCell>
              <td>{one.detail || NOTHING}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">{fixed(spans.length)} in this time</p>
    </div>
  );
}
