/** Alarms in the order in which they need somebody, and which of them a filter shows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inOrder, readAlarm, standing } from "../src/alarms/alarm.ts";

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
