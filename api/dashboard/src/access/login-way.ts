/** How somebody logs in in this browser, kept there: with a name and a password, or with a key. */

export type Way = "user" | "key";

const KEY = "quaystream.login";

export function savedWay(): Way {
  try {
    return localStorage.getItem(KEY) === "key" ? "key" : "user";
  } catch {
    return "user"; // storage is switched off
  }
}

export function saveWay(way: Way): void {
  try {
    localStorage.setItem(KEY, way);
  } catch {
    // The usual way next time.
  }
}
