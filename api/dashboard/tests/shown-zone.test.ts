import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { chooseZone, otherZone, setTerminalZone, timed, zoneTitle } from "../src/shared/format/shown-zone.ts";
import { tickText, timeTicks } from "../src/shared/charts/time-ticks.ts";
import { reading } from "../src/shared/format/kpis.ts";
import { clock, day, dayMinute, fromTo, moment, otherwise } from "../src/shared/format/times.ts";
import { spanText } from "../src/shared/span/span.ts";

const AT = Date.UTC(2026, 10, 28, 3, 15, 7);

function shown(zone: string | null, choice: "terminal" | "utc" = "terminal"): void {
  setTerminalZone(zone);
  chooseZone(choice);
}

test("all times follow the terminal's clocks, and are named so", () => {
  shown("America/Lima");
  assert.equal(moment(AT), "27 Nov 22:15 GMT-5");
  assert.deepEqual([clock(AT), day(AT), dayMinute(AT)], ["22:15:07", "27 Nov 2026", "27 Nov 22:15"]);
  assert.deepEqual([otherwise(AT), timed("Since")], ["03:15 UTC", "Since, GMT-5"]);
  assert.equal(spanText({ fromMs: AT, toMs: AT + 3_600_000 }), "27 Nov 22:15 – 23:15 GMT-5");
  assert.deepEqual(reading(AT / 1000, "s since 1970 UTC"), ["27 Nov 22:15", "GMT-5"]);
});

test("one choice shows all of them in UTC", () => {
  shown("America/Lima", "utc");
  assert.equal(moment(AT), "28 Nov 03:15 UTC");
  assert.deepEqual([otherwise(AT), timed("Since")], ["22:15 GMT-5", "Since, UTC"]);
  assert.equal(spanText({ fromMs: AT, toMs: AT + 24 * 3_600_000 }), "28 Nov 03:15 – 29 Nov 03:15 UTC");
});

test("where clocks are set back and forth, a column is named by them, and a moment by what they are called then", () => {
  shown("Europe/Berlin");
  assert.equal(zoneTitle(), "Berlin time");
  assert.deepEqual([moment(AT), moment(Date.UTC(2026, 6, 1))], ["28 Nov 04:15 CET", "1 Jul 02:00 CEST"]);
});

test("a terminal without a zone of its own has nothing to choose", () => {
  for (const zone of [null, "UTC", "Moon/Tycho"]) {
    shown(zone);
    assert.deepEqual([otherZone.value, otherwise(AT), moment(AT)], [undefined, "", "28 Nov 03:15 UTC"]);
  }
});

test("charts have their ticks at round times of the shown zone, a day at its midnight", () => {
  shown("America/Lima");
  const hours = timeTicks(AT, AT + 5 * 3_600_000, 3);
  assert.deepEqual(hours.map(tickText), ["28 Nov", "02:00"]);
  shown("Europe/Berlin");
  const days = timeTicks(Date.UTC(2026, 9, 24), Date.UTC(2026, 9, 27), 4);
  assert.deepEqual(days.map(tickText), ["25 Oct", "26 Oct", "27 Oct"]);
  assert.equal(days[1]! - days[0]!, 25 * 3_600_000);
});

test("a span of a day names the day once, and what lasts ends now", () => {
  shown("America/Lima");
  assert.deepEqual(
    [AT + 60_000, AT + 24 * 3_600_000, null].map((end) => fromTo(AT, end)),
    ["27 Nov 22:15 – 22:16", "27 Nov 22:15 – 28 Nov 22:15", "27 Nov 22:15 – now"],
  );
});

test("no part of the page has a rule of its own for times", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((one) => /\.tsx?$/.test(one) && !one.startsWith(join("shared", "format")));
  assert.ok(sources.length > 100);
  const own = /DateTimeFormat|toLocale\w*String|toISOString\(\)\.slice|format\/zones\.ts|[>"'` ]UTC["'`.<]/;
  const code = (one: string): string => readFileSync(join("src", one), "utf8").replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, "");
  const allowed = new Set(["header/event-time.tsx", "shared/span/form.tsx", "shared/charts/time-ticks.ts"]);
  assert.deepEqual(sources.filter((one) => own.test(code(one)) && !allowed.has(one)), []);
});
