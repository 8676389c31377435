/** What a value is made of, or why that cannot be shown. */

import type { ComponentChildren } from "preact";
import { reading } from "../shared/format/kpis.ts";
import { fixed } from "../shared/format/numbers.ts";
import { moment } from "../shared/format/times.ts";
import { useSession } from "../shared/live/context.ts";
import { Empty, Failed, Loading } from "../shared/notice/notice.tsx";
import { type ExplainRoute, explainRoute, kpiLink } from "../shared/routing/links.ts";
import { Calls, Counted, countsMoves, Delays, Excursions, Levels, NotCountedMoves, Visits } from "./lists.tsx";
import { Devices, Quarters } from "./energy-lists.tsx";
import { Appointments } from "./appointment-list.tsx";
import { Others } from "./other-facts.tsx";
import { Stays } from "./stay-list.tsx";
import { Charges, Trips } from "./vehicle-lists.tsx";
import { type Explanation, stateText, type Term } from "./explanation.ts";
import type { Answer } from "./panel.tsx";

const BAD_REQUEST = 400;
const NOT_FOUND = 404;

/** @param answer null while it is read. */
export function Body({ route, answer, retry }: { route: ExplainRoute; answer: Answer | null; retry: () => void }) {
  if (answer === null) return <Loading what="what it is made of" />;
  const { result, early } = answer;
  if (!result.ok) return <Refused route={route} status={result.status} message={result.message} retry={retry} />;
  return (
    <>
      {early ? (
        <p class="state-words" role="status">
          {`${moment(route.at)} has not come yet: this is the value now.`}
        </p>
      ) : null}
      <Parts route={route} found={result.value} />
    </>
  );
}

function Refused({ route, status, message, retry }: { route: ExplainRoute; status: number; message: string; retry: () => void }) {
  const info = useSession().catalogue.value.get(route.kpi);
  return (
    <>
      {status === NOT_FOUND && info !== undefined ? (
        <Empty title="No list of facts for this one">{message}</Empty>
      ) : status === BAD_REQUEST ? (
        <Empty title="There is no such value">{message}</Empty>
      ) : (
        <Failed title="This value cannot be explained now" message={message} retry={retry} />
      )}
      {route.at === null ? null : (
        <p class="links">
          <a href={explainRoute.link({ ...route, at: null })}>As it is now</a>
        </p>
      )}
      {info === undefined ? null : (
        <div>
          <p class="definition">{info.description}</p>
          <Section title="Formula">
            <p class="formula">{info.formula}</p>
          </Section>
          <Section title="Source">
            <p>{info.source}</p>
          </Section>
        </div>
      )}
    </>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <>
      <h3>{title}</h3>
      {children}
    </>
  );
}

function Parts({ route, found }: { route: ExplainRoute; found: Explanation }) {
  const window = found.window || route.window;
  const state = stateText(found.state);
  return (
    <>
      <Value found={found} />
      {found.definition === "" ? null : <p class="definition">{found.definition}</p>}
      <Section title="Formula">
        <p class="formula">{found.formula}</p>
        {found.filled === "" ? null : <p class="filled">{found.filled}</p>}
        {found.terms.length === 0 ? null : <Terms terms={found.terms} />}
      </Section>
      {state === "" ? null : <p class="state-words">{state}</p>}
      {countsMoves(found) ? <Counted moves={found.counted} leftOff={found.leftOff} /> : null}
      <NotCountedMoves moves={found.notCounted} />
      <Delays title="Time excluded" delays={found.excluded} />
      <Delays title="Delays counted" delays={found.stops} />
      <Visits visits={found.visits} />
      <Appointments appointments={found.appointments} />
      <Stays terminal={route.terminal} stays={found.stays} />
      <Excursions excursions={found.excursions} />
      <Levels levels={found.levels} />
      <Calls calls={found.calls} />
      <Trips trips={found.trips} />
      <Charges charges={found.charges} />
      <Quarters quarters={found.quarters} />
      <Devices devices={found.energy} />
      <Others others={found.others} />
      <Section title="Source of the definition">
        <p>{found.source}</p>
      </Section>
      <p class="links">
        <a href={explainRoute.link({ ...route, window, at: found.endMs })}>Link to exactly this value</a>
        {" · "}
        <a href={kpiLink(route.terminal, route.kpi, route.subject ?? route.terminal, window)}>As it is now</a>
      </p>
    </>
  );
}

function Value({ found }: { found: Explanation }) {
  const [value, unit] = reading(found.value, found.unit);
  return (
    <p class="explained-value">
      <b>{value}</b>
      {` ${unit} `}
      {found.state === null ? null : (
        <span class="badge" data-state={found.state} title={stateText(found.state)}>
          {found.state === "final" ? "✓ final" : "◐ provisional"}
        </span>
      )}
    </p>
  );
}

function Terms({ terms }: { terms: readonly Term[] }) {
  return (
    <dl class="terms">
      {terms.map((one) => (
        <div key={one.name} data-term={one.name}>
          <dt>{one.label}</dt>
          <dd>
            <b>{termText(one)}</b>
            {one.unit === "" || one.name === "window_end_s" ? null : ` ${one.unit}`}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** As many decimals as a person needs to do the sum again. */
function termText({ name, value }: Term): string {
  if (name === "window_end_s") return moment(value === null ? null : value * 1000);
  return value === null ? fixed(null) : fixed(value, Number.isInteger(value) ? 0 : 3);
}
