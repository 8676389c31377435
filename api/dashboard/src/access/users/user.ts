/** Users of the API, and requests about them. */

import { get, pathOf, request, type Result, send } from "../../shared/api/client.ts";
import { each, fields, text, timestamp } from "../../shared/api/fields.ts";
import type * as api from "../../shared/api/schema.ts";
import type { Role } from "../key.ts";

export interface User {
  name: string;
  role: string;
  /** Whose data only; null: all terminals. */
  terminal: string | null;
  addedMs: number | null;
  passwordSetMs: number | null;
  disabledMs: number | null;
  usedMs: number | null;
}

export interface NewUser {
  name: string;
  role: Role;
  terminal: string | null;
  /** Null: the server generates one. */
  password: string | null;
}

/** A password that was just set. */
export interface SetPassword {
  name: string;
  /** That the server has generated; nobody can read it again. */
  password: string | null;
}

export function users(): Promise<Result<User[]>> {
  return get("users", {}, (body) => each(fields<api.Users>(body).users, readUser));
}

export function addUser(user: NewUser): Promise<Result<SetPassword>> {
  return send("POST", "users", {}, user, readSetPassword);
}

/** Give a user a password that the server generates. */
export function renewPassword(user: User): Promise<Result<SetPassword>> {
  return send("PUT", pathOf("users", user.name, "password"), {}, {}, readSetPassword);
}

export function disableUser(user: User): Promise<Result<null>> {
  return request(pathOf("users", user.name), { method: "DELETE" }, () => null);
}

export function changeOwnPassword(old: string, replacement: string): Promise<Result<null>> {
  return send("PUT", "session/password", {}, { old, new: replacement }, () => null);
}

function readSetPassword(body: unknown): SetPassword {
  const found = fields<api.SetPassword>(body);
  return { name: text(found.name) ?? "", password: text(found.password) };
}

function readUser(value: unknown): User | null {
  const found = fields<api.User>(value);
  const name = text(found.name);
  if (name === null) return null;
  return {
    name,
    role: text(found.role) ?? "",
    terminal: text(found.terminal),
    addedMs: timestamp(found.added_at),
    passwordSetMs: timestamp(found.password_set_at),
    disabledMs: timestamp(found.disabled_at),
    usedMs: timestamp(found.last_used_at),
  };
}
