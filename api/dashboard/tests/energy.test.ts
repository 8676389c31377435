import assert from "node:assert/strict";
import test from "node:test";
import { partsOf, readEnergy, roundUp, total } from "../src/energy/energy.ts";
import { sumsByVehicle } from "../src/vehicles/work.ts";
import type { Charge, Trip } from "../src/shared/model/trip.ts";

const STEP = { beganAt: 0, peakKw: 164, kinds: [{ equipment: "reefer", energyKwh: 4, co2Kg: 2 }, { equipment: "crane", energyKwh: 40, co2Kg: 20 }] };

test("a bar has its parts in one order, whatever order they come in", () => {
  assert.deepEqual(partsOf(STEP, "energy"), [
    { equipment: "crane", low: 0, high: 40 },
    { equipment: "reefer", low: 40, high: 44 },
  ]);
  assert.deepEqual(partsOf(STEP, "co2").at(-1), { equipment: "reefer", low: 20, high: 22 });
  assert.deepEqual(partsOf(STEP, "peak"), [{ equipment: "all", low: 0, high: 164 }]);
});

test("what was fed back is drawn below zero", () => {
  const step = { ...STEP, kinds: [{ equipment: "crane", energyKwh: -3, co2Kg: null }, { equipment: "reefer", energyKwh: 4, co2Kg: 2 }] };
  assert.deepEqual(partsOf(step, "energy"), [
    { equipment: "crane", low: -3, high: 0 },
    { equipment: "reefer", low: 0, high: 4 },
  ]);
  assert.deepEqual(partsOf(step, "co2"), [{ equipment: "reefer", low: 0, high: 2 }]);
});

test("CO2 in all is not known where that of a kind is not", () => {
  assert.deepEqual(total(STEP.kinds), { energyKwh: 44, co2Kg: 22 });
  assert.deepEqual(total([...STEP.kinds, { equipment: "vehicle", energyKwh: 1, co2Kg: null }]), { energyKwh: 45, co2Kg: null });
  assert.deepEqual(total([]), { energyKwh: 0, co2Kg: null });
});

test("scales end at round numbers", () => {
  assert.deepEqual([0, 0.7, 1, 21, 44, 260, 501].map(roundUp), [1, 0.8, 1, 30, 50, 300, 600]);
});

test("what cannot be read of an answer is left out", () => {
  const read = readEnergy({ step_s: 900, grid: true, racks: [{ rack: "a", energy_kwh: 4, peak: {} }, { rack: "b", energy_kwh: 1, peak: { began_at: "2026-11-23T12:00:00Z", power_kw: 4 } }], steps: [{}] });
  assert.deepEqual([read.stepMs, read.grid, read.racks.length, read.steps.length], [900_000, true, 1, 0]);
});

test("sums of a vehicle, and its battery by charging sessions", () => {
  const trip = { device: "agv2", beganAt: 0, endedAt: 60_000, servedAt: 180_000, fromZone: "quay", toZone: "block", from: null, to: null, laden: true, distanceM: 600, energyKwh: 1.5, containerIds: [] } satisfies Trip;
  const charge = { device: "agv2", beganAt: 5_000_000, endedAt: null, fromPct: 30, toPct: null, energyKwh: null } satisfies Charge;
  const work = {
    trips: [trip, { ...trip, beganAt: 400_000, laden: false, distanceM: 200, servedAt: null }, { ...trip, device: "agv10", distanceM: null }],
    charges: [charge, { ...charge, beganAt: 1_000_000, endedAt: 2_000_000, fromPct: 20, toPct: 80, energyKwh: 150 }],
  };
  const [first, second] = sumsByVehicle(work);
  assert.deepEqual([first!.device, second!.device], ["agv2", "agv10"]);
  assert.deepEqual([first!.trips, first!.km, first!.emptyShare, first!.energyKwh, first!.waitMin, first!.chargedKwh], [2, 0.8, 0.25, 3, 2, 150]);
  assert.deepEqual(first!.battery, [[1_000_000, 20], [2_000_000, 80], [5_000_000, 30]]);
  assert.deepEqual([second!.km, second!.emptyShare], [0, null]);
});
