import assert from "node:assert/strict";
import test from "node:test";

import { liftsAndBoxes, notYet, readExplanation as explanation, stateText as stateWords } from "../src/explain/explanation.ts";
import { minutesByCause as byCause } from "../src/shared/model/cause.ts";
import { readMove as move } from "../src/shared/model/move.ts";
import { waitMin } from "../src/shared/model/trip.ts";

function moved(kind: string, boxes: number) {
  const found = move({ device: "sts1", kind, boxes, locked_at: "2026-11-23T06:00:00.000Z", unlocked_at: "2026-11-23T06:01:00.000Z" });
  assert.ok(found !== null);
  return found;
}

test("lifts are counted by kind, boxes in all: a lift may carry two", () => {
  const all = [moved("load", 1), moved("discharge", 2), moved("discharge", 1), moved("hatch_cover", 0)];
  assert.equal(liftsAndBoxes(all), "4 lifts (2 discharge, 1 load, 1 hatch cover) with 4 boxes in all");
  assert.equal(liftsAndBoxes([moved("load", 1)]), "1 lift (1 load) with 1 box in all");
});

test("a moment that the server has not come to yet is told from other refusals", () => {
  assert.ok(notYet(400, 100_000, 90_000));
  assert.ok(notYet(400, 100_000, 101_000)); // clocks differ a little
  assert.ok(!notYet(400, 100_000, 1_000_000));
  assert.ok(!notYet(404, 100_000, 90_000));
  assert.ok(!notYet(400, null, 90_000));
});

test("minutes are summed by cause, the most first", () => {
  assert.deepEqual(byCause([{ cause: "wind", minutes: 2 }, { cause: "meal", minutes: 5 }, { cause: "wind", minutes: 1.5 }, { cause: "ship", minutes: null }]), [
    ["meal", 5],
    ["wind", 3.5],
    ["ship", 0],
  ]);
});

test("an explanation with nothing in it is empty, never an error", () => {
  const found = explanation({ kpi: "boxes", counted: [7], not_counted: [{ reason: "no move" }], terms: [{}], excluded: null });
  assert.deepEqual([found.title, found.counted, found.notCounted, found.terms, found.excluded, found.value], ["boxes", [], [], [], [], null]);
});

test("lists come oldest first and are read newest first", () => {
  const times = ["2026-11-23T06:01:00.000Z", "2026-11-23T06:03:00.000Z"];
  const found = explanation({ counted: times.map((time) => ({ device: "sts1", locked_at: time, unlocked_at: time })) });
  assert.deepEqual(found.counted.map((one) => one.lockedAt), [Date.parse(times[1]!), Date.parse(times[0]!)]);
});

test("levels stay the largest first, excursions come the newest first, and what has no name is left out", () => {
  const began = ["2026-11-23T06:01:00.000Z", "2026-11-23T06:03:00.000Z"];
  const found = explanation({
    excursions: began.map((time) => ({ device: "r001", probe: "supply", began_at: time, worst_degc: 3.5 })),
    levels: [{ device: "in2", name: "queue_length", since: began[0], value: 4 }, { name: "queue_length" }, { device: "in1", value: 1 }],
    calls: [{ call: "b1-001", vessel: "Ana", berth: "b1", boxes: 7, planned: null }, { vessel: "nobody" }],
  });
  assert.deepEqual(found.excursions.map((one) => one.beganAt), [Date.parse(began[1]!), Date.parse(began[0]!)]);
  assert.deepEqual(found.levels.map((one) => [one.device, one.value]), [["in2", 4], ["in1", 1]]);
  assert.deepEqual(found.calls, [{ call: "b1-001", vessel: "Ana", berth: "b1", boxes: 7, planned: null, listed: null }]);
});

test("facts that the page has no list for keep their columns, newest first; one without any is left out", () => {
  const gales = [1, 2].map((n) => ({ terminal: "demo", device: `met${n}`, began_at: "2026-11-23T06:01:00.000Z", ended_at: null, worst_mps: 20.5 }));
  const found = explanation({ others: [{ fact: "weather_gale", facts: gales }, { fact: "weather_frost", facts: [] }, 7] });
  assert.deepEqual(found.others.map((one) => [one.fact, one.columns]), [["weather_gale", ["began_at", "ended_at", "worst_mps"]]]);
  assert.deepEqual(found.others[0]!.facts.map((one) => one["device"]), ["met2", "met1"]);
});

test("trips and charging sessions come the newest first; how long a vehicle waited is known once it was served", () => {
  const trip = { device: "agv1", began_at: "2026-11-23T06:00:00Z", ended_at: "2026-11-23T06:02:00Z", served_at: "2026-11-23T06:03:30Z", container_ids: ["CSQU3054383", 7] };
  const later = { device: "agv2", began_at: "2026-11-23T06:10:00Z", ended_at: "2026-11-23T06:12:00Z", served_at: null, laden: false, distance_m: 600.5 };
  const charges = [{ device: "agv3", began_at: "2026-11-23T05:00:00Z", battery_from_pct: 29.5, energy_kwh: 160 }, { device: "agv4" }];
  const found = explanation({ trips: [trip, later, { device: "agv5", began_at: trip.began_at }], charges });
  assert.deepEqual(found.trips.map((one) => [one.device, one.laden, one.distanceM, one.containerIds, waitMin(one)]), [
    ["agv2", false, 600.5, [], null],
    ["agv1", null, null, ["CSQU3054383"], 1.5],
  ]);
  const beganAt = Date.parse("2026-11-23T05:00:00Z");
  assert.deepEqual(found.charges, [{ device: "agv3", beganAt, endedAt: null, fromPct: 29.5, toPct: null, energyKwh: 160 }]);
});

test("a state that nobody told has no words", () => {
  assert.equal(stateWords(null), "");
  assert.match(stateWords("provisional"), /nobody has stated the cause/);
});
