import assert from "node:assert/strict";
import test from "node:test";

import { reach } from "../src/terminal/charts/scales.ts";

test("one crane far off leaves the scale, and the note has how far it goes", () => {
  assert.deepEqual(reach([[30, 32, 28], [25, null, 31], [228, 230, 231]], 60), { top: 32, beyond: [[2, 231]] });
});

test("a spike leaves the scale, the rest of its line does not", () => {
  assert.deepEqual(reach([[200, 40, 35, 33], [0, 30, 30, 30]], 60), { top: 40, beyond: [[0, 200]] });
});

test("what a crane may well do is always drawn, however slow the others are", () => {
  assert.deepEqual(reach([[5, 6], [58, 59]], 60), { top: 59, beyond: [] });
});

test("where all are fast, fast is usual", () => {
  assert.deepEqual(reach([[80, 90], [120, 130]], 60), { top: 130, beyond: [] });
});

test("lines without values need no scale", () => {
  assert.deepEqual(reach([[null, 0], []], 60), { top: null, beyond: [] });
});

test("a little more than is usual flattens nothing", () => {
  assert.deepEqual(reach([[20, 22], [25, 55], [38, 64]], 60), { top: 64, beyond: [] });
});
