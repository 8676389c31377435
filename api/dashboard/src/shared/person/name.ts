/** The name under which a person edits where nobody logs in, kept in this browser: it names the author, and proves nothing. */

const KEY = "quaystream.name";

export const LONGEST_NAME = 80;
export const NAME_MISSING = "Say who you are: it is kept with your name.";

export function savedName(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // storage is switched off
  }
}

export function saveName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // The name is asked for next time.
  }
}
