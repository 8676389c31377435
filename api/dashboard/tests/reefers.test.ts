/** Plugs of the page Reefers: their state over a span, how far off they are, filters, racks, and where a curve lies. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { bandPath, degreesScale, nearest, runsOf, timeScale } from "../src/reefers/curve.ts";
import { distanceK, heat, matches, overSpan, type PlugRow, racksOf, readPlug } from "../src/reefers/plug.ts";

function row(change: Record<string, unknown> = {}): PlugRow {
  const found = readPlug({ device: "r01-02", rack: "r01", plugged: true, powered: true, setpoint_degc: 4, supply_degc: 4.2, return_degc: 6, ...change });
  assert.ok(found !== null);
  return found;
}

test("over a span a plug is what was worst in it", () => {
  const states = [{}, { unknown_min: 5 }, { unknown_min: 5, off_power_min: 3 }, { off_power_min: 3, out_of_range_min: 1 }, { plugged: false }, { plugged: null }];
  assert.deepEqual(states.map((one) => overSpan(row(one)).state), ["ok", "stale", "unpowered", "out", "unplugged", "stale"]);
});

test("the air that counts is that leaving the unit, of frozen cargo that coming back", () => {
  const [chilled, frozen] = [overSpan(row()), overSpan(row({ setpoint_degc: -20, supply_degc: -25, return_degc: -17 }))];
  assert.equal(distanceK(chilled)?.toFixed(1), "0.2");
  assert.equal(distanceK(frozen), 3);
  assert.equal(distanceK(overSpan(row({ plugged: false }))), null);
  assert.deepEqual([0.4, 0.5, -1, 2, 4, -9, null].map(heat), [0, 1, -2, 3, 4, -4, null]);
});

test("plugs are found by a part of their id or of their container, by rack and by state", () => {
  const plug = overSpan(row({ container_id: "CSQU3054383" }));
  const all = { rack: null, state: null, find: null };
  assert.ok(matches(plug, { ...all, find: "csqu 305-4" }) && matches(plug, { ...all, find: "r01-02" }) && matches(plug, { ...all, rack: "r01", state: "ok" }));
  assert.ok(!matches(plug, { ...all, find: "MNBU" }) && !matches(plug, { ...all, rack: "r02" }) && !matches(plug, { ...all, state: "out" }));
});

test("racks and their plugs stand in the order of their ids", () => {
  const plugs = ["r10-01", "r2-10", "r2-9"].map((device) => overSpan(row({ device, rack: device.split("-")[0] })));
  assert.deepEqual(racksOf(plugs).map((one) => [one.rack, one.plugs.map((plug) => plug.device)]), [["r2", ["r2-9", "r2-10"]], ["r10", ["r10-01"]]]);
});

test("a curve breaks where nothing is known, and is joined where one report is missing", () => {
  const minute = 60_000;
  const times = [0, 1, 2, 4, 20, 21].map((one) => one * minute);
  assert.deepEqual(runsOf(times, [1, 1, 1, 1, 1, 1]), [[0, 3], [4, 5]]);
  assert.deepEqual(runsOf(times, [1, null, 1, 1, 1, null]), [[0, 0], [2, 3], [4, 4]]);
  assert.equal(nearest(times, 15 * minute), 4);
  assert.equal(nearest([], 0), null);
});

test("a band goes along the highest values and back along the lowest", () => {
  const scale = { at: (value: number) => value, ticks: [] };
  assert.equal(bandPath([0, 60_000], [1, 2], [3, 4], { at: (ms) => ms / 60_000, ticks: [] }, scale), "M0 3L1 4L1 2L0 1Z");
});

test("scales hold what is drawn, with ticks on round numbers", () => {
  const degrees = degreesScale([3, null, 5], [], 160);
  assert.ok(degrees.at(5) > 0 && degrees.at(3) < 160 && degrees.at(5) < degrees.at(3));
  assert.deepEqual(degrees.ticks, [2, 4, 6]);
  const times = timeScale(10 * 60_000, 130 * 60_000, 400);
  assert.deepEqual([times.at(10 * 60_000), times.at(130 * 60_000)], [0, 400]);
  assert.deepEqual(times.ticks, [30, 60, 90, 120].map((one) => one * 60_000));
});
