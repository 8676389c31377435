import assert from "node:assert/strict";
import test from "node:test";

import { type Cycle, cycleAt as at, cycleS, extent, phaseS, readCycle as cycle, waitedS } from "../src/crane/cycle.ts";
import { around } from "../src/crane/reads.ts";
import { confidenceText as doubt, moveTitle as words } from "../src/shared/model/move.ts";

const MOVE = {
  device: "sts1",
  began_at: "2026-11-23T06:00:00.000Z",
  locked_at: "2026-11-23T06:00:40.000Z",
  lifted_at: "2026-11-23T06:00:48.500Z",
  landed_at: "2026-11-23T06:01:30.000Z",
  unlocked_at: "2026-11-23T06:01:44.000Z",
  kind: "discharge",
  boxes: 2,
  twin: true,
  inferred: false,
  confidence: 1,
  waited_empty_s: 3,
  waited_laden_s: null,
};

function made(changes: object = {}): Cycle {
  const found = cycle({ move: { ...MOVE, ...changes } });
  assert.ok(found !== null);
  return found;
}

test("phases lie between the times of the move", () => {
  const one = made();
  assert.deepEqual(
    (["empty_travel", "pick", "laden_travel", "set_down"] as const).map((name) => phaseS(one, name)),
    [40, 8.5, 41.5, 14],
  );
  assert.equal(cycleS(one), 104);
  assert.equal(waitedS(one.move), 3);
});

test("a cycle whose beginning nobody knows has no empty travel and no length", () => {
  const one = made({ began_at: null });
  assert.equal(phaseS(one, "empty_travel"), null);
  assert.equal(cycleS(one), null);
  assert.equal(one.beginMs, Date.parse(MOVE.locked_at));
});

test("phases that the server sends count, and what is no phase is left out", () => {
  const known = { phase: "pick", begin: MOVE.locked_at, end: MOVE.landed_at };
  const one = cycle({ move: MOVE, phases: [known, { phase: "dance", begin: MOVE.locked_at, end: MOVE.landed_at }] });
  assert.deepEqual(one?.phases.map((phase) => phase.phase), ["pick"]);
  assert.equal(cycle({ move: { device: "sts1" } }), null);
});

test("a move is named with its boxes, and its doubt is told", () => {
  assert.equal(words(made().move), "discharge, 2 boxes (twin)");
  assert.equal(words(made({ kind: "hatch_cover", boxes: 0, twin: false }).move), "hatch cover");
  assert.equal(doubt(made().move), "");
  assert.equal(doubt(made({ inferred: true, confidence: 0.82 }).move), "* 82 %");
  assert.equal(doubt(made({ confidence: 0.9 }).move), "90 %");
});

test("a time finds its cycle and phase; of overlapping cycles the one that began last", () => {
  const first = made();
  const second = made({ began_at: "2026-11-23T06:01:00.000Z", locked_at: "2026-11-23T06:01:20.000Z", unlocked_at: "2026-11-23T06:03:00.000Z" });
  const found = at([first, second], Date.parse("2026-11-23T06:00:45.000Z"));
  assert.deepEqual([found?.cycle === first, found?.phase?.phase], [true, "pick"]);
  assert.equal(at([first, second], Date.parse("2026-11-23T06:01:10.000Z"))?.cycle, second);
  assert.equal(at([first], Date.parse("2026-11-23T07:00:00.000Z")), null);
});

test("what is shown has a margin on both sides", () => {
  assert.equal(extent([]), null);
  assert.deepEqual(extent([{ beginMs: 0, endMs: 200_000 }]), { beginMs: -2_000, endMs: 202_000 });
});

test("a cycle of a link stands among its neighbours", () => {
  const cycles = Array.from({ length: 30 }, (_, index) => made({ locked_at: new Date(index * 1_000).toISOString() }));
  const shown = around(cycles, 20_000, 10).map((one) => one.move.lockedAt / 1_000);
  assert.deepEqual(shown, [15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
  assert.deepEqual(around(cycles, 29_000, 10).map((one) => one.move.lockedAt / 1_000)[0], 20);
  assert.equal(around(cycles, 77, 10).length, 10);
  assert.equal(around(cycles.slice(0, 3), 1_000, 10).length, 3);
});
