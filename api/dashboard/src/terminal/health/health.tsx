/** Data health: what was stored, what was rejected, by whom it was sent, and what to change. */

import { fixed } from "../../shared/format/numbers.ts";
import { moment } from "../../shared/format/times.ts";
import { byId } from "../../shared/format/ids.ts";
import { useSession, useTerminalData } from "../../shared/live/context.ts";
import type { Device } from "../../shared/model/device.ts";
import type { Quarantined } from "../../shared/model/quarantine.ts";
import { Counters } from "./counters.tsx";

const MOST_DEVICES = 5;

export function Health() {
  return (
    <section class="panel health-panel" aria-labelledby="health-title">
      <div class="panel-head">
        <h2 id="health-title">Data health</h2>
        <span class="note">since each device was first seen</span>
      </div>
      <div class="scroll body" id="health" tabIndex={0} role="region" aria-labelledby="health-title">
        <Checks />
        <Counters />
        <h3>Devices to look at</h3>
        <Problems />
        <h3>Last refused, and what to change</h3>
        <Rejected />
      </div>
    </section>
  );
}

function Checks() {
  return (
    <ul class="checks">
      {useTerminalData().checks.map(({ name, ok, detail }) => (
        <li key={name} data-ok={String(ok)}>
          {`${ok ? "✓" : "✕"} ${name}`}
          {ok || detail === "" ? null : <span>{` – ${detail}`}</span>}
        </li>
      ))}
    </ul>
  );
}

/** What makes a device worth a look; rejected and implausible data weigh most. */
function trouble(device: Device): number {
  const contradictory = device.contradictory.reduce((sum, one) => sum + one.count, 0);
  return (
    1000 * (device.quarantined + device.outOfRange) +
    10 * (device.unknownKeys + contradictory) +
    device.late +
    device.duplicate
  );
}

function Problems() {
  const worst = [...useTerminalData().devices.values()]
    .filter((one) => trouble(one) > 0)
    .sort((a, b) => trouble(b) - trouble(a) || byId(a.device, b.device))
    .slice(0, MOST_DEVICES);
  return (
    <ul class="problems">
      {worst.length === 0 ? <li class="empty">None: no device sent anything odd</li> : null}
      {worst.map((one) => (
        <li key={`${one.stream}/${one.device}`}>
          <b>{one.device}</b> {one.stream} <span>{problemText(one)}</span>
        </li>
      ))}
    </ul>
  );
}

function problemText(device: Device): string {
  const counts: [number, string][] = [
    [device.quarantined, "quarantined"],
    [device.outOfRange, "out of range"],
    ...device.contradictory.map(({ signals, count }): [number, string] => [count, `contradictory: ${signals}`]),
    [device.unknownKeys, "unknown keys"],
    [device.late, "late"],
    [device.duplicate, "duplicate"],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${fixed(count)} ${name}`)
    .join(" · ");
}

function Rejected() {
  const { newest } = useSession().quarantine.value;
  return (
    <ul class="reasons">
      {newest.length === 0 ? <li class="empty">Nothing refused</li> : newest.map((one) => <RejectedMessage message={one} />)}
    </ul>
  );
}

function RejectedMessage({ message }: { message: Quarantined }) {
  return (
    <li>
      <p>
        <b>{message.reason}</b> <code>{message.topic}</code>
        <time>{moment(message.receivedAt)}</time>
      </p>
      <p class="detail">{message.detail}</p>
    </li>
  );
}
