/** Places of the page as links that a person can send: `#/crane/demo/sts1`. Times are written as the API writes them. */

import { moment } from "../api/fields.ts";

export type Route =
  | { view: "terminal" }
  | { view: "crane"; terminal: string; device: string | null; lockedAt: number | null }
  | { view: "stops"; terminal: string; device: string | null }
  | { view: "calls"; terminal: string; call: string | null }
  | { view: "figures"; terminal: string; subject: string | null }
  | { view: "kpi"; terminal: string; kpi: string; subject: string; window: string | null; at: number | null };

export type View = Route["view"];

/** What a link means; what nobody can read is the first page. */
export function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view, terminal, second, third] = path.split("/").map(readable);
  if (!terminal) return { view: "terminal" };
  const parameters = new URLSearchParams(query);
  switch (view) {
    case "crane":
      return { view, terminal, device: second || null, lockedAt: moment(third) };
    case "stops":
      return { view, terminal, device: second || null };
    case "calls":
      return { view, terminal, call: second || null };
    case "figures":
      return { view, terminal, subject: second || null };
    case "kpi":
      if (!second) return { view: "terminal" };
      return { view, terminal, kpi: second, subject: third || terminal, window: parameters.get("window"), at: moment(parameters.get("at")) };
    default:
      return { view: "terminal" };
  }
}

/** The link to a place; `parse` reads it back. */
export function link(route: Route): string {
  switch (route.view) {
    case "terminal":
      return "#/";
    case "crane":
      return path("crane", route.terminal, route.device, route.device === null ? null : stamp(route.lockedAt));
    case "stops":
      return path("stops", route.terminal, route.device);
    case "calls":
      return path("calls", route.terminal, route.call);
    case "figures":
      return path("figures", route.terminal, route.subject);
    case "kpi": {
      const at = stamp(route.at);
      const query = new URLSearchParams({ ...(route.window === null ? {} : { window: route.window }), ...(at === null ? {} : { at }) });
      return path("kpi", route.terminal, route.kpi, route.subject) + (query.size > 0 ? `?${query}` : "");
    }
  }
}

/** Link to one cycle of a crane. */
export function cycleLink(terminal: string, device: string, lockedAt: number | null): string {
  return link({ view: "crane", terminal, device, lockedAt });
}

/** Link to what a KPI value is made of. */
export function kpiLink(terminal: string, kpi: string, subject: string, window: string | null = null): string {
  return link({ view: "kpi", terminal, kpi, subject, window, at: null });
}

/** A time as the API writes it. */
export function stamp(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function path(...parts: (string | null)[]): string {
  return `#/${parts.filter((one) => one !== null).map(encoded).join("/")}`;
}

/** Colons may stand in a fragment, and times are easier to read with them. */
function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll("%3A", ":");
}

function readable(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
