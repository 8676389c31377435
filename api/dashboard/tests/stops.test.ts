import assert from "node:assert/strict";
import test from "node:test";

import { type Call, plannedBoxes, progress, readCall as call, stage } from "../src/calls/call.ts";
import { byParty, delayKey as keyOf, lengthMs, readCause as cause, readDelay as stop, standing } from "../src/stops/delay.ts";

const BEGAN = "2026-11-23T06:00:00.250Z";
const NOW = Date.parse("2026-11-23T07:00:00.250Z");

function stopped(changes: object = {}) {
  const found = stop({ terminal: "demo", device: "sts1", began_at: BEGAN, ended_at: null, cause: "wind", found_cause: "wind", party: "nobody", deduct: true, ...changes });
  assert.ok(found !== null);
  return found;
}

test("a cause is found, confirmed, or stated by somebody", () => {
  assert.equal(standing(stopped()), "found");
  assert.equal(standing(stopped({ edited_by: "Ana" })), "confirmed");
  assert.equal(standing(stopped({ edited_by: "Ana", cause: "meal" })), "stated");
});

test("a stop that lasts is as long as it has lasted; its name is the server's", () => {
  assert.equal(lengthMs(stopped(), NOW), 3_600_000);
  assert.equal(lengthMs(stopped({ ended_at: "2026-11-23T06:10:00.250Z" }), NOW), 600_000);
  assert.equal(keyOf(stopped()), `sts1/${BEGAN}`);
  assert.equal(stop({ device: "sts1", cause: "wind", began_at: "soon" }), null);
});

test("causes are grouped by who answers for them, in their order", () => {
  const causes = [{ id: "a", party: "terminal" }, { id: "b", party: "nobody" }, { id: "c", party: "terminal" }].map((one) => cause(one)!);
  assert.deepEqual(byParty(causes).map(([party, some]) => [party, some.map((one) => one.id)]), [["terminal", ["a", "c"]], ["nobody", ["b"]]]);
});

function called(changes: object = {}): Call {
  const found = call({ terminal: "demo", call_id: "v1", planned: { discharge: 100, load: 60 }, assignments: [{ crane: "sts1", from: BEGAN, until: null }], ...changes });
  assert.ok(found !== null);
  return found;
}

test("a call is expected, alongside, or has left", () => {
  assert.equal(stage(called(), NOW), "alongside");
  assert.equal(stage(called({ first_line_at: "2026-11-23T09:00:00.000Z" }), NOW), "expected");
  assert.equal(stage(called({ last_line_at: BEGAN }), NOW), "left");
  assert.equal(stage(called({ assignments: [] }), NOW), "expected");
});

test("progress needs a plan, and more than planned fills the bar and no more", () => {
  assert.equal(plannedBoxes(called()), 160);
  assert.equal(plannedBoxes(called({ planned: null })), null);
  assert.deepEqual(progress(40, 160), { done: 40, planned: 160, share: 0.25 });
  assert.equal(progress(200, 160)?.share, 1);
  assert.equal(progress(null, 160), null);
  assert.equal(progress(3, 0), null);
});
