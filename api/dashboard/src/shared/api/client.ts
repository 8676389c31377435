/** Requests to the REST API: each has a time limit, and its result is a value or a message for people. */

import { signal } from "@preact/signals";
import { fields, text } from "./fields.ts";
import { parsed } from "./json.ts";
import type * as api from "./schema.ts";

/** The value, or what went wrong and what to do. */
export type Result<T> = { ok: true; value: T } | { ok: false; status: number; message: string };

/** Parameters; those that are null are left out. */
export type Query = Readonly<Record<string, string | number | null>>;

const TIMEOUT_MS = 15_000;
/** Whether the server answers only who has logged in, and nobody has. */
export const locked = signal(false);
/** How often somebody has been found to be logged in: a refusal of an earlier request means nothing any more. */
let unlocks = 0;
const UNAUTHORIZED = 401;
/** Status of a request that got no response at all. */
export const NO_RESPONSE = 0;

/** Somebody has logged in, or need not. */
export function unlock(): void {
  unlocks += 1;
  locked.value = false;
}

export function get<T>(path: string, query: Query, read: (body: unknown) => T): Promise<Result<T>> {
  return request(path + queryString(query), {}, read);
}

/** Change something. */
export function send<T>(method: "PUT" | "POST", path: string, query: Query, body: object, read: (body: unknown) => T): Promise<Result<T>> {
  const headers = { "Content-Type": "application/json" };
  return request(path + queryString(query), { method, headers, body: JSON.stringify(body) }, read);
}

/** The value alone, where the caller reads again later anyway; null where the request failed. */
export async function valueOf<T>(result: Promise<Result<T>>): Promise<T | null> {
  const found = await result;
  return found.ok ? found.value : null;
}

/** A path of parts that may hold any character. */
export function pathOf(...parts: string[]): string {
  return parts.map(encodeURIComponent).join("/");
}

/** The message of an error response, as a sentence. */
export function errorMessage(status: number, body: unknown): string {
  const message = text(fields<api.ErrorDetail>(fields<api.ErrorBody>(body).error).message);
  if (message !== null) return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;
  return status === 404 ? "This server does not know that route: it may be older than this page." : `The server answered with status ${status}.`;
}

function queryString(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== null);
  const parameters = new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
  return parameters.size > 0 ? `?${parameters}` : "";
}

/** Any request; `get` and `send` are the usual ones. */
export async function request<T>(path: string, options: RequestInit, read: (body: unknown) => T): Promise<Result<T>> {
  const unlocked = unlocks;
  try {
    const headers = { Accept: "application/json", ...options.headers };
    const response = await fetch(`/api/v1/${path}`, { ...options, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.text().then(parsed).catch(() => null);
    if (response.status === UNAUTHORIZED && unlocked === unlocks) locked.value = true;
    if (response.ok) return { ok: true, value: read(body) };
    return { ok: false, status: response.status, message: errorMessage(response.status, body) };
  } catch {
    return { ok: false, status: NO_RESPONSE, message: "The server does not answer. See that quaystream runs, then try again." };
  }
}
