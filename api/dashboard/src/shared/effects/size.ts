/** Elements that are drawn to fit. */

import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

export interface Size {
  width: number;
  height: number;
}

/** The inner size of an element, followed; null before it is known. [px] */
export function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const host = element.current;
    if (host === null) return;
    const measure = (): void =>
      setSize((before) => (before?.width === host.clientWidth && before.height === host.clientHeight ? before : { width: host.clientWidth, height: host.clientHeight }));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    return () => observer.disconnect();
  }, []);
  return size;
}
