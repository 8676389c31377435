/** Edits of delays whose begin late samples have changed: they are kept, and to be entered for the right delay. */

import { moment } from "../shared/format/times.ts";
import { spaced } from "../shared/model/move.ts";
import type { LostEdit } from "./delay.ts";

export function LostEdits({ edits }: { edits: readonly LostEdit[] }) {
  return (
    <ul class="lost-edits" aria-label="Causes stated for delays that are there no more">
      {edits.map((one) => (
        <li>{sentence(one)}</li>
      ))}
    </ul>
  );
}

function sentence(edit: LostEdit): string {
  const remark = edit.remark === null ? "" : ` (${edit.remark})`;
  return `⚠ ${edit.by} stated "${spaced(edit.cause)}"${remark} for a delay of ${edit.device} at ${moment(edit.beganAt)} that is there no more: state it for the right one.`;
}
