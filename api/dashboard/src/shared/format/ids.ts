/** Order of ids. */

const collator = new Intl.Collator("en", { numeric: true });

/** Order of ids as people count them: in2 before in10. */
export function byId(a: string, b: string): number {
  return collator.compare(a, b);
}
