/** What stands where cycles should be, or where their raw signals should. */

import { Empty, Failed, Loading } from "../shared/notice/notice.tsx";
import { drawable } from "./chart/cycle-chart.tsx";
import type { CycleBrowser } from "./cycle-browser.ts";

export function CycleNotice({ browser, device }: { browser: CycleBrowser; device: string }) {
  const status = browser.status.value;
  if (status === "reading") return <Loading what="cycles" />;
  if (status !== "read") return <Failed title={`The cycles of ${device} cannot be read`} message={status.failure} retry={() => void browser.read()} />;
  if (browser.cycles.value.length > 0) return <TraceNotice browser={browser} />;
  return (
    <Empty title={`${device} has no ${browser.before.value === null ? "cycles yet" : "earlier cycles"}`}>
      A cycle is lock, lift, land, unlock: it appears here seconds after the unlock. See Data health for what this crane sends.
    </Empty>
  );
}

function TraceNotice({ browser }: { browser: CycleBrowser }) {
  const status = browser.traceStatus.value;
  const span = browser.span.value;
  if (status === "reading" || span === null) return null;
  if (status !== "read") return <Failed title="The raw signals cannot be read" message={status.failure} retry={() => void browser.readTrace(span)} />;
  if (drawable(browser.trace.value)) return null;
  return <Empty title="No raw samples of this span">They may be older than the samples that are kept; the phases below remain.</Empty>;
}
