/** Elements that light up once when what they show has changed. */

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Let an element light up once. */
export function flash(element: Element): void {
  element.classList.remove("fresh");
  void (element as HTMLElement).offsetWidth; // a new run of the animation needs a layout in between
  element.classList.add("fresh");
}

/** An element that lights up when a value changes; a value that was not known before is no change. */
export function useFlash<T extends HTMLElement>(value: string | number | null): RefObject<T | null> {
  const element = useRef<T>(null);
  const before = useRef(value);
  useEffect(() => {
    if (before.current !== null && before.current !== value && element.current !== null) flash(element.current);
    before.current = value;
  }, [value]);
  return element;
}
