/** The first page: one terminal as it is now. */

import { VehiclePanel } from "../shared/vehicles/vehicles.tsx";
import { Charts } from "./charts/charts.tsx";
import { Gate } from "./gate/gate.tsx";
import { Health } from "./health/health.tsx";
import { Moves } from "./moves/moves.tsx";
import { QuayPanel } from "./quay/quay-panel.tsx";
import { Reefers } from "./reefers/reefers.tsx";
import { Tiles } from "./tiles/tiles.tsx";

export function TerminalPage() {
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
