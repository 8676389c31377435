/** The form in which a person acknowledges an alarm, shelves it, takes it off the shelf, or comments; and what was done so far. */

import { useEffect, useRef, useState } from "preact/hooks";
import { moment } from "../shared/format/times.ts";
import { useSession } from "../shared/live/context.ts";
import { type Deed as Button, StatedSoFar, StatementForm } from "../shared/person/statement-form.tsx";
import type { Act, Alarm } from "./alarm.ts";
import { act, actsOf, type Deed } from "./requests.ts";

const HOUR_MS = 3_600_000;
const SHELVES: readonly [hours: number, word: string][] = [
  [1, "1 hour"],
  [8, "8 hours"],
  [24, "1 day"],
  [168, "7 days"],
];
const DONE: Readonly<Record<string, string>> = { acknowledge: "acknowledged", shelve: "shelved", unshelve: "took off the shelf", comment: "commented" };

interface Properties {
  alarm: Alarm;
  /** What is missing, by the one who opened the form; "": nothing. */
  problem: string;
  saved: (alarm: Alarm) => void;
  close: () => void;
}

export function AlarmEditor({ alarm, problem, saved, close }: Properties) {
  const session = useSession();
  const hours = useRef<HTMLSelectElement>(null);
  const deed = (word: string, kind: Deed): Button => ({
    word,
    remarkNeeded: kind === "comment",
    send: async ({ by, remark }) => {
      const untilMs = kind === "shelve" ? session.exactNowMs + Number(hours.current!.value) * HOUR_MS : null;
      const result = await act(alarm, kind, by, remark, untilMs);
      if (result.ok) saved(result.value);
      return result;
    },
  });
  const [shelved, acknowledged] = [alarm.shelvedUntil !== null, alarm.acknowledgedAt !== null];
  const comment = deed("Comment", "comment");
  const shelve = shelved ? deed("Take off the shelf", "unshelve") : deed("Shelve", "shelve");
  return (
    <StatementForm
      label={`What to do about ${alarm.subject}`}
      remark={{ word: "Remark" }}
      choice={shelved ? null : <ShelfChoice hours={hours} />}
      deeds={acknowledged ? [comment, shelve] : [deed("Acknowledge", "acknowledge"), comment, shelve]}
      problem={problem}
      close={close}
    >
      <Acts alarm={alarm} />
    </StatementForm>
  );
}

function ShelfChoice({ hours }: { hours: { current: HTMLSelectElement | null } }) {
  return (
    <label class="short">
      <span>To shelve for</span>
      <select ref={hours}>
        {SHELVES.map(([count, word]) => (
          <option key={count} value={count}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

function Acts({ alarm }: { alarm: Alarm }) {
  const [acts, setActs] = useState<readonly Act[]>([]);
  useEffect(() => {
    void actsOf(alarm).then((result) => {
      if (result.ok) setActs(result.value);
    });
  }, [alarm.id]);
  return <StatedSoFar lines={acts.map(actText)} />;
}

function actText(one: Act): string {
  const until = one.until === null ? "" : ` until ${moment(one.until)}`;
  const remark = one.remark === null ? "" : ` – ${one.remark}`;
  return `${moment(one.at)}, ${one.by}: ${DONE[one.act] ?? one.act}${until}${remark}`;
}
