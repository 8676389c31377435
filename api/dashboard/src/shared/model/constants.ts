/** Generated from api/dashboard/constants.py by `make docs`; change what it names instead. */

/** Hoist or trolley that go further from one sample to the next are moving. [m] */
export const MOTION_M = 0.03;

/** From this speed on a vehicle moves. [m/s] */
export const MOVING_MPS = 0.2;

/** Below, a vehicle's battery is low. [%] */
export const LOW_PCT = 20;

/** Characters that turn the direction of text. */
export const DIRECTION_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

/** What devices of a stream are called as subjects of KPIs: the kind that windows of the catalogue have. */
export const KINDS_OF_STREAMS: ReadonlyMap<string, string> = new Map([
  ["vehicle", "vehicle"],
  ["gate", "lane"],
]);
