import assert from "node:assert/strict";
import test from "node:test";

import { link, parse, type Route } from "../src/pages.ts";
import { errorMessage as complaint, pathOf as route } from "../src/shared/api/client.ts";
import { cycleLink, kpiLink } from "../src/shared/routing/links.ts";

test("a crane, one of its cycles and a KPI value have links that people can read", () => {
  const lockedAt = Date.UTC(2026, 10, 23, 6, 15, 7, 250);
  assert.equal(cycleLink("demo", "sts1", null), "#/crane/demo/sts1");
  assert.equal(cycleLink("demo", "sts1", lockedAt), "#/crane/demo/sts1/2026-11-23T06:15:07.250Z");
  assert.equal(kpiLink("demo", "boxes", "sts1", "shift"), "#/kpi/demo/boxes/sts1?window=shift");
});

test("a link leads back to where it was made", () => {
  const places: Route[] = [
    { view: "terminal" },
    { view: "crane", terminal: "a/b c", device: "sts?1", lockedAt: 1_795_500_907_250 },
    { view: "crane", terminal: "demo", device: null, lockedAt: null },
    { view: "stops", terminal: "demo", device: "sts1", from: null, to: null },
    { view: "stops", terminal: "demo", device: null, from: 1_795_500_907_250, to: 1_795_504_507_000 },
    { view: "containers", terminal: "demo", container: null, q: "MSKU 907", state: "inside", from: null, to: null },
    { view: "containers", terminal: "demo", container: "MSKU9070323", q: null, state: null, from: 1_795_500_907_250, to: 1_795_504_507_000 },
    { view: "calls", terminal: "demo", call: "demo-0001" },
    { view: "figures", terminal: "demo", subject: "sts1" },
    { view: "kpi", terminal: "demo", kpi: "boxes", subject: "sts1", window: "PT1H", at: 1_795_500_907_250 },
  ];
  for (const place of places) assert.deepEqual(parse(link(place)), place);
});

test("what nobody can read is the first page, and a time that is none is left out", () => {
  for (const hash of ["", "#", "#/", "#/crane", "#/nothing/demo", "#/kpi/demo"]) assert.deepEqual(parse(hash), { view: "terminal" });
  assert.deepEqual(parse("#/crane/demo/sts1/yesterday"), { view: "crane", terminal: "demo", device: "sts1", lockedAt: null });
  assert.deepEqual(parse("#/crane/demo/%E0%A4%A"), { view: "crane", terminal: "demo", device: "%E0%A4%A", lockedAt: null });
});

test("a refusal is told in the server's own words", () => {
  assert.equal(complaint(400, { error: { message: "body field by: say who" } }), "Body field by: say who.");
  assert.equal(complaint(502, null), "The server answered with status 502.");
  assert.equal(route("delays", "demo", "a/b"), "delays/demo/a%2Fb");
});
