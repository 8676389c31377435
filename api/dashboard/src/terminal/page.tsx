/** The first page: one terminal as it is now. */

import { useSession, useTerminalData } from "../shared/live/context.ts";
import { Loading } from "../shared/notice/notice.tsx";
import { VehiclePanel } from "../shared/vehicles/vehicles.tsx";
import { Charts } from "./charts/charts.tsx";
import { Gate } from "./gate/gate.tsx";
import { Health } from "./health/health.tsx";
import { Moves } from "./moves/moves.tsx";
import { QuayPanel } from "./quay/quay-panel.tsx";
import { Reefers } from "./reefers/reefers.tsx";
import { Tiles } from "./tiles/tiles.tsx";

export function TerminalPage() {
  const session = useSession();
  const data = useTerminalData();
  const terminal = session.terminal.value;
  if (!data.known && !session.none) return <Loading what={terminal === "" ? "terminals" : `terminal ${terminal}`} />;
  return (
    <>
      <Tiles />
      <QuayPanel />
      <Gate />
      <Reefers />
      <VehiclePanel />
      <Charts />
      <Moves />
      <Health />
    </>
  );
}
