/** One tooltip for the whole page: shown on hover and on keyboard focus, hidden on Escape. */

import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export type Line = string | readonly [label: string, value: string];

interface Shown {
  target: Element;
  lines: readonly Line[];
}

const GAP_PX = 8;
const shown = signal<Shown | null>(null);

/**
 * Properties of an element whose parts have tooltips.
 * @param selector which parts. @param lines what to show of a part; null: nothing.
 */
export function tooltips(selector: string, lines: (part: Element) => readonly Line[] | null) {
  const enter = (event: Event): void => {
    const part = event.target instanceof Element ? event.target.closest(selector) : null;
    if (part !== null && part !== shown.peek()?.target) show(part, lines(part));
  };
  const leave = (event: PointerEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node && shown.peek()?.target.contains(to))) hide();
  };
  return { onPointerOver: enter, onFocusIn: enter, onPointerOut: leave, onFocusOut: hide };
}

function show(target: Element, lines: readonly Line[] | null): void {
  hide();
  if (lines === null || lines.length === 0) return;
  target.setAttribute("aria-describedby", "tooltip");
  shown.value = { target, lines };
}

function hide(): void {
  shown.peek()?.target.removeAttribute("aria-describedby");
  shown.value = null;
}

export function Tooltip() {
  const bubble = useRef<HTMLDivElement>(null);
  const current = shown.value;
  useLayoutEffect(() => {
    if (bubble.current !== null && current !== null) settle(bubble.current, current.target.getBoundingClientRect());
  }, [current]);
  useEffect(() => {
    const escape = (event: KeyboardEvent): void => {
      if (event.key === "Escape") hide();
    };
    document.addEventListener("keydown", escape);
    document.addEventListener("scroll", hide, { capture: true, passive: true });
    return () => {
      document.removeEventListener("keydown", escape);
      document.removeEventListener("scroll", hide, { capture: true });
    };
  }, []);
  return (
    <div id="tooltip" role="tooltip" class="tooltip" hidden={current === null} ref={bubble}>
      {current?.lines.map((line) =>
        typeof line === "string" ? (
          <p>{line}</p>
        ) : (
          <p class="pair">
            <span>{line[0]}</span>
            <b>{line[1]}</b>
          </p>
        ),
      )}
    </div>
  );
}

/** Below the target, or above it where there is no room. */
function settle(bubble: HTMLElement, at: DOMRect): void {
  const { width, height } = bubble.getBoundingClientRect();
  const left = Math.min(Math.max(GAP_PX, at.left + at.width / 2 - width / 2), innerWidth - width - GAP_PX);
  const below = at.bottom + GAP_PX;
  const top = below + height > innerHeight - GAP_PX ? Math.max(GAP_PX, at.top - height - GAP_PX) : below;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${top}px`;
}
