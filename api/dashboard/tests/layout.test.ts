import assert from "node:assert/strict";
import test from "node:test";

import { widen } from "../src/shared/drawing/extent.ts";
import { layout, scale, spread } from "../src/terminal/quay/layout.ts";

test("cranes that stand too close are pushed apart, in their order, inside the quay", () => {
  assert.deepEqual(spread([10, 12, 90], { low: 0, high: 100 }, 20), [10, 30, 90]);
  assert.deepEqual(spread([95, 99], { low: 0, high: 100 }, 20), [80, 100]);
});

test("more cranes than fit share the quay evenly", () => {
  assert.deepEqual(spread([50, 50, 50], { low: 0, high: 100 }, 80), [0, 50, 100]);
});

test("a position outside the span stays on the drawing", () => {
  assert.equal(scale(-5, { low: 0, high: 10 }, { low: 100, high: 200 }), 100);
  assert.equal(scale(5, { low: 0, high: 10 }, { low: 100, high: 200 }), 150);
});

test("a span grows to its least length and never shrinks", () => {
  assert.deepEqual(widen(null, [40, 60], 100), { low: 0, high: 100 });
  assert.deepEqual(widen({ low: 0, high: 100 }, [40], 10), { low: 0, high: 100 });
  assert.equal(widen(null, [], 10), null);
});

test("a phone's drawing is as tall as its content, wider than the phone where cranes need it", () => {
  const phone = layout(360, 300, 6, 15);
  assert.ok(phone.width > 360);
  assert.ok(phone.columns * phone.blockPitch <= 360);
  assert.ok(phone.height >= phone.yardY + 2 * phone.rowHeight);
});

test("narrow blocks have their rate below their id, and room for it", () => {
  const [phone, desk] = [layout(348, 260, 2, 4), layout(700, 420, 2, 4)];
  assert.equal(phone.blockLines, 2);
  assert.equal(desk.blockLines, 1);
  assert.ok(phone.rowHeight >= 82);
  assert.ok(phone.height >= phone.yardY + phone.rowHeight);
});
