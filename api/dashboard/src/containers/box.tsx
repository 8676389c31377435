/** One container: where it is, what happened to it, what contradicts itself, and its cold treatments. */

import { timed } from "../shared/format/shown-zone.ts";
import { Empty } from "../shared/notice/notice.tsx";
import type { PageSpan } from "../shared/span/use-span.ts";
import { useSpanned } from "../shared/span/use-span.ts";
import { SpannedPanel } from "../shared/span/spanned-panel.tsx";
import { BoxFacts } from "./box-facts.tsx";
import { ConflictList } from "./conflicts/conflict-list.tsx";
import { within } from "./event.ts";
import { type Box, boxOf } from "./requests.ts";
import { type ContainersRoute, containersRoute } from "./route.ts";
import { TimelineDrawing } from "./timeline/drawing.tsx";
import { EventTable } from "./timeline/event-table.tsx";
import { Treatments } from "./treatments.tsx";

const REREAD_MS = 5_000;

export function BoxPanel({ route, container, span }: { route: ContainersRoute; container: string; span: PageSpan }) {
  const { terminal } = route;
  const shown = useSpanned(span, {
    read: () => boxOf(terminal, container),
    isEmpty: () => false,
    everyMs: REREAD_MS,
    inputs: [terminal, container],
  });
  const back = <a href={containersRoute.link({ ...route, container: null })}>← all containers</a>;
  return (
    <SpannedPanel id="box-title" title={container} shown={shown} what={`events of ${container}`} picker tools={back} empty={null}>
      {(box) => <Shown terminal={terminal} box={box} span={span} changed={shown.reload} />}
    </SpannedPanel>
  );
}

function Shown({ terminal, box, span, changed }: { terminal: string; box: Box; span: PageSpan; changed: () => void }) {
  const bounds = span.live ? null : span.bounds();
  const events = bounds === null ? box.events : within(box.events, bounds);
  const conflicts = bounds === null ? box.conflicts : box.conflicts.filter(({ time }) => time >= bounds.fromMs && time <= bounds.toMs);
  const conflicting = new Set(conflicts.flatMap((one) => [one.time, one.beforeAt ?? one.time]));
  return (
    <>
      <BoxFacts box={box} bounds={bounds} />
      <h3>{timed("Timeline")}</h3>
      {events.length === 0 ? <NoEvents past={bounds !== null} /> : null}
      {events.length === 0 ? null : <TimelineDrawing events={events} conflicting={conflicting} />}
      {events.length === 0 ? null : <EventTable terminal={terminal} events={events} conflicting={conflicting} />}
      {conflicts.length === 0 ? null : <h3>Conflicts</h3>}
      <ConflictList terminal={terminal} conflicts={conflicts} linkTo={null} changed={changed} />
      <Treatments terminal={terminal} container={box.detail.id} treatments={box.treatments} />
    </>
  );
}

function NoEvents({ past }: { past: boolean }) {
  return past ? (
    <Empty title="Nothing happened to it in this span">Choose a longer one, or Live for all that is known.</Empty>
  ) : (
    <Empty title="Nothing has happened to it here">Crane moves, gate passages, vehicle trips and reefer plugs that name it appear here.</Empty>
  );
}
