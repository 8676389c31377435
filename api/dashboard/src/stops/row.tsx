/** One delay in the list: when, how long, why, and who entered it; with its form where it is being edited. */

import { useRef, useState } from "preact/hooks";
import { flash } from "../shared/effects/flash.ts";
import { clock, duration, moment } from "../shared/format/times.ts";
import { useSession } from "../shared/live/context.ts";
import { spaced } from "../shared/model/move.ts";
import { NAME_MISSING, savedName } from "../shared/person/name.ts";
import { cycleLink } from "../shared/routing/links.ts";
import { type Cause, type Delay, lengthMs, type Standing, standing } from "./delay.ts";
import { StopEditor } from "./editor.tsx";
import { enterCause } from "./requests.ts";

const SIGNS: Record<Standing, string> = { found: "∿", confirmed: "✓", stated: "✎" };

interface Properties {
  delay: Delay;
  causes: readonly Cause[];
  /** The server took an edit. */
  saved: (delay: Delay) => void;
}

export function StopRow({ delay, causes, saved }: Properties) {
  /** What is missing, shown by the form; null: there is no form. */
  const [problem, setProblem] = useState<string | null>(null);
  const row = useRef<HTMLLIElement>(null);
  const close = (): void => {
    setProblem(null);
    row.current?.querySelector<HTMLElement>('[data-act="change"]')?.focus();
  };
  const done = (edited: Delay): void => {
    close();
    saved(edited);
    if (row.current !== null) flash(row.current);
  };
  const confirm = async (): Promise<void> => {
    if (savedName() === "") {
      setProblem(NAME_MISSING);
      return;
    }
    const result = await enterCause(delay, delay.foundCause, savedName(), "");
    if (result.ok) done(result.value);
    else setProblem(result.message);
  };
  return (
    <li class="stop" ref={row} data-standing={standing(delay)}>
      <div class="stop-facts">
        <Facts delay={delay} causes={causes} />
        <Actions delay={delay} confirm={() => void confirm()} change={() => setProblem("")} />
      </div>
      {problem === null ? null : <StopEditor delay={delay} causes={causes} problem={problem} saved={done} close={close} />}
    </li>
  );
}

function Actions({ delay, confirm, change }: { delay: Delay; confirm: () => void; change: () => void }) {
  return (
    <span class="acts">
      <button type="button" data-act="confirm" aria-label={`Confirm ${spaced(delay.cause)}`} hidden={standing(delay) !== "found"} onClick={confirm}>
        Confirm
      </button>
      <button type="button" data-act="change" aria-label={`Change the cause of this delay of ${delay.device}`} onClick={change}>
        Change
      </button>
    </span>
  );
}

function Facts({ delay, causes }: { delay: Delay; causes: readonly Cause[] }) {
  const meaning = causes.find((one) => one.id === delay.cause)?.text ?? "";
  return (
    <>
      <a class="device" href={cycleLink(delay.terminal, delay.device, null)}>
        {delay.device}
      </a>
      <span class="when" title={`${moment(delay.beganAt)}`}>{`${clock(delay.beganAt)} – ${delay.endedAt === null ? "now" : clock(delay.endedAt)}`}</span>
      <Length delay={delay} />
      <span class="cause">
        <b>{spaced(delay.cause)}</b>
        <span>{meaning}</span>
      </span>
      <span class="net">
        {delay.deduct ? "off net hours" : "in net hours"}
        {delay.deduct ? <span class="party">{` · ${delay.party}`}</span> : null}
      </span>
      <span class="who">
        <span class="sign" aria-hidden="true">
          {SIGNS[standing(delay)]}
        </span>{" "}
        {originText(delay)}
        {delay.remark === null ? null : <q>{delay.remark}</q>}
      </span>
    </>
  );
}

/** One that lasts grows each second. */
function Length({ delay }: { delay: Delay }) {
  const session = useSession();
  return <b class="length">{duration(lengthMs(delay, delay.endedAt === null ? session.nowMs : session.exactNowMs))}</b>;
}

function originText(delay: Delay): string {
  const at = delay.editedAt === null ? "" : `, ${moment(delay.editedAt)}`;
  switch (standing(delay)) {
    case "found":
      return `found by ${delay.foundBy}`;
    case "confirmed":
      return `confirmed by ${delay.editedBy}${at}`;
    case "stated":
      return `${delay.editedBy}${at}; ${delay.foundBy}: ${spaced(delay.foundCause)}`;
  }
}
