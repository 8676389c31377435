import assert from "node:assert/strict";
import test from "node:test";

import type { Cycle } from "../src/crane/cycle.ts";
import { indexAt, readTrace as trace, runs, stepFor, valueAt } from "../src/crane/signals/trace.ts";
import { waits } from "../src/crane/signals/waits.ts";

const TRACE = trace({ time: [0, 500, 1_000, 1_500], signals: { landed: [null, 1, 1, 0], load_t: [null, 1.5, "x", 2], twistlock_locked: [true, false, true, true] } });

test("values stand until the next one, and nothing is known before the first", () => {
  assert.equal(indexAt(TRACE.times, -1), -1);
  assert.equal(indexAt(TRACE.times, 999), 1);
  assert.equal(valueAt(TRACE, "load_t", 600), 1.5);
  assert.equal(valueAt(TRACE, "load_t", -5), null);
  assert.equal(valueAt(TRACE, "load_t", 1_000), null);
  assert.equal(valueAt(TRACE, "never_sent", 600), null);
});

test("a signal that is on or off has runs", () => {
  assert.deepEqual(runs(TRACE, "landed"), [{ beginMs: 500, endMs: 1_500 }]);
  assert.deepEqual(runs(TRACE, "twistlock_locked"), [{ beginMs: 0, endMs: 500 }, { beginMs: 1_000, endMs: 1_500 }]);
  assert.deepEqual(runs(TRACE, "never_sent"), []);
});

test("one cycle is read with every sample, many with steps that a screen can show", () => {
  assert.equal(stepFor({ beginMs: 0, endMs: 150_000 }), 0);
  assert.equal(stepFor({ beginMs: 0, endMs: 1_500_000 }), 500);
  assert.equal(stepFor({ beginMs: 0, endMs: 6 * 3_600_000 }), 5_000);
});

test("a wait is hoist and trolley standing still in the air, on the way", () => {
  const times = Array.from({ length: 21 }, (_, index) => index * 1_000);
  const still = (index: number): boolean => index >= 5 && index <= 12;
  const travelled = times.map((_, index) => (still(index) ? 5 : index <= 5 ? index : index - 7));
  const made = (landed: number) => trace({ time: times, signals: { hoist_height_m: times.map(() => 20), trolley_position_m: travelled, landed: times.map(() => landed) } });
  const cycle = { phases: [{ phase: "laden_travel", beginMs: 0, endMs: 20_000 }] } as unknown as Cycle;
  assert.deepEqual(waits(made(0), [cycle]), [{ beginMs: 5_000, endMs: 12_000 }]);
  assert.deepEqual(waits(made(1), [cycle]), []);
});
