/** Careful reading of JSON that another program made: what is missing or of another type is null, never an error. */

export type Json = Record<string, unknown>;

export function record(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function figure(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function flag(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

/** Milliseconds since 1970 UTC, of RFC 3339 text. */
export function moment(value: unknown): number | null {
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
