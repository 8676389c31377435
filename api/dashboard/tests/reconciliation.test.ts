import assert from "node:assert/strict";
import test from "node:test";

import { readReconciliation as reconciliation } from "../src/reconciliation/reconciliation.ts";
import { signed } from "../src/shared/format/numbers.ts";

test("differences carry their sign, and none is told as such", () => {
  assert.deepEqual([signed(3), signed(-2), signed(0), signed(0.5, 1), signed(null)], ["+3", "−2", "±0", "+0.5", "–"]);
});

test("a comparison keeps counts and lists; what cannot be read is left out", () => {
  const box = { device: "sts1", locked_at: "2026-11-23T06:00:00.000Z", unlocked_at: "2026-11-23T06:01:00.000Z", kind: "load", container_id: null, inferred: true };
  const found = reconciliation({
    detected_boxes: 10,
    tos_boxes: 11,
    difference: -1,
    only_found: [box, {}],
    only_tos: [{ line: 7, kind: "load", check_ok: false }, { kind: "load" }],
    differing: [{ found: box, line: { line: 3, kind: "discharge" }, differs: ["kind"] }, { found: box }],
  });
  assert.deepEqual([found.detected, found.listed, found.difference, found.equal], [10, 11, -1, false]);
  assert.deepEqual([found.onlyFound.length, found.onlyListed.length, found.differing.length], [1, 1, 1]);
  assert.deepEqual([found.onlyListed[0]?.checkOk, found.differing[0]?.differs], [false, ["kind"]]);
});
