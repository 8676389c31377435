/** Alarms in the order in which they need somebody, and which of them a filter shows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inOrder, readAlarm, standing } from "../src/alarms/alarm.ts";
import { alarmLink } from "../src/alarms/link.ts";

const AT = "2026-11-29T17:00:00.000Z";

function alarm(id: string, more: object = {}) {
  return readAlarm({ id, alarm: "gate_queue", subject: "in1", severity: "medium", raised_at: AT, cleared_at: null, acknowledged_at: null, shelved_until: null, members: ["in1"], ...more })!;
}

test("what needs somebody comes first: active and not acknowledged, the most severe of them", () => {
  const shelved = alarm("shelved", { severity: "critical", shelved_until: AT });
  const over = alarm("over", { cleared_at: AT, acknowledged_at: AT });
  const cleared = alarm("cleared", { cleared_at: AT });
  const acknowledged = alarm("acknowledged", { acknowledged_at: AT });
  const severe = alarm("severe", { severity: "critical" });
  const later = alarm("later", { raised_at: "2026-11-29T17:00:01.000Z" });
  const all = [shelved, over, cleared, acknowledged, alarm("plain"), later, severe];
  assert.deepEqual(
    inOrder(all).map((one) => one.id),
    ["severe", "later", "plain", "acknowledged", "cleared", "over", "shelved"],
  );
  assert.deepEqual(
    [shelved, over, cleared, acknowledged, severe].map(standing),
    ["shelved", "over", "cleared", "acknowledged", "unacknowledged"],
  );
});

test("an alarm without id or time cannot be read", () => {
  assert.equal(readAlarm({ id: "a.b.c.1" }), null);
  assert.equal(readAlarm({ raised_at: AT }), null);
});

test("an alarm leads to what it is about, live while it is active, then over the hours around it", () => {
  const of = (name: string, subject: string, more: object = {}) => decodeURIComponent(alarmLink("demo", alarm("a", { alarm: name, subject, ...more })) ?? "");
  assert.equal(of("rack_off_power", "r07"), "#/reefers/demo?rack=r07");
  assert.equal(of("reefer_excursion", "r07-01", { cleared_at: "2026-11-29T18:00:00.000Z" }), "#/reefers/demo/r07-01?from=2026-11-29T16:00:00.000Z&to=2026-11-29T19:00:00.000Z");
  assert.deepEqual(
    [of("treatment_failed", "MSKU9070323"), of("crane_fault", "sts1"), of("crane_partial_lock", "sts1"), of("battery_low", "agv01"), of("gate_queue", "in1"), of("kpi_target", "demo")],
    ["#/containers/demo/MSKU9070323", "#/stops/demo/sts1", "#/crane/demo/sts1", "#/vehicles/demo/agv01", "#/gate/demo", ""],
  );
});
