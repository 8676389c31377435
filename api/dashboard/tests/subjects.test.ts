import assert from "node:assert/strict";
import test from "node:test";

import { kindsOf, windowsFor } from "../src/shared/kpis/subjects.ts";
import { TerminalData as Picture } from "../src/shared/live/terminal-data.ts";
import { readKpiInfo as kpiInfo, readKpiValue as kpiValue } from "../src/shared/model/kpi.ts";

const INFO = kpiInfo({ id: "boxes", windows: { crane: ["PT1H", "shift", "call"], terminal: ["PT1H", "day"], call: ["call"], berth: ["call", "day"] } })!;

function snapshot(): Picture {
  const picture = new Picture();
  const devices = [{ stream: "crane", device: "sts1", type: "STS" }, { stream: "crane", device: "armg1", type: "ARMG" }];
  picture.apply({ type: "snapshot", now: "2026-11-23T06:00:00.000Z", devices }, 0);
  return picture;
}

function read(picture: Picture, subject: string, ...windows: string[]): void {
  picture.addKpis(windows.map((window) => kpiValue({ kpi: "boxes", subject, window, value: 1 })!));
}

test("nobody knows what a subject is before devices have come; a terminal needs none", () => {
  assert.equal(kindsOf("sts1", "demo", new Picture()), null);
  assert.deepEqual(kindsOf("demo", "demo", new Picture()), ["terminal"]);
  assert.deepEqual(kindsOf("sts1", "demo", snapshot()), ["crane"]);
  const early = new Picture(); // values of all windows may be there before the snapshot
  read(early, "sts1", "PT1H", "day");
  early.allWindows = true;
  assert.equal(kindsOf("sts1", "demo", early), null);
});

test("calls and berths are told apart by their windows, once all have been read", () => {
  const picture = snapshot();
  read(picture, "b1", "call");
  assert.equal(kindsOf("b1", "demo", picture), null);
  read(picture, "b1", "day");
  read(picture, "b1-001", "call");
  picture.allWindows = true;
  assert.deepEqual(kindsOf("b1", "demo", picture), ["berth"]);
  assert.deepEqual(kindsOf("b1-001", "demo", picture), ["call"]);
  read(picture, "r01", "now", "day");
  assert.deepEqual(kindsOf("r01", "demo", picture), ["rack"]);
  assert.deepEqual(kindsOf("b1-000", "demo", picture), ["call", "berth"]);
});

test("a new snapshot holds only main windows: the others must be read again", () => {
  const picture = snapshot();
  picture.allWindows = true;
  picture.apply({ type: "snapshot" }, 0);
  assert.equal(picture.allWindows, false);
});

test("windows to choose from are those of the kind of subject; yard cranes work no calls", () => {
  assert.deepEqual(windowsFor(INFO, ["terminal"]), ["PT1H", "day"]);
  assert.deepEqual(windowsFor(INFO, ["crane"]), ["PT1H", "shift", "call"]);
  assert.deepEqual(windowsFor(INFO, kindsOf("armg1", "demo", snapshot())!), ["PT1H", "shift"]);
  assert.deepEqual(windowsFor(INFO, ["call", "berth"]), ["call", "day"]);
  assert.deepEqual(windowsFor(undefined, ["crane"]), []);
});

test("a device of another stream is what the registry calls it, unless its values are those of a call or a berth", () => {
  const picture = snapshot();
  picture.apply({ type: "health", devices: [{ stream: "vehicle", device: "agv1" }, { stream: "gate", device: "b1" }, { stream: "gate", device: "in1" }] }, 0);
  picture.allWindows = true;
  read(picture, "agv1", "PT1H", "shift");
  read(picture, "b1", "call", "day");
  read(picture, "in1", "PT1H", "shift");
  assert.deepEqual(kindsOf("agv1", "demo", picture), ["vehicle"]);
  assert.deepEqual(kindsOf("in1", "demo", picture), ["lane"]);
  assert.deepEqual(kindsOf("b1", "demo", picture), ["berth"]);
});
