import { DIRECTION_CONTROLS } from "../model/constants.ts";

const CONTROL = new RegExp(`[${DIRECTION_CONTROLS}]`, "gu");
const MAY_HOLD_ONE = new RegExp(`[${DIRECTION_CONTROLS}]|\\\\u`, "u");

/** JSON as a value; in its texts, characters that turn the direction of text stand as their codes: no name reads as another one. */
export function parsed(text: string): unknown {
  return MAY_HOLD_ONE.test(text) ? JSON.parse(text, (_key, value: unknown) => (typeof value === "string" ? visible(value) : value)) : JSON.parse(text);
}

function visible(text: string): string {
  return text.replace(CONTROL, (sign) => `⟨U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}
