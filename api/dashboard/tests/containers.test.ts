import assert from "node:assert/strict";
import test from "node:test";

import { readDetail, readFound } from "../src/containers/container.ts";
import { type BoxEvent, doubt, eventLink, isSure, laneOf, readEvent, whereAfter, within } from "../src/containers/event.ts";
import { readConflict } from "../src/containers/conflicts/conflict.ts";
import { layout } from "../src/containers/timeline/layout.ts";
import { readTreatment } from "../src/containers/treatment.ts";

const NOON = Date.UTC(2026, 10, 28, 12);
const MINUTE = 60_000;

function event(atMin: number, name: string, stream: string, device: string, place: string | null): BoxEvent {
  return { event: name, device, time: NOON + atMin * MINUTE, factAt: NOON + atMin * MINUTE - 30_000, stream, place, confidence: 0.99, checkOk: true, readAs: "MSKU9070323" };
}

const WAY = [
  event(0, "discharged", "crane", "sts1", "sts1"),
  event(2, "picked", "vehicle", "agv1", "agv1"),
  event(7, "placed", "vehicle", "agv1", "block 210 m"),
  event(9, "picked", "crane", "armg2", "armg2"),
  event(10, "placed", "crane", "armg2", "armg2 214 m"),
  event(60, "plugged", "reefer", "r01-03", "r01-03"),
  event(120, "treatment_began", "reefer", "MSKU9070323", null),
  event(3000, "gate_out", "gate", "out1", "out1"),
];

test("an event leaves the box in a part of the terminal; a treatment moves nothing", () => {
  assert.deepEqual(WAY.map(laneOf), ["Crane", "Vehicle", "Vehicle", "Crane", "Yard", "Plug", null, "Gate"]);
  assert.equal(laneOf(event(0, "loaded", "crane", "sts1", "vessel")), "Ship");
});

test("where a box was follows from what happened until then", () => {
  assert.equal(whereAfter([]), null);
  assert.deepEqual(whereAfter(within(WAY, { fromMs: 0, toMs: NOON + 2000 * MINUTE })), { state: "inside", place: "r01-03", since: NOON + 60 * MINUTE });
  assert.deepEqual(whereAfter(WAY), { state: "left", place: "out1", since: NOON + 3000 * MINUTE });
  assert.equal(whereAfter([event(0, "loaded", "crane", "sts1", "vessel")])?.state, "on_vessel");
});

test("the drawing goes from the ship down to the gate, in order of time, and stays in the row of what does not move the box", () => {
  const drawn = layout(WAY, 1_000);
  assert.deepEqual(drawn.lanes, ["Crane", "Vehicle", "Yard", "Plug", "Gate"]);
  assert.deepEqual(drawn.marks.map((one) => one.row), [0, 1, 1, 0, 2, 3, 3, 4]);
  const xs = drawn.marks.map((one) => one.x);
  assert.ok(xs.every((x, index) => index === 0 || x - xs[index - 1]! >= 20));
  assert.equal(drawn.width, 1_000);
  assert.ok(Math.max(...xs) < 1_000);
});

test("where there is no room the drawing is wider than the window", () => {
  const many = Array.from({ length: 500 }, (_, index) => event(index, "picked", "crane", "sts1", "sts1"));
  assert.ok(layout(many, 300).width > 500 * 22);
});

test("long times without events are written on the line, the day where it is another one", () => {
  const drawn = layout(WAY, 2_000);
  assert.deepEqual(drawn.waits.map((one) => [one.row, one.text]), [
    [2, "50 min"],
    [3, "1 h 0 min"],
    [3, "2 d 0 h"],
  ]);
  assert.equal(drawn.times[0]?.text, "28 Nov 12:00");
  assert.equal(drawn.times.at(-1)?.text, "30 Nov 14:00");
});

test("an event that may be another box's says so", () => {
  const unsure = { ...WAY[0]!, checkOk: false, confidence: 0.3, readAs: "MSKU907O3Z3" };
  assert.equal(doubt(unsure), "30 %, read as MSKU907O3Z3");
  assert.equal(isSure(unsure), false);
  assert.equal(doubt(WAY[0]!), "");
  assert.equal(doubt({ ...WAY[0]!, confidence: 0.7 }), "70 %");
});

test("a crane's event leads to its cycle, by the lock of the move, that of a plug or vehicle to the hours around it", () => {
  assert.equal(eventLink("demo", WAY[0]!), "#/crane/demo/sts1/2026-11-28T11:59:30.000Z");
  const lane = decodeURIComponent(eventLink("demo", WAY.at(-1)!) ?? "");
  assert.equal(lane, "#/gate/demo/out1?from=2026-11-30T13:00:00.000Z&to=2026-11-30T15:00:00.000Z");
  const plug = decodeURIComponent(eventLink("demo", WAY[5]!) ?? "");
  assert.equal(plug, "#/reefers/demo/r01-03?from=2026-11-28T12:00:00.000Z&to=2026-11-28T14:00:00.000Z");
  assert.match(eventLink("demo", WAY[1]!) ?? "", /^#\/vehicles\/demo\/agv1\?from=/);
  assert.equal(eventLink("demo", WAY[6]!), null);
});

test("answers are read, and what lacks its key is left out", () => {
  const found = readFound({ containers: [{ container_id: "MSKU9070323", state: "inside", place: "armg2 214 m", since: "2026-11-28T12:00:00.000Z", conflict: true }, {}], cursor: "MSKU9070323" });
  assert.deepEqual(found, { more: true, containers: [{ id: "MSKU9070323", state: "inside", isoCode: null, place: "armg2 214 m", since: NOON, conflict: true }] });
  assert.equal(readEvent({ event: "picked", device: "sts1" }), null);
  assert.equal(readConflict({ kind: "two_plugs" }), null);
  assert.equal(readTreatment({}), null);
  assert.deepEqual(readTreatment({ schedule: "jp", problem: "no schedule 'jp' is valid at that time" }), { schedule: "jp", problem: "no schedule 'jp' is valid at that time", runs: [] });
});

test("of an announcement only what is known is shown, in words", () => {
  const detail = readDetail({
    container_id: "MSKU9070323",
    state: "announced",
    iso_code: "45R1",
    check_ok: true,
    size_type: { length_ft: 40, height_ft: 9.5, group: "named_cargo" },
    announcement: { category: "export", empty_indicator: "LADEN", call_out: "b2-007", vessel_out: "QUAY PIONEER", gross_weight_kg: 31_250, imdg_classes: ["3"], un_numbers: ["1263"], problems: [] },
  });
  assert.equal(detail?.sizeType, "40 ft, 9.5 ft high, named cargo");
  assert.deepEqual(detail?.announcement, [
    ["Category", "export"],
    ["Contents", "laden"],
    ["Leaves by", "QUAY PIONEER (b2-007)"],
    ["Gross weight", "31.3 t"],
    ["Dangerous goods", "class 3, UN 1263"],
  ]);
});
