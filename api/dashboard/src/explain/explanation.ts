/** What a KPI value is made of. Times in ms since 1970 UTC. */

import { get, pathOf, type Result } from "../shared/api/client.ts";
import { boolean, each, fields, type Json, list, number, record, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { fixed } from "../shared/format/numbers.ts";
import { readExcursion } from "../shared/model/excursion.ts";
import { type Move, readMove, spaced } from "../shared/model/move.ts";
import { readCharge, readTrip } from "../shared/model/trip.ts";
import { readVisit } from "../shared/model/visit.ts";
import type { ExplainRoute } from "../shared/routing/links.ts";
import { stamp } from "../shared/routing/pattern.ts";

export type Explanation = ReturnType<typeof readExplanation>;
export type Term = NonNullable<ReturnType<typeof readTerm>>;
export type DelayPart = NonNullable<ReturnType<typeof readDelayPart>>;
export type Level = NonNullable<ReturnType<typeof readLevel>>;
export type CallPart = NonNullable<ReturnType<typeof readCallPart>>;
export type QuarterEnergy = NonNullable<ReturnType<typeof readQuarter>>;
export type DeviceEnergy = NonNullable<ReturnType<typeof readDeviceEnergy>>;
export type Stay = NonNullable<ReturnType<typeof readStay>>;
export type Appointment = NonNullable<ReturnType<typeof readAppointment>>;
export type OtherFacts = NonNullable<ReturnType<typeof readOthers>>;
export type NotCounted = NonNullable<ReturnType<typeof readNotCounted>>;

const BAD_REQUEST = 400;
const MINUTE_MS = 60_000;

export function explanationOf(route: ExplainRoute): Promise<Result<Explanation>> {
  const query = { terminal: route.terminal, subject: route.subject ?? route.terminal, window: route.window, at: stamp(route.at) };
  return get(`${pathOf("kpis", route.kpi)}/explain`, query, readExplanation);
}

/** Lists come oldest first and are read newest first. */
export function readExplanation(raw: unknown) {
  const from = fields<api.Explained>(raw);
  const kpi = text(from.kpi) ?? "";
  return {
    kpi,
    title: text(from.title) ?? kpi,
    subject: text(from.subject) ?? "",
    window: text(from.window) ?? "",
    beginMs: timestamp(from.begin),
    endMs: timestamp(from.end),
    value: number(from.value),
    unit: text(from.unit) ?? "",
    state: text(from.state),
    formula: text(from.formula) ?? "",
    filled: text(from.filled) ?? "",
    source: text(from.source) ?? "",
    definition: text(from.definition) ?? "",
    terms: each(from.terms, readTerm),
    counted: each(from.counted, readMove).reverse(),
    notCounted: each(from.not_counted, readNotCounted).reverse(),
    /** Time left out. */
    excluded: each(from.excluded, readDelayPart).reverse(),
    /** Delays that were counted, of those KPIs that count them. */
    stops: each(from.stops, readDelayPart).reverse(),
    visits: each(from.visits, readVisit).reverse(),
    /** Of trucks, settled in the window. */
    appointments: each(from.appointments, readAppointment).reverse(),
    /** Of boxes that left in the window. */
    stays: each(from.stays, readStay).reverse(),
    /** Reefers out of range at the end of the window. */
    excursions: each(from.excursions, readExcursion).reverse(),
    /** What devices had at the end of the window, largest first. */
    levels: each(from.levels, readLevel),
    calls: each(from.calls, readCallPart),
    /** Of vehicles, that ended in the window. */
    trips: each(from.trips, readTrip).reverse(),
    /** Charging sessions of vehicles, that ended in the window. */
    charges: each(from.charges, readCharge).reverse(),
    /** Energy by quarters of an hour, and by devices, most first. */
    quarters: each(from.quarters, readQuarter).reverse(),
    energy: each(from.energy, readDeviceEnergy),
    /** Facts of types that the page has no list for. */
    others: each(from.others, readOthers),
    /** Moves too many to be listed. */
    leftOff: number(from.left_off) ?? 0,
  };
}

function readTerm(raw: unknown) {
  const from = fields<api.Term>(raw);
  const name = text(from.name) ?? text(from.label);
  if (name === null) return null;
  return { name, label: text(from.label) ?? spaced(name), value: number(from.value), unit: text(from.unit) ?? "" };
}

function readNotCounted(raw: unknown) {
  const from = fields<api.NotCounted>(raw);
  const move = readMove(from.move);
  return move === null ? null : { move, reason: text(from.reason) ?? "" };
}

function readDelayPart(raw: unknown) {
  const from = fields<api.StopPart>(raw);
  const device = text(from.device);
  if (device === null) return null;
  return {
    device,
    beganAt: timestamp(from.began_at),
    endedAt: timestamp(from.ended_at),
    minutes: number(from.minutes),
    cause: text(from.cause) ?? "",
    party: text(from.party) ?? "",
    /** Whether a person has entered the cause. */
    entered: boolean(from.said) ?? false,
  };
}

function readLevel(raw: unknown) {
  const from = fields<api.Level>(raw);
  const device = text(from.device);
  return device === null ? null : { device, name: text(from.name) ?? "", since: timestamp(from.since), value: number(from.value) };
}

function readCallPart(raw: unknown) {
  const from = fields<api.CallPart>(raw);
  const call = text(from.call);
  if (call === null) return null;
  return {
    call,
    vessel: text(from.vessel),
    berth: text(from.berth),
    /** Moved for it in the window. */
    boxes: number(from.boxes),
    planned: number(from.planned),
    /** In the move list of the terminal operating system. */
    listed: number(from.listed),
  };
}

function readAppointment(raw: unknown) {
  const from = fields<api.TruckAppointment>(raw);
  const number = text(from.appointment);
  if (number === null) return null;
  return { number, expectedAt: timestamp(from.expected_at), arrivedAt: timestamp(from.arrived_at), lane: text(from.lane), outcome: text(from.outcome) ?? "" };
}

function readStay(raw: unknown) {
  const from = fields<api.Stay>(raw);
  const container = text(from.container_id);
  if (container === null) return null;
  return {
    container,
    arrivedAt: timestamp(from.arrived_at),
    arrivedBy: text(from.arrived_by) ?? "",
    leftAt: timestamp(from.left_at),
    leftBy: text(from.left_by) ?? "",
    dwellH: number(from.dwell_h),
  };
}

function readQuarter(raw: unknown) {
  const from = fields<api.QuarterEnergy>(raw);
  const beganAt = timestamp(from.began_at);
  if (beganAt === null) return null;
  return {
    beganAt,
    energyKwh: number(from.energy_kwh),
    powerKw: number(from.power_kw),
    craneKwh: number(from.crane_kwh),
    reeferKwh: number(from.reefer_kwh),
    vehicleKwh: number(from.vehicle_kwh),
    kgCo2PerKwh: number(from.kg_co2_per_kwh),
  };
}

function readDeviceEnergy(raw: unknown) {
  const from = fields<api.DeviceEnergy>(raw);
  const device = text(from.device);
  return device === null ? null : { device, equipment: text(from.equipment) ?? "", energyKwh: number(from.energy_kwh), hours: number(from.hours) };
}

function readOthers(raw: unknown) {
  const from = fields<api.OtherFacts>(raw);
  const fact = text(from.fact);
  const facts: Json[] = list(from.facts).map(record).reverse();
  const first = facts[0];
  if (fact === null || first === undefined) return null;
  // All are of one terminal; the device stands in front.
  return { fact, facts, columns: Object.keys(first).filter((name) => name !== "terminal" && name !== "device") };
}

/** Lifts by kind, and boxes in all, since a lift may carry two: `20 lifts (12 discharge, 8 load) with 23 boxes in all`. */
export function liftsAndBoxes(moves: readonly Move[]): string {
  const lifts = new Map<string, number>();
  for (const one of moves) lifts.set(one.kind, (lifts.get(one.kind) ?? 0) + 1);
  const kinds = [...lifts].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${fixed(count)} ${spaced(kind)}`);
  const boxes = moves.reduce((sum, one) => sum + (one.boxes ?? 0), 0);
  return `${counted(moves.length, "lift")} (${kinds.join(", ")}) with ${counted(boxes, "box")} in all`;
}

/** Whether the server refused a link because its moment has not come: clocks differ by a minute or so. */
export function notYet(status: number, at: number | null, nowMs: number): boolean {
  return status === BAD_REQUEST && at !== null && at > nowMs - MINUTE_MS;
}

/** What `final` and `provisional` mean to a reader. */
export function stateText(state: string | null): string {
  if (state === "final") return "Final: people have stated the causes of all delays that it holds, or it holds none.";
  if (state === "provisional") return "Provisional: it holds delays of which nobody has stated the cause yet.";
  return "";
}

function counted(count: number, what: string): string {
  return `${fixed(count)} ${what}${count === 1 ? "" : what.endsWith("x") ? "es" : "s"}`;
}
