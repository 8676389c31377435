/** Accounts that devices connect to the broker with, and requests about them. */

import { get, pathOf, request, type Result, send } from "../shared/api/client.ts";
import { each, fields, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";

export interface Credential {
  username: string;
  /** When the overlap of a rotation ends; null: it holds until it is rotated or revoked. */
  endsMs: number | null;
}

export interface Account {
  /** TERMINAL/STREAM/DEVICE, as in topics. */
  name: string;
  type: string | null;
  owner: string | null;
  clientId: string;
  addedMs: number | null;
  revokedMs: number | null;
  seenMs: number | null;
  /** In force; two while a rotation overlaps. */
  credentials: readonly Credential[];
}

export interface NewAccount {
  name: string;
  type: string | null;
  owner: string | null;
}

/** What a device connects with; the server does not show it again. */
export interface NewCredential {
  name: string;
  username: string;
  password: string;
  clientId: string;
  /** URL of the broker as the server reaches it, without a user. */
  broker: string;
  /** What to do where the broker does not know it yet. */
  problem: string | null;
}

const NAME = /^[a-z0-9_-]{1,64}\/[a-z]+\/[a-z0-9_-]{1,64}$/;

/** Whether a text names a device as its topics do. */
export function namesDevice(name: string): boolean {
  return NAME.test(name);
}

/** @param terminal of which only; null: all. */
export function accounts(terminal: string | null): Promise<Result<Account[]>> {
  return get("accounts", { terminal }, (body) => each(fields<api.Accounts>(body).accounts, readAccount));
}

export function addAccount({ name, type, owner }: NewAccount): Promise<Result<NewCredential>> {
  return send("POST", accountPath(name), {}, { type, owner }, readNewCredential);
}

/** @param overlapS how long the old password holds on. [s] */
export function rotate(name: string, overlapS: number): Promise<Result<NewCredential>> {
  return send("POST", `${accountPath(name)}/rotate`, {}, { overlap_s: overlapS }, readNewCredential);
}

/** What to do where the broker does not know it yet; null where it does. */
export function revokeAccount(name: string): Promise<Result<string | null>> {
  return request(accountPath(name), { method: "DELETE" }, (body) => text(fields<api.RevokedAccount>(body).problem));
}

/** A command that connects as the device would, and reports it online. Its words need no quotes in a shell. */
export function tryOut({ name, username, password, clientId, broker }: NewCredential): string {
  const [scheme, address] = broker.split("://");
  const url = `${scheme}://${username}:${password}@${address}/port/${name}/status`;
  return `mosquitto_pub -V 5 -q 1 -i ${clientId} \\\n  -L ${url} \\\n  -m '{"online": true}'`;
}

export function readAccount(value: unknown): Account | null {
  const found = fields<api.Account>(value);
  const name = nameOf(found);
  if (name === null) return null;
  return {
    name,
    type: text(found.type),
    owner: text(found.owner),
    clientId: text(found.client_id) ?? "",
    addedMs: timestamp(found.added_at),
    revokedMs: timestamp(found.revoked_at),
    seenMs: timestamp(found.last_seen_at),
    credentials: each(found.credentials, readCredential),
  };
}

function accountPath(name: string): string {
  return pathOf("accounts", ...name.split("/"));
}

function readCredential(value: unknown): Credential | null {
  const found = fields<api.AccountCredential>(value);
  const username = text(found.username);
  return username === null ? null : { username, endsMs: timestamp(found.ends_at) };
}

function readNewCredential(body: unknown): NewCredential {
  const found = fields<api.NewCredential>(body);
  return {
    name: nameOf(found) ?? "",
    username: text(found.username) ?? "",
    password: text(found.password) ?? "",
    clientId: text(found.client_id) ?? "",
    broker: text(found.broker) ?? "",
    problem: text(found.problem),
  };
}

function nameOf(found: { terminal?: unknown; stream?: unknown; device?: unknown }): string | null {
  const parts = [text(found.terminal), text(found.stream), text(found.device)];
  return parts.includes(null) ? null : parts.join("/");
}
