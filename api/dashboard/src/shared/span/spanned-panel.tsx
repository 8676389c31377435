/** A part of a page that shows what was read of the page's span, with its state drawn so that none is taken for live. */

import type { ComponentChildren } from "preact";
import { duration, moment } from "../format/times.ts";
import { Failed, Loading } from "../notice/notice.tsx";
import { SpanPicker } from "./picker.tsx";
import type { State } from "./state.ts";
import { spanText } from "./span.ts";
import type { Spanned } from "./use-span.ts";

interface Properties<T> {
  /** Name of its heading in the document. */
  id: string;
  title: string;
  shown: Spanned<T>;
  /** What is read, as in "Reading the alarms…". */
  what: string;
  /** An `Empty` that says when something will be there. */
  empty: ComponentChildren;
  /** Controls beside the heading. */
  tools?: ComponentChildren;
  /** What stands there whatever was read. */
  above?: ComponentChildren;
  /** Whether the page's picker stands here; one panel of a page has it. */
  picker?: boolean;
  children: (value: T) => ComponentChildren;
}

export function SpannedPanel<T>({ id, title, shown, what, empty, tools, above, picker = false, children }: Properties<T>) {
  const { state, value, failure, reload, span } = shown;
  return (
    <section class="panel spanned" data-state={state} aria-labelledby={id} aria-busy={state === "loading"}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        <StateBadge shown={shown} />
        {tools === undefined ? null : <div class="tools">{tools}</div>}
      </div>
      {picker ? <SpanPicker span={span} /> : null}
      {above}
      <div class="notice-place">
        {state === "loading" ? <Loading what={what} /> : null}
        {value === null && failure !== null ? <Failed title={`Cannot read the ${what}`} message={failure} retry={reload} /> : null}
        {shown.isEmpty ? empty : null}
      </div>
      {value === null || shown.isEmpty ? null : <div class="spanned-body">{children(value)}</div>}
    </section>
  );
}

const WORDS: Record<State, string> = {
  live: "live",
  past: "",
  empty: "nothing here",
  loading: "reading",
  failed: "cannot be read",
  stale: "stale",
  disconnected: "disconnected",
};

/** The state in a word with a sign of its own, and beside it why and as of when. */
function StateBadge<T>({ shown }: { shown: Spanned<T> }) {
  const { state, span } = shown;
  return (
    <p class="span-state" role="status">
      <span class="span-state-word" data-state={state}>
        {WORDS[state] || spanText(span.bounds())}
      </span>
      <span class="note">{reason(shown)}</span>
    </p>
  );
}

function reason<T>({ state, failure, behindMs, readMs, span }: Spanned<T>): string {
  if (state === "empty" && !span.live) return spanText(span.bounds());
  if (state === "disconnected") return readMs === null ? "" : `shown as it was at ${moment(readMs)}`;
  if (state !== "stale") return "";
  if (failure !== null && readMs !== null) return `shown as it was at ${moment(readMs)}. ${failure}`;
  return behindMs === null ? "" : `the newest sample is ${duration(behindMs)} old`;
}

