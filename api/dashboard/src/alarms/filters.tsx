/** Which alarms are listed. */

import type { Alarm } from "./alarm.ts";
import { standing } from "./alarm.ts";
import { type AlarmsRoute, alarmsRoute } from "./route.ts";

interface Filter {
  word: string;
  shows: (alarm: Alarm) => boolean;
}

const FILTERS: Readonly<Record<string, Filter>> = {
  all: { word: "all", shows: () => true },
  active: { word: "active", shows: (alarm) => alarm.clearedAt === null && alarm.shelvedUntil === null },
  open: { word: "not acknowledged", shows: (alarm) => alarm.acknowledgedAt === null && alarm.shelvedUntil === null },
  shelved: { word: "shelved", shows: (alarm) => standing(alarm) === "shelved" },
};
const ALL = "all";

export function filtered(alarms: readonly Alarm[], state: string | null): Alarm[] {
  return alarms.filter((FILTERS[state ?? ALL] ?? FILTERS[ALL]!).shows);
}

export function StateFilter({ route, alarms }: { route: AlarmsRoute; alarms: readonly Alarm[] }) {
  return (
    <nav class="choice" aria-label="Which alarms">
      {Object.entries(FILTERS).map(([id, { word }]) => (
        <a key={id} class="chip" href={alarmsRoute.link({ ...route, state: id === ALL ? null : id })} aria-current={(route.state ?? ALL) === id ? "true" : undefined}>
          {word} <span class="note">{filtered(alarms, id).length}</span>
        </a>
      ))}
    </nav>
  );
}
