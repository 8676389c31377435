/** Which delays are listed: of all cranes, or of one. */

import { useTerminalData } from "../shared/live/context.ts";
import { type StopsRoute, stopsRoute } from "./route.ts";

const ALL = "";

export function CraneFilter({ route }: { route: StopsRoute }) {
  const ids = useTerminalData().ids("crane");
  const choose = (id: string): void => {
    location.hash = stopsRoute.link({ ...route, device: id === ALL ? null : id });
  };
  return (
    <select aria-label="Crane" value={route.device ?? ALL} onChange={(event) => choose(event.currentTarget.value)}>
      <option value={ALL}>all cranes</option>
      {ids.map((id) => (
        <option key={id} value={id} selected={id === route.device}>
          {id}
        </option>
      ))}
    </select>
  );
}
