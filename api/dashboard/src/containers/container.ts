/** Containers as the API answers them. Times in ms since 1970 UTC. */

import { boolean, each, fields, number, text, texts, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { NOTHING } from "../shared/format/numbers.ts";
import { spaced } from "../shared/model/move.ts";

export type Container = NonNullable<ReturnType<typeof readContainer>>;

/** A container; null without number or state. */
export function readContainer(raw: unknown) {
  const from = fields<api.Container>(raw);
  const [id, state] = [text(from.container_id), text(from.state)];
  if (id === null || state === null) return null;
  return { id, state, isoCode: text(from.iso_code), place: text(from.place), since: timestamp(from.since), conflict: boolean(from.conflict) ?? false };
}

export interface Found {
  containers: Container[];
  /** Whether there are more. */
  more: boolean;
}

export function readFound(raw: unknown): Found {
  const from = fields<api.Containers>(raw);
  return { containers: each(from.containers, readContainer), more: text(from.cursor) !== null };
}

export type ContainerDetail = NonNullable<ReturnType<typeof readDetail>>;

export function readDetail(raw: unknown) {
  const container = readContainer(raw);
  const from = fields<api.ContainerDetail>(raw);
  return container === null ? null : { ...container, checkOk: boolean(from.check_ok) ?? true, sizeType: sizeText(from.size_type), announcement: announcementOf(from.announcement) };
}

const STATES: Record<string, string> = { announced: "announced", inside: "inside", on_vessel: "on a vessel", left: "left" };

/** The states that can be searched for. */
export const SEARCHED_STATES = Object.keys(STATES);

export function stateTitle(state: string): string {
  return STATES[state] ?? spaced(state);
}

/** A place as people read it; on a vessel there is none that is known. */
export function placeText(place: string | null): string {
  return place === null || place === "vessel" ? NOTHING : place;
}

/** What a size-type code means: 40 ft, 9.5 ft high, reefer. */
function sizeText(raw: unknown): string | null {
  const from = fields<api.SizeAndType>(raw);
  const [length, height, group] = [number(from.length_ft), number(from.height_ft), text(from.group)];
  const parts = [length === null ? null : `${length} ft`, height === null ? null : `${height} ft high`, group === null ? null : spaced(group)];
  return parts.filter((one) => one !== null).join(", ") || null;
}

/** What an announcement says, by the name of each: only what is known. */
function announcementOf(raw: unknown): [name: string, value: string][] {
  const from = fields<api.BoxAnnouncement>(raw);
  const weight = number(from.gross_weight_kg);
  const setpoint = number(from.reefer_setpoint_degc);
  const written: [string, string | null][] = [
    ["Category", text(from.category)],
    ["Contents", text(from.empty_indicator)?.toLowerCase() ?? null],
    ["Line", text(from.line)],
    ["Comes by", vessel(from.vessel_in, from.call_in)],
    ["Leaves by", vessel(from.vessel_out, from.call_out)],
    ["Gross weight", weight === null ? null : `${(weight / 1000).toFixed(1)} t`],
    ["Setpoint", setpoint === null ? null : `${setpoint} °C`],
    ["Cargo", text(from.reefer_cargo)],
    ["Dangerous goods", [...texts(from.imdg_classes).map((one) => `class ${one}`), ...texts(from.un_numbers).map((one) => `UN ${one}`)].join(", ") || null],
    ["Appointment", text(from.appointment)],
    ["Odd", texts(from.problems).join("; ") || null],
  ];
  return written.filter((one): one is [string, string] => one[1] !== null);
}

function vessel(name: unknown, call: unknown): string | null {
  const [written, id] = [text(name), text(call)];
  if (written === null) return id;
  return id === null ? written : `${written} (${id})`;
}
