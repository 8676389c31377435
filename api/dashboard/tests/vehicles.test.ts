import assert from "node:assert/strict";
import test from "node:test";

import { Ground } from "../src/shared/vehicles/ground.ts";
import { covering, nearest, Plan } from "../src/shared/vehicles/plan.ts";
import { readEnds } from "../src/shared/vehicles/trips.ts";
import { counts, loadText, read } from "../src/shared/vehicles/vehicle.ts";

const NOW = Date.parse("2026-11-23T06:00:00.000Z");
const sample = (signals: Record<string, unknown>, time = NOW) => ({ stream: "vehicle", device: "agv1", time, signals });
const state = (signals: Record<string, unknown>, time = NOW) => read("agv1", undefined, sample(signals, time), NOW).state;

test("what a vehicle does follows from speed, charging and state; silence is offline", () => {
  assert.equal(state({ state: "working", speed_mps: 3 }), "driving");
  assert.equal(state({ state: "working", speed_mps: 0 }), "waiting");
  assert.equal(state({ state: "idle", speed_mps: 0.1 }), "waiting");
  assert.equal(state({ state: "standby", speed_mps: 0 }), "standby");
  assert.equal(state({ state: "standby", charging: true }), "charging");
  assert.equal(state({ state: "fault", speed_mps: 3, charging: true }), "fault");
  assert.equal(state({ state: "off" }), "offline");
  assert.equal(state({ state: "working", speed_mps: 3 }, NOW - 31_000), "offline");
  assert.equal(read("agv1", undefined, undefined, NOW).state, "offline");
});

test("a battery below 20 % is low; one of which nothing is known is not", () => {
  assert.equal(read("agv1", undefined, sample({ battery_pct: 19.9 }), NOW).low, true);
  assert.equal(read("agv1", undefined, sample({ battery_pct: 20 }), NOW).low, false);
  assert.equal(read("agv1", undefined, sample({}), NOW).low, false);
});

test("containers and order of before are not shown on an empty vehicle, and on standby", () => {
  const vehicle = read("agv1", undefined, sample({ laden: false, container_ids: ["CSQU3054383"], state: "standby", job_id: "J7" }), NOW);
  assert.deepEqual([vehicle.containerIds, vehicle.job], [[], null]);
  assert.equal(loadText(vehicle), "empty");
  assert.equal(loadText({ laden: true, containerIds: [] }), "laden");
  assert.equal(loadText({ laden: true, containerIds: ["A", "B", "C"] }, 1), "A +2");
});

test("vehicles are counted by state", () => {
  const found = counts([read("a", undefined, sample({ charging: true }), NOW), read("b", undefined, sample({ charging: true }), NOW)]);
  assert.deepEqual([found.get("charging"), found.get("driving")], [2, 0]);
});

test("an extent grows in steps, and stays the same object where nothing is new", () => {
  const first = covering(null, 50, 10);
  assert.deepEqual(first, { x: { low: 20, high: 80 }, y: { low: -20, high: 40 } });
  assert.equal(covering(first, 55, 20), first);
  assert.deepEqual(covering(first, 200, 10).x, { low: 20, high: 220 });
});

test("the quay is at the top, or on the left where the terminal is drawn larger so; nothing is mirrored", () => {
  const wide = new Plan({ x: { low: 0, high: 400 }, y: { low: -20, high: 180 } }, { width: 800, height: 400 });
  assert.deepEqual([wide.turned, wide.pxPerM, wide.width, wide.height], [false, 2, 800, 400]);
  assert.deepEqual(wide.at(10, 0), { x: 20, y: 40 });
  const deep = new Plan({ x: { low: 0, high: 400 }, y: { low: -20, high: 780 } }, { width: 800, height: 400 });
  assert.deepEqual([deep.turned, deep.pxPerM, deep.width, deep.height], [true, 1, 800, 400]);
  assert.deepEqual(deep.at(10, 0), { x: 20, y: 390 });
  assert.deepEqual(deep.at(10, 100), { x: 120, y: 390 });
  assert.equal(deep.turnDeg, -90);
  assert.equal(deep.matrix, "matrix(0,-1,1,0 20 400)");
});

test("a short quay is drawn in its surroundings", () => {
  assert.deepEqual(new Plan({ x: { low: 100, high: 200 }, y: { low: 0, high: 100 } }, { width: 720, height: 900 }).extent.x, { low: -30, high: 330 });
});

test("a mark turns the short way", () => {
  assert.equal(nearest(350, 10), 370);
  assert.equal(nearest(10, 350), -10);
  assert.equal(nearest(370, 350), 350);
  assert.equal(nearest(0, 90), 90);
});

const at = (xM: number, yM: number, zone: string | null = "lane") => ({ xM, yM, zone });

test("roads are where vehicles were seen driving, not between places far apart", () => {
  const ground = new Ground();
  ground.add(at(0, 0), null);
  assert.equal(ground.roads(), "");
  ground.add(at(8, 0), at(0, 0));
  assert.equal(ground.roads(), "M4 0h8v4h-8z");
  ground.add(at(300, 0), at(8, 0));
  assert.equal(ground.roads(), "M4 0h8v4h-8z");
});

test("a block lies between two of its lanes, a road between those of neighbours", () => {
  const ground = new Ground();
  for (const y of [77, 113, 121, 157.3]) for (const x of [40, 270]) ground.add(at(x, y, "block"), null);
  assert.deepEqual(ground.blocks(), [
    { x: { low: 40, high: 270 }, y: { low: 80, high: 110 } },
    { x: { low: 40, high: 270 }, y: { low: 124, high: 154 } },
  ]);
});

test("chargers and parking are where vehicles stood; a version shows what is to be drawn again", () => {
  const ground = new Ground();
  ground.add(at(-20, 62, "charger"), null);
  ground.add(at(-50, 82, "charger"), null);
  assert.deepEqual(ground.areas.get("charger"), { x: { low: -50, high: -20 }, y: { low: 62, high: 82 } });
  const { version } = ground;
  ground.add(at(-20, 82, "charger"), null);
  assert.equal(ground.version, version);
});

test("ends of trips are places; those without a position are left out", () => {
  const trip = { from_x_m: 1, from_y_m: 2, from_zone: "quay", to_x_m: null, to_y_m: 4, to_zone: "block" };
  assert.deepEqual(readEnds({ trips: [trip, 7] }), [{ xM: 1, yM: 2, zone: "quay" }]);
  assert.deepEqual(readEnds(null), []);
});
