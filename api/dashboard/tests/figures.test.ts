import assert from "node:assert/strict";
import test from "node:test";

import { byId } from "../src/shared/format/ids.ts";
import { reading, windowName, windowTitle as windowWord } from "../src/shared/format/kpis.ts";
import { count, degrees, fixed } from "../src/shared/format/numbers.ts";
import { clock, duration } from "../src/shared/format/times.ts";

test("numbers have fixed decimals, and what is no number is a dash", () => {
  assert.equal(fixed(1234.56, 1), "1,234.6");
  assert.equal(fixed(-0.04, 1), "0.0");
  assert.equal(fixed(null), "–");
  assert.equal(fixed(Number.NaN), "–");
});

test("temperatures always carry their sign", () => {
  assert.equal(degrees(-18), "−18.0");
  assert.equal(degrees(2), "+2.0");
  assert.equal(degrees(0.01), "0.0");
});

test("times are UTC", () => {
  assert.equal(clock(Date.UTC(2026, 10, 23, 6, 15, 7)), "06:15:07");
  assert.equal(clock(null), "–");
});

test("durations use their two largest units", () => {
  assert.equal(duration(12_400), "12 s");
  assert.equal(duration(245_000), "4 min 5 s");
  assert.equal(duration(7_800_000), "2 h 10 min");
  assert.equal(windowName(0), "now");
  assert.equal(windowName(3600), "last hour");
});

test("large counts are shortened", () => {
  assert.equal(count(9_876_543), "9,876,543");
  assert.equal(count(97_600_000), "97.6 M");
});

test("ids are ordered as people count", () => {
  assert.deepEqual(["in10", "in2", "in1"].sort(byId), ["in1", "in2", "in10"]);
});

test("a value is read in the unit that people use", () => {
  assert.deepEqual(reading(0.0652, "share"), ["6.5", "%"]);
  assert.deepEqual(reading(27.45, "boxes/h"), ["27.5", "boxes/h"]);
  assert.deepEqual([reading(3, "vehicles"), reading(3, "TEU"), reading(120, "s"), reading(3, "h")].map(([value]) => value), ["3", "3", "120", "3.0"]);
  assert.deepEqual(reading(Date.UTC(2026, 10, 23, 6, 15) / 1000, "s since 1970 UTC"), ["23 Nov 06:15", "UTC"]);
  assert.deepEqual(reading(null, "share"), ["–", "%"]);
});

test("windows have names", () => {
  assert.deepEqual(["PT1H", "PT4H", "shift", "call", "other"].map(windowWord), ["last hour", "last 4 h", "this shift", "this call", "other"]);
});
