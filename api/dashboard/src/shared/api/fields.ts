/** Careful reading of JSON: what is missing or of another type is null, never an error. */

export type Json = Record<string, unknown>;

/** The fields of an API type, not yet checked: their names are those of the schema, their values may be anything. */
export type Fields<Schema> = { readonly [Name in keyof Schema]?: unknown };

/** Fields of an object, by the names of its schema; none where the value is no object. */
export function fields<Schema>(value: unknown): Fields<Schema> {
  return record(value) as Fields<Schema>;
}

export function record(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function boolean(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

/** Milliseconds since 1970 UTC, of RFC 3339 text. */
export function timestamp(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const ms = Date.parse(value);
  return Number.isFinite(ms) ? ms : null;
}

export function texts(value: unknown): string[] {
  return list(value).filter((one): one is string => typeof one === "string");
}

/** Reads each element; those that cannot be read are left out. */
export function each<T>(value: unknown, read: (one: unknown) => T | null): T[] {
  return list(value)
    .map(read)
    .filter((one): one is T => one !== null);
}
