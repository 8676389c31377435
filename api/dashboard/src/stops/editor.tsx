/** The form in which a person enters why a crane is delayed. */

import { useEffect, useRef, useState } from "preact/hooks";
import { moment } from "../shared/format/times.ts";
import { spaced } from "../shared/model/move.ts";
import { StatedSoFar, type Statement, StatementForm } from "../shared/person/statement-form.tsx";
import { byParty, type Cause, type Delay, type Edit } from "./delay.ts";
import { editsOf, enterCause } from "./requests.ts";

const PARTIES: Record<string, string> = { terminal: "Terminal", vessel: "Vessel and line", nobody: "Nobody" };

interface Properties {
  delay: Delay;
  causes: readonly Cause[];
  /** What is missing, by the one who opened the form; "": nothing. */
  problem: string;
  saved: (delay: Delay) => void;
  close: () => void;
}

export function StopEditor({ delay, causes, problem, saved, close }: Properties) {
  const cause = useRef<HTMLSelectElement>(null);
  const send = async ({ by, remark }: Statement) => {
    const result = await enterCause(delay, cause.current!.value, by, remark);
    if (result.ok) saved(result.value);
    return result;
  };
  return (
    <StatementForm
      label={`Cause of the delay of ${delay.device}`}
      choice={
        <label>
          <span>Cause</span>
          <select ref={cause}>
            {byParty(causes).map(([party, some]) => (
              <Group key={party} party={party} causes={some} delay={delay} />
            ))}
          </select>
        </label>
      }
      remark={{ word: "Remark", written: delay.remark, example: "optional" }}
      deeds={[{ word: "Save", send }]}
      problem={problem}
      close={close}
    >
      <Edits delay={delay} />
    </StatementForm>
  );
}

function Group({ party, causes, delay }: { party: string; causes: readonly Cause[]; delay: Delay }) {
  // The cause is that of the time when the form was opened: a later one does not replace what a person chooses.
  const [opened] = useState(delay);
  return (
    <optgroup label={PARTIES[party] ?? party}>
      {causes.map((one) => (
        <option key={one.id} value={one.id} selected={one.id === opened.cause}>
          {optionText(one, opened)}
        </option>
      ))}
    </optgroup>
  );
}

function optionText(cause: Cause, delay: Delay): string {
  const found = cause.id === delay.foundCause ? ` (found by ${delay.foundBy})` : "";
  return `${spaced(cause.id)}${found}: ${cause.text}${cause.deduct ? "" : ", stays in net hours"}`;
}

function Edits({ delay }: { delay: Delay }) {
  const [edits, setEdits] = useState<readonly Edit[]>([]);
  useEffect(() => {
    if (delay.editedBy === null) return;
    void editsOf(delay).then((result) => {
      if (result.ok) setEdits(result.value);
    });
  }, []);
  return <StatedSoFar lines={edits.map(editText)} />;
}

function editText(edit: Edit): string {
  const remark = edit.remark === null ? "" : ` – ${edit.remark}`;
  return `${moment(edit.at)}, ${edit.by}: ${spaced(edit.cause)}${remark}`;
}
