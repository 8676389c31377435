/**
 * Places of the page as links that a person can send, described by patterns: `crane/:terminal/:device?/:lockedAt?time`.
 * The first word names the page; `?` may be absent, and is null then; `?time` is a time as the API writes it.
 */

import { timestamp } from "../api/fields.ts";

/** Parameters of a path: `:name` a text, `:name?` a text or null, `:name?time` ms since 1970 UTC or null. */
type PathParameters<Path extends string> = Path extends `${infer Head}/${infer Rest}`
  ? PathParameters<Head> & PathParameters<Rest>
  : Path extends `:${infer Name}?time`
    ? { [Key in Name]: number | null }
    : Path extends `:${infer Name}?`
      ? { [Key in Name]: string | null }
      : Path extends `:${infer Name}`
        ? { [Key in Name]: string }
        : unknown;

type QueryParameters<Query extends readonly string[]> = Query extends readonly [infer First extends string, ...infer Rest extends readonly string[]]
  ? PathParameters<`:${First}`> & QueryParameters<Rest>
  : unknown;

/** The page without a name of its own is the first, the terminal's. */
type ViewOf<Path extends string> = Path extends "" ? "terminal" : Path extends `${infer View}/${string}` ? View : Path;

type Plain<T> = { [Key in keyof T]: T[Key] };

export type RouteOf<Path extends string, Query extends readonly string[]> = Plain<{ view: ViewOf<Path> } & PathParameters<Path> & QueryParameters<Query>>;

/** Any route: that of the first page has no terminal, all others have. */
export interface AnyRoute {
  view: string;
  terminal?: string;
}

export interface Pattern<Route extends AnyRoute> {
  readonly view: Route["view"];
  /** The route of a path without its first word; null where it lacks a part. */
  parse(segments: readonly string[], query: URLSearchParams): Route | null;
  /** The link to a route; `parse` reads it back. */
  link(route: Route): string;
  /** The route of a terminal with nothing else chosen. */
  entry(terminal: string): Route;
}

interface Parameter {
  name: string;
  optional: boolean;
  time: boolean;
}

type Values = Record<string, string | number | null>;

/** A pattern from its path and its query parameters, which are written like those of the path. */
export function pattern<const Path extends string, const Query extends readonly string[] = []>(path: Path, ...query: Query): Pattern<RouteOf<Path, Query>> {
  type Route = RouteOf<Path, Query>;
  const [name = "", ...parts] = path.split("/");
  const view = name === "" ? "terminal" : name;
  const inPath = parts.map((part) => parameter(part.slice(1)));
  const inQuery = query.map(parameter);
  return {
    view: view as Route["view"],
    parse: (segments, search) => {
      const values: Values = { view };
      inPath.forEach((one, index) => (values[one.name] = valueOf(one, segments[index])));
      for (const one of inQuery) values[one.name] = valueOf(one, search.get(one.name) ?? undefined);
      return inPath.some((one) => !one.optional && values[one.name] === null) ? null : (values as Route);
    },
    link: (route) => {
      const values = route as Values;
      const written = inPath.map((one) => textOf(one, values[one.name])).filter((one) => one !== null);
      const search = inQuery.flatMap((one) => {
        const value = textOf(one, values[one.name]);
        return value === null ? [] : [[one.name, value]];
      });
      const tail = search.length === 0 ? "" : `?${new URLSearchParams(search)}`;
      return `#/${[name, ...written].map(encoded).join("/")}${tail}`;
    },
    entry: (terminal) => {
      const empty = Object.fromEntries([...inPath, ...inQuery].map((one) => [one.name, null]));
      return { view, ...empty, ...(inPath.length === 0 ? {} : { terminal }) } as Route;
    },
  };
}

/** What a link means by the patterns of all pages, the first page's first; what cannot be read is the first page. */
export function parseLink<Route extends AnyRoute>(patterns: readonly Pattern<Route>[], hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", ...segments] = path.split("/").map(decoded);
  const found = patterns.find((one) => one.view === view)?.parse(segments, new URLSearchParams(query));
  return found ?? patterns[0]!.entry("");
}

/** The link to a route, by the pattern of its page. */
export function linkTo(patterns: readonly Pattern<AnyRoute>[], route: AnyRoute): string {
  return patterns.find((one) => one.view === route.view)!.link(route);
}

/** A time as the API writes it. */
export function stamp(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function parameter(written: string): Parameter {
  const [name = "", kind] = written.split("?");
  return { name, optional: kind !== undefined, time: kind === "time" };
}

function valueOf(one: Parameter, written: string | undefined): string | number | null {
  return one.time ? timestamp(written) : written || null;
}

function textOf(one: Parameter, value: string | number | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return one.time ? stamp(Number(value)) : String(value);
}

/** Colons may stand in a fragment, and times are easier to read with them. */
function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll("%3A", ":");
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
