/** A lane above or below the plots: pieces that lie where their times are. */

import type { ComponentChildren } from "preact";
import type { Span } from "../cycle.ts";

interface Properties {
  name: string;
  class: string;
  /** Whether its pieces can be chosen. */
  group?: boolean;
  onKeyDown?: (event: KeyboardEvent & { currentTarget: HTMLElement }) => void;
  children: ComponentChildren;
}

export function Lane({ name, class: kind, group = false, onKeyDown, children }: Properties) {
  return (
    <div class={`lane ${kind}`} role={group ? "group" : undefined} aria-label={group ? name : undefined} onKeyDown={onKeyDown}>
      <span class="lane-name">{name}</span>
      <div class="track">{children}</div>
    </div>
  );
}

/** Where a piece lies in what is shown; outside of it, it is hidden. */
export function placed(piece: Span, shown: Span): { hidden: boolean; style: { left: string; width: string } } {
  const share = (ms: number): number => Math.min(1, Math.max(0, (ms - shown.beginMs) / (shown.endMs - shown.beginMs)));
  const [left, right] = [share(piece.beginMs), share(piece.endMs)];
  return { hidden: right <= left, style: { left: `${left * 100}%`, width: `${(right - left) * 100}%` } };
}
