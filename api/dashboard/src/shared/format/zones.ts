/** Times on a terminal's own clocks. A zone is an IANA name; null, or one that the browser does not know, is UTC. */

const UTC = "UTC";
const formats = new Map<string, Intl.DateTimeFormat>();
const names = new Map<string, Intl.DateTimeFormat>();

/** A moment as those clocks show it: 2026-11-28T13:05:07. */
export function wallTime(ms: number, zone: string | null): string {
  const parts = new Map(format(zone).formatToParts(ms).map((one) => [one.type, one.value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}`;
}

/**
 * The moment when those clocks show a time; null where the text is no time. A time that they show twice, as clocks are set back, is one of
 * the two moments; one that they leave out is a moment within an hour of it.
 */
export function momentOf(wall: string, zone: string | null): number | null {
  const asUtc = Date.parse(`${wall}Z`);
  if (!Number.isFinite(asUtc)) return null;
  const first = asUtc - offsetMs(asUtc, zone);
  return asUtc - offsetMs(first, zone); // the offset at the moment itself: that of the text, taken for UTC, may be another
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Day: 28 Nov. */
export function dayOf(ms: number, zone: string | null): string {
  const [, month, day] = wallTime(ms, zone).slice(0, 10).split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1]}`;
}

/** Time of day: 13:05. */
export function minuteOf(ms: number, zone: string | null): string {
  return wallTime(ms, zone).slice(11, 16);
}

/** What the zone is called at a moment: GMT-5. */
export function zoneName(ms: number, zone: string | null): string {
  const found = made(names, zone, { timeZoneName: "short" });
  return found.formatToParts(ms).find((one) => one.type === "timeZoneName")?.value ?? UTC;
}

function offsetMs(ms: number, zone: string | null): number {
  return Date.parse(`${wallTime(ms, zone)}Z`) - Math.floor(ms / 1000) * 1000;
}

function format(zone: string | null): Intl.DateTimeFormat {
  const digits = "2-digit";
  return made(formats, zone, { year: "numeric", month: digits, day: digits, hour: digits, minute: digits, second: digits, hourCycle: "h23" });
}

/** Making one is slow: each is made once. */
function made(known: Map<string, Intl.DateTimeFormat>, zone: string | null, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = zone ?? UTC;
  let found = known.get(name);
  if (found === undefined) {
    found = tried(name, options) ?? new Intl.DateTimeFormat("en-GB", { ...options, timeZone: UTC });
    known.set(name, found);
  }
  return found;
}

function tried(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
  } catch {
    return null;
  }
}
