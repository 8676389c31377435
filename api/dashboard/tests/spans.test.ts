import assert from "node:assert/strict";
import test from "node:test";

import { setTerminalZone } from "../src/shared/format/shown-zone.ts";
import { momentOf, wallTime, zoneName } from "../src/shared/format/zones.ts";
import { between, linkedSpan, presets, spanProblem, spanText, withSpan, withSpanOf } from "../src/shared/span/span.ts";
import { type Facts, stateOf } from "../src/shared/span/state.ts";
import { stopsRoute } from "../src/stops/route.ts";

const NOON = Date.UTC(2026, 10, 28, 12);
const HOUR = 3_600_000;

test("moments and a terminal's clocks lead to each other", () => {
  assert.equal(wallTime(NOON, "America/Lima"), "2026-11-28T07:00:00");
  assert.equal(momentOf("2026-11-28T07:00", "America/Lima"), NOON);
  assert.equal(momentOf("2026-11-28T12:00", null), NOON);
  assert.equal(wallTime(Date.UTC(2026, 10, 28, 5), "America/Lima"), "2026-11-28T00:00:00");
  assert.equal(momentOf("2026-11-28T17:45:30", "Asia/Kathmandu"), NOON + 30_000);
  assert.equal(momentOf("", "America/Lima"), null);
  assert.equal(zoneName(NOON, "America/Lima"), "GMT-5");
});

test("a zone that nobody knows is UTC", () => {
  assert.equal(wallTime(NOON, "Moon/Tycho"), "2026-11-28T12:00:00");
  assert.equal(zoneName(NOON, "Moon/Tycho"), "UTC");
});

test("near a change of the clocks a time is read right, and one shown twice or never is near", () => {
  assert.equal(momentOf("2026-10-25T01:30", "Europe/Berlin"), Date.UTC(2026, 9, 24, 23, 30));
  assert.equal(momentOf("2026-10-25T03:30", "Europe/Berlin"), Date.UTC(2026, 9, 25, 2, 30));
  assert.equal(momentOf("2026-11-01T00:30", "America/New_York"), Date.UTC(2026, 10, 1, 4, 30));
  assert.equal(momentOf("2026-10-25T02:30", "Europe/Berlin"), Date.UTC(2026, 9, 25, 1, 30));
  assert.equal(momentOf("2026-03-29T02:30", "Europe/Berlin"), Date.UTC(2026, 2, 29, 1, 30));
});

test("a span stands in the link as two times, and live as none", () => {
  const route = stopsRoute.entry("demo");
  assert.equal(stopsRoute.link(route), "#/stops/demo");
  const past = withSpan(route, { fromMs: NOON, toMs: NOON + HOUR });
  assert.equal(decodeURIComponent(stopsRoute.link(past)), "#/stops/demo?from=2026-11-28T12:00:00.000Z&to=2026-11-28T13:00:00.000Z");
  assert.deepEqual(linkedSpan(past), { bounds: { fromMs: NOON, toMs: NOON + HOUR }, problem: null });
  assert.deepEqual(withSpan(past, null), route);
  assert.deepEqual(between({ fromMs: NOON, toMs: NOON + HOUR }), { from: "2026-11-28T12:00:00.000Z", to: "2026-11-28T13:00:00.000Z" });
});

test("a link with half a span, or one that ends before it begins, is live and says why", () => {
  assert.match(linkedSpan({ from: NOON, to: null }).problem ?? "", /only one end/);
  assert.match(linkedSpan({ from: NOON, to: NOON }).problem ?? "", /ends before it begins/);
  assert.equal(linkedSpan({ from: NOON, to: NOON }).bounds, null);
});

test("the span goes along to another page where that has one", () => {
  const past = { view: "stops", terminal: "demo", device: "sts1", from: NOON, to: NOON + HOUR };
  assert.deepEqual(withSpanOf(stopsRoute.entry("callao"), past), { view: "stops", terminal: "callao", device: null, from: NOON, to: NOON + HOUR });
  assert.deepEqual(withSpanOf({ view: "calls", terminal: "demo", call: null }, past), { view: "calls", terminal: "demo", call: null });
  assert.deepEqual(withSpanOf(stopsRoute.entry("demo"), { view: "calls" }), stopsRoute.entry("demo"));
  assert.deepEqual(withSpanOf(stopsRoute.entry("demo"), { ...past, to: NOON - 1 }), stopsRoute.entry("demo"));
});

test("presets end now, to the second; without a shift there is none of it", () => {
  const found = presets(NOON - 5 * HOUR).map(({ name, until }) => [name, until(NOON + 999)]);
  assert.deepEqual(found, [
    ["Last hour", { fromMs: NOON - HOUR, toMs: NOON }],
    ["This shift", { fromMs: NOON - 5 * HOUR, toMs: NOON }],
    ["Last day", { fromMs: NOON - 24 * HOUR, toMs: NOON }],
  ]);
  assert.deepEqual(presets(null).map((one) => one.name), ["Last hour", "Last day"]);
});

test("a span that cannot be shown is refused with what to write", () => {
  assert.equal(spanProblem(NOON, NOON + HOUR, NOON + 1), null);
  assert.match(spanProblem(null, NOON, NOON) ?? "", /both ends/);
  assert.match(spanProblem(NOON, NOON, NOON + 1) ?? "", /earlier beginning or a later end/);
  assert.match(spanProblem(NOON, NOON + HOUR, NOON) ?? "", /not begun/);
});

test("a span is written in the shown zone, the day once where it is one", () => {
  setTerminalZone("America/Lima");
  assert.equal(spanText({ fromMs: NOON, toMs: NOON + HOUR }), "28 Nov 07:00 – 08:00 GMT-5");
  assert.equal(spanText({ fromMs: NOON, toMs: NOON + 20 * HOUR }), "28 Nov 07:00 – 29 Nov 03:00 GMT-5");
});

const LIVE: Facts = { live: true, read: true, empty: false, failure: null, unreachable: false, connection: "connected", behindMs: 1_000, staleMs: 60_000 };

test("only what was read, is connected and is young is live", () => {
  assert.equal(stateOf(LIVE), "live");
  assert.equal(stateOf({ ...LIVE, empty: true }), "empty");
  assert.equal(stateOf({ ...LIVE, read: false }), "loading");
  assert.equal(stateOf({ ...LIVE, read: false, failure: "no" }), "failed");
  assert.equal(stateOf({ ...LIVE, behindMs: 60_001 }), "stale");
  assert.equal(stateOf({ ...LIVE, empty: true, behindMs: 60_001 }), "stale");
  assert.equal(stateOf({ ...LIVE, failure: "no" }), "stale");
  assert.equal(stateOf({ ...LIVE, failure: "no", unreachable: true }), "disconnected");
  assert.equal(stateOf({ ...LIVE, connection: "waiting" }), "disconnected");
});

test("what is past does not age, and stays right while the live feed is away", () => {
  const past = { ...LIVE, live: false, behindMs: null };
  assert.equal(stateOf(past), "past");
  assert.equal(stateOf({ ...past, connection: "waiting" }), "past");
  assert.equal(stateOf({ ...past, failure: "no", unreachable: true }), "disconnected");
  assert.equal(stateOf({ ...past, failure: "no" }), "stale");
});
