/** Counts of all devices together, and how many samples are stored a second. */

import { useRef } from "preact/hooks";
import { count } from "../../shared/format/numbers.ts";
import { useSession, useTerminalData } from "../../shared/live/context.ts";
import type { Device } from "../../shared/model/device.ts";
import { StoredRate } from "./stored-rate.ts";

const SUMS: [name: string, read: (device: Device) => number][] = [
  ["stored", (one) => one.stored],
  ["duplicates", (one) => one.duplicate],
  ["late", (one) => one.late],
  ["out of range", (one) => one.outOfRange],
  ["unknown keys", (one) => one.unknownKeys],
];

export function Counters() {
  const data = useTerminalData();
  const session = useSession();
  const rate = useRef({ data, stored: new StoredRate() });
  if (rate.current.data !== data) rate.current = { data, stored: new StoredRate() };
  const devices = [...data.devices.values()];
  const sums = SUMS.map(([name, read]): [string, number] => [name, devices.reduce((sum, one) => sum + read(one), 0)]);
  const online = (state: boolean | null): number => devices.filter((one) => one.online === state).length;
  const values: [name: string, value: number | null][] = [
    ["online", online(true)],
    ["offline", online(false)],
    ["no status", online(null)],
    ["samples/s", rate.current.stored.update(sums[0]![1], devices.length, session.exactNowMs)],
    ...sums,
    ["quarantined", data.quarantineTotal],
  ];
  return (
    <dl class="counters">
      {values.map(([name, value]) => (
        <div key={name} data-counter={name} data-some={String(value !== null && value > 0)}>
          <dt>{name}</dt>
          <dd>{count(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
