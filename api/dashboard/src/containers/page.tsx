/** Containers: found by number, one of them with its timeline, and those whose events contradict each other. */

import { useSpan } from "../shared/span/use-span.ts";
import { BoxPanel } from "./box.tsx";
import { ConflictPanel } from "./conflicts/conflict-panel.tsx";
import type { ContainersRoute } from "./route.ts";
import { SearchForm, SearchPanel } from "./search.tsx";

/** Live, all that is known is shown. */
const ALL_MS = 0;

export function ContainersPage({ route }: { route: ContainersRoute }) {
  const span = useSpan(route, ALL_MS);
  if (route.container !== null) {
    return (
      <>
        <SearchForm route={route} />
        <BoxPanel route={route} container={route.container} span={span} />
      </>
    );
  }
  return (
    <>
      <SearchPanel route={route} />
      <ConflictPanel route={route} span={span} />
    </>
  );
}
