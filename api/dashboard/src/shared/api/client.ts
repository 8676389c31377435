/** Requests whose failure a person must hear of: the answer, or what went wrong and what to do. */

import { record, text } from "./fields.ts";

export type Answer<T> = { ok: true; value: T } | { ok: false; status: number; message: string };

type Query = Record<string, string | number | null>;

const PATIENCE_MS = 15_000;
/** No answer at all. */
const AWAY = 0;

/** Ask a route; parameters that are null are left out. */
export function ask<T>(path: string, query: Query, read: (body: unknown) => T): Promise<Answer<T>> {
  return request(path + asked(query), {}, read);
}

/** Change something. */
export function send<T>(method: "PUT" | "POST", path: string, query: Query, body: Record<string, unknown>, read: (body: unknown) => T): Promise<Answer<T>> {
  const headers = { "Content-Type": "application/json" };
  return request(path + asked(query), { method, headers, body: JSON.stringify(body) }, read);
}

function asked(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== null);
  const parameters = new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
  return parameters.size > 0 ? `?${parameters}` : "";
}

/** A path of parts that may hold any character. */
export function route(...parts: string[]): string {
  return parts.map(encodeURIComponent).join("/");
}

async function request<T>(path: string, options: RequestInit, read: (body: unknown) => T): Promise<Answer<T>> {
  try {
    const headers = { Accept: "application/json", ...options.headers };
    const answer = await fetch(`/api/v1/${path}`, { ...options, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    const body: unknown = await answer.json().catch(() => null);
    return answer.ok ? { ok: true, value: read(body) } : { ok: false, status: answer.status, message: complaint(answer.status, body) };
  } catch {
    return { ok: false, status: AWAY, message: "The server does not answer. See that quaystream runs, then try again." };
  }
}

/** What the server said is wrong; its own words tell what to change. */
export function complaint(status: number, body: unknown): string {
  const told = text(record(record(body)["error"])["message"]);
  if (told !== null) return `${told.charAt(0).toUpperCase()}${told.slice(1)}${/[.!?]$/.test(told) ? "" : "."}`;
  return status === 404 ? "This server does not know that route: it may be older than this page." : `The server answered with status ${status}.`;
}
