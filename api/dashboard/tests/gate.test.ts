import assert from "node:assert/strict";
import test from "node:test";

import { distribution, insideAt, lanesOf, quantile, shares, turnTimes } from "../src/gate/figures.ts";
import { known, steps, summary } from "../src/gate/steps.ts";
import { readVisitService } from "../src/gate/visit-service.ts";
import { lastTrucks, readTransaction, type Transaction } from "../src/shared/model/transaction.ts";
import { readVisit, type Visit } from "../src/shared/model/visit.ts";
import { parse } from "../src/pages.ts";
import { gateRoute, laneLink } from "../src/shared/routing/links.ts";

const NOON = Date.parse("2026-11-23T12:00:00Z");
const MINUTE = 60_000;

function at(minute: number | null): string | null {
  return minute === null ? null : new Date(NOON + minute * MINUTE).toISOString();
}

function visit(entered: number | null, left: number | null, changes: object = {}): Visit {
  const found = readVisit({ visit: "V1", lane: "in1", arrived_at: at(entered ?? left), entered_at: at(entered), left_at: at(left), ...changes });
  assert.ok(found !== null);
  return found;
}

function passed(lane: string, entered: number, changes: object = {}): Transaction {
  const found = readTransaction({ device: lane, entered_at: at(entered), opened_at: at(entered + 1), left_at: at(entered + 2), trouble: false, ...changes });
  assert.ok(found !== null);
  return found;
}

test("a lane's last truck is the last one whose plate was read, whatever the newest event carries", () => {
  const transactions = [passed("in1", 30), passed("in1", 20, { plate: "ABC-123" }), passed("in1", 10, { plate: "OLD-1" }), passed("out1", 5)];
  assert.deepEqual([...lastTrucks(transactions)], [["in1", { plate: "ABC-123", at: NOON + 20 * MINUTE }]]);
  assert.equal(readTransaction({ device: "in1" }), null);
});

test("turn times are of the trucks that left in the span", () => {
  const visits = [visit(-60, 5), visit(-20, 10), visit(-30, 60), visit(-30, null), visit(null, 20)];
  const times = turnTimes(visits, { fromMs: NOON, toMs: NOON + 60 * MINUTE });
  assert.deepEqual(times, [30 * MINUTE, 65 * MINUTE]);
  assert.equal(quantile(times, 0.5), 47.5 * MINUTE);
  assert.equal(quantile([], 0.5), null);
  assert.deepEqual(shares(times), [0.5, 0.5, 0]);
  assert.deepEqual(shares([]), [0, 0, 0]);
  const buckets = distribution([...times, 500 * MINUTE]);
  assert.deepEqual(
    buckets.filter((one) => one.count > 0),
    [
      { fromMin: 30, toMin: 40, count: 1 },
      { fromMin: 60, toMin: 70, count: 1 },
      { fromMin: 120, toMin: null, count: 1 },
    ],
  );
});

test("inside is who came in within a day and left later, or has not left", () => {
  const visits = [visit(-10, 5), visit(-20, null), visit(-30, -1), visit(3, null), visit(-1441, null), visit(-40, null, { reason: "entered_again" }), visit(null, 10)];
  assert.deepEqual(insideAt(visits, NOON).map((one) => one.enteredAt), [NOON - 20 * MINUTE, NOON - 10 * MINUTE]);
});

test("lanes have who passed, who turned back, and how long it took to the barrier; lanes without trucks are there too", () => {
  const transactions = [
    passed("in10", 0, { plate: "A1" }),
    passed("in2", 1, { left_at: null, reason: "exit_unseen", trouble: true }),
    passed("in2", 2, { left_at: null, opened_at: null, reason: "reversed_out" }),
    passed("in2", 3, { opened_at: at(6) }),
  ];
  const [first, second, third] = lanesOf(transactions, ["out1", "in2"]);
  assert.deepEqual(first, { lane: "in2", passed: 2, turnedBack: 1, trouble: 1, toBarrierMs: 2 * MINUTE, last: null });
  assert.deepEqual([second?.lane, second?.last?.plate], ["in10", "A1"]);
  assert.deepEqual([third?.lane, third?.passed, third?.toBarrierMs], ["out1", 0, null]);
});

test("a course is drawn in steps, and broken where nothing is known", () => {
  const bounds = { fromMs: 0, toMs: 100 };
  assert.deepEqual(steps([[0, 2], [50, 4], [60, null], [80, 0], [100, 0]], bounds, 4), ["0.0,50.0 500.0,50.0 500.0,0.0", "800.0,100.0 1000.0,100.0"]);
  assert.deepEqual(summary([[0, 2], [50, 4], [60, 4], [70, null], [80, 1]]), { most: 4, mostAt: 50, last: 1 });
  assert.deepEqual(summary([[0, null]]), { most: null, mostAt: null, last: null });
});

test("a plot is known between its points, and nowhere else", () => {
  const points: [number, number | null][] = [[NOON, 1], [NOON + 10 * MINUTE, 0], [NOON + 20 * MINUTE, null], [NOON + 40 * MINUTE, 2], [NOON + 60 * MINUTE, 2]];
  assert.deepEqual(known(points, { fromMs: NOON, toMs: NOON + 100 * MINUTE }), [[0, 200], [400, 600]]);
  assert.deepEqual(known([], { fromMs: NOON, toMs: NOON + 1 }), []);
});

test("a link opens a lane over a span, and the visit of one of its trucks", () => {
  const bounds = { fromMs: NOON, toMs: NOON + 60 * MINUTE };
  const lane = { view: "gate", terminal: "demo", lane: "in1", arrived: null, from: NOON, to: NOON + 60 * MINUTE };
  assert.deepEqual(parse(laneLink("demo", "in1", bounds)), lane);
  assert.deepEqual(parse(gateRoute.link({ ...gateRoute.entry("demo"), lane: "in1", arrived: NOON })), { ...lane, arrived: NOON, from: null, to: null });
  assert.deepEqual(parse("#/gate/demo"), gateRoute.entry("demo"));
});

test("a visit is gate, waiting and service where its moves are known, else the gate alone", () => {
  const whole = { visit: { visit: "V1" }, whole_min: 40, gate_in_min: 1, gate_out_min: 3, service_min: 4, waiting_min: 32, gate_share: 0.1, service_share: 0.1, waiting_share: 0.8 };
  const found = readVisitService({ ...whole, served: [{ container_id: "MSKU9070323", device: "armg1", brought: true, began_at: at(5), ended_at: at(9), after_min: 5 }], not_seen: [] });
  assert.deepEqual(found?.parts.map((one) => [one.name, one.minutes, one.share]), [
    ["Gate", 4, 0.1],
    ["Waiting and driving", 32, 0.8],
    ["Service", 4, 0.1],
  ]);
  assert.deepEqual(found?.served.map((one) => [one.container, one.device, one.brought, one.afterMin]), [["MSKU9070323", "armg1", true, 5]]);
  assert.deepEqual(readVisitService({ ...whole, service_min: null, waiting_min: null, service_share: null, waiting_share: null })?.parts.map((one) => one.name), ["Gate"]);
  assert.equal(readVisitService({}), null);
});
