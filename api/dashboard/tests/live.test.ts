import assert from "node:assert/strict";
import test from "node:test";

import { each, number as figure, record, text, timestamp as moment } from "../src/shared/api/fields.ts";
import { FIRST_MS, LONGEST_MS, wait } from "../src/shared/live/backoff.ts";
import { TerminalData as Picture } from "../src/shared/live/terminal-data.ts";
import { Glide } from "../src/terminal/quay/glide.ts";

test("waits double, carry jitter and have an end", () => {
  assert.equal(wait(1, 0), FIRST_MS / 2);
  assert.ok(wait(3, 0.999) <= FIRST_MS * 4);
  assert.ok(wait(40, 0.999) <= LONGEST_MS);
});

test("fields of another type are null, never an error", () => {
  assert.equal(figure("7"), null);
  assert.equal(figure(Number.POSITIVE_INFINITY), null);
  assert.equal(text(""), null);
  assert.equal(moment("not a time"), null);
  assert.deepEqual(record([1]), {});
  assert.deepEqual(each([1, "x", 2], figure), [1, 2]);
});

test("a glide moves at constant speed and arrives", () => {
  const glide = new Glide(0, 0);
  glide.aim(10, 1000, false);
  assert.equal(glide.at(1000), 0);
  assert.ok(Math.abs(glide.at(1525) - 5) < 1e-9);
  assert.equal(glide.at(9000), 10);
  assert.ok(glide.arrived(9000));
});

test("people who asked for less motion get jumps", () => {
  const glide = new Glide(0, 0);
  glide.aim(10, 1000, true);
  assert.equal(glide.at(1000), 10);
});

test("values of a KPI over several windows stand beside each other; the sliding one is the usual one", () => {
  const picture = new Picture();
  const value = (window: string, value: number) => ({ kpi: "boxes", subject: "sts1", ts: "2026-11-23T06:00:00.000Z", unit: "boxes", window, value });
  picture.apply({ type: "kpi", values: [value("shift", 80), value("PT1H", 27)] }, 0);
  assert.equal(picture.kpi("boxes", "sts1")?.value, 27);
  assert.equal(picture.kpi("boxes", "sts1", "shift")?.value, 80);
  assert.equal(picture.kpi("boxes", "sts1", "day"), undefined);
  assert.equal(picture.kpisOf("sts1").length, 2);
});

test("nothing is known of a terminal before its snapshot, and then all of it, even that it has nothing", () => {
  const picture = new Picture();
  picture.apply({ type: "health", devices: [], ready: {} }, 0);
  assert.equal(picture.known, false);
  picture.apply({ type: "snapshot", devices: [], latest: [], kpis: [], moves: [] }, 0);
  assert.equal(picture.known, true);
});
