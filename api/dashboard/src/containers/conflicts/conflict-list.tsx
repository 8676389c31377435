/** Conflicts with their evidence and what somebody found out, each with the form to state it. */

import { useRef, useState } from "preact/hooks";
import { moment } from "../../shared/format/times.ts";
import { spaced } from "../../shared/model/move.ts";
import { type Conflict, conflictKey, meaning } from "./conflict.ts";
import { ResolutionForm } from "./resolution-form.tsx";

interface Properties {
  terminal: string;
  conflicts: readonly Conflict[];
  /** Link to the container; null: it is the one that is shown. */
  linkTo: ((container: string) => string) | null;
  changed: () => void;
}

export function ConflictList({ terminal, conflicts, linkTo, changed }: Properties) {
  return (
    <ul class="conflicts">
      {conflicts.map((one) => (
        <Row key={conflictKey(one)} terminal={terminal} conflict={one} linkTo={linkTo} changed={changed} />
      ))}
    </ul>
  );
}

function Row({ terminal, conflict, linkTo, changed }: Omit<Properties, "conflicts"> & { conflict: Conflict }) {
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const { container, kind, time, detail, resolvedBy } = conflict;
  return (
    <li class="conflict" data-open={String(resolvedBy === null)}>
      <div class="conflict-head">
        {linkTo === null ? null : <a href={linkTo(container)}>{container}</a>}
        <b>{`⚠ ${spaced(kind)}`}</b>
        <span>{moment(time)}</span>
        <button type="button" ref={opener} hidden={open} onClick={() => setOpen(true)} aria-label={`State what was found about ${spaced(kind)} of ${container}`}>
          {resolvedBy === null ? "Resolve" : "Change"}
        </button>
      </div>
      <p class="note">{meaning(kind)}</p>
      <p class="evidence">{spaced(detail)}</p>
      <Resolution conflict={conflict} />
      {open ? (
        <ResolutionForm
          terminal={terminal}
          conflict={conflict}
          close={close}
          saved={() => {
            close();
            changed();
          }}
        />
      ) : null}
    </li>
  );
}

function Resolution({ conflict: { resolvedBy, resolvedAt, remark } }: { conflict: Conflict }) {
  if (resolvedBy === null) return null;
  return (
    <p class="resolution">
      {`✓ ${resolvedBy}, ${moment(resolvedAt)}`}
      {remark === null ? "" : `: ${remark}`}
    </p>
  );
}
