/** The name a person edits under, kept in this browser. There is no login: it says who spoke, and proves nothing. */

const KEY = "quaystream.name";

export function myName(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // storage is switched off
  }
}

export function keepName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // The name is asked for again next time.
  }
}
