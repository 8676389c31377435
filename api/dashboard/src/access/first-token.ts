/** The token of the link that `quaystream up` prints once, for the first admin: `#/first?token=…`. */

const LINK = /^#\/first\?token=([\w-]+)$/;

/** Null: the page was not opened by such a link. */
export function firstToken(hash: string): string | null {
  return LINK.exec(hash)?.[1] ?? null;
}
