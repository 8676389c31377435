/** The form in which a person states what was found out about a conflict. */

import { spaced } from "../../shared/model/move.ts";
import { StatementForm } from "../../shared/person/statement-form.tsx";
import { resolve } from "../requests.ts";
import type { Conflict } from "./conflict.ts";

interface Properties {
  terminal: string;
  conflict: Conflict;
  saved: () => void;
  close: () => void;
}

export function ResolutionForm({ terminal, conflict, saved, close }: Properties) {
  const save = {
    word: "Save",
    send: async ({ by, remark }: { by: string; remark: string }) => {
      const result = await resolve(terminal, conflict, by, remark);
      if (result.ok) saved();
      return result;
    },
  };
  return (
    <StatementForm
      label={`What was found about ${spaced(conflict.kind)}`}
      remark={{ word: "What was found", written: conflict.remark, example: "two boxes with one number" }}
      deeds={[save]}
      close={close}
    />
  );
}
