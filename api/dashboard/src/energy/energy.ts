/** Energy and CO2 of a terminal in a span. Times in ms since 1970 UTC. */

import { get, type Result } from "../shared/api/client.ts";
import { boolean, each, fields, number, text, timestamp } from "../shared/api/fields.ts";
import type * as api from "../shared/api/schema.ts";
import { type Bounds, between } from "../shared/span/span.ts";

export type Energy = ReturnType<typeof readEnergy>;
export type Step = NonNullable<ReturnType<typeof readStep>>;
export type Kind = NonNullable<ReturnType<typeof readKind>>;
export type Peak = NonNullable<ReturnType<typeof readPeak>>;
export type Rack = NonNullable<ReturnType<typeof readRack>>;
export type PerUnit = NonNullable<ReturnType<typeof readPerUnit>>;

/** Kinds of equipment in the order in which they are drawn, with their names and colours. */
export const KINDS = [
  { id: "crane", name: "cranes", colour: "--series-1" },
  { id: "reefer", name: "reefers", colour: "--series-4" },
  { id: "vehicle", name: "charging of vehicles", colour: "--series-2" },
] as const;

/** What the chart can show. */
export const SHOWN = ["energy", "co2", "peak"] as const;
export type Shown = (typeof SHOWN)[number];

export function energyOf(terminal: string, bounds: Bounds): Promise<Result<Energy>> {
  return get("energy", { terminal, ...between(bounds) }, readEnergy);
}

export function readEnergy(raw: unknown) {
  const from = fields<api.Energy>(raw);
  return {
    stepMs: (number(from.step_s) ?? 900) * 1000,
    /** Whether CO2 is known for all of it. */
    grid: boolean(from.grid) ?? false,
    kinds: each(from.kinds, readKind),
    peaks: each(from.peaks, readPeak),
    steps: each(from.steps, readStep),
    racks: each(from.racks, readRack),
    perUnit: each(from.per_unit, readPerUnit),
  };
}

function readKind(raw: unknown) {
  const from = fields<api.KindEnergy>(raw);
  const equipment = text(from.equipment);
  return equipment === null ? null : { equipment, energyKwh: number(from.energy_kwh) ?? 0, co2Kg: number(from.co2_kg) };
}

function readStep(raw: unknown) {
  const from = fields<api.EnergyStep>(raw);
  const beganAt = timestamp(from.began_at);
  return beganAt === null ? null : { beganAt, kinds: each(from.kinds, readKind), peakKw: number(from.peak_kw) ?? 0 };
}

function readPeak(raw: unknown) {
  const from = fields<api.Peak>(raw);
  const beganAt = timestamp(from.began_at);
  return beganAt === null ? null : { beganAt, powerKw: number(from.power_kw) ?? 0 };
}

function readRack(raw: unknown) {
  const from = fields<api.RackEnergy>(raw);
  const [rack, peak] = [text(from.rack), readPeak(from.peak)];
  return rack === null || peak === null ? null : { rack, energyKwh: number(from.energy_kwh) ?? 0, peak };
}

function readPerUnit(raw: unknown) {
  const from = fields<api.PerUnit>(raw);
  const of = text(from.of);
  return of === null ? null : { of, count: number(from.count) ?? 0, eachKwh: number(from.each_kwh), eachCo2Kg: number(from.each_co2_kg) };
}

/** The sum of kinds; of CO2 null where it is not known of each. */
export function total(kinds: readonly Kind[]): { energyKwh: number; co2Kg: number | null } {
  const energyKwh = kinds.reduce((sum, one) => sum + one.energyKwh, 0);
  const known = kinds.length > 0 && kinds.every((one) => one.co2Kg !== null);
  return { energyKwh, co2Kg: known ? kinds.reduce((sum, one) => sum + (one.co2Kg ?? 0), 0) : null };
}

/** A part of a bar: from zero upwards, or downwards where more was fed back than taken. */
export interface Part {
  equipment: string;
  low: number;
  high: number;
}

/** The parts of a step's bar, in the order of `KINDS`; the peak is one part. */
export function partsOf(step: Step, shown: Shown): Part[] {
  if (shown === "peak") return [{ equipment: "all", low: 0, high: step.peakKw }];
  const ends = { up: 0, down: 0 };
  return KINDS.flatMap(({ id }) => {
    const kind = step.kinds.find((one) => one.equipment === id);
    const value = shown === "co2" ? kind?.co2Kg : kind?.energyKwh;
    if (value === undefined || value === null || value === 0) return [];
    const end = value > 0 ? "up" : "down";
    const before = ends[end];
    ends[end] += value;
    return [{ equipment: id, low: Math.min(before, ends[end]), high: Math.max(before, ends[end]) }];
  });
}

/** A round number that is not below. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((one) => one * unit).find((one) => one >= value) ?? 10 * unit;
}

/** Power of devices now, by their last samples. [kW] */
export interface Drawing {
  equipment: string;
  powerKw: number;
  devices: number;
}
