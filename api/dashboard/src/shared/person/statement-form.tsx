/** The form in which a person states something, with remark and name, both kept with it. */

import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { principal } from "../access/principal.ts";
import type { Result } from "../api/client.ts";
import { LONGEST_NAME, NAME_MISSING, saveName, savedName } from "./name.ts";

const LONGEST_REMARK = 1_000;

export interface Statement {
  by: string;
  remark: string;
}

/** A button that sends the statement. */
export interface Deed {
  word: string;
  /** Whether it means nothing without a remark. */
  remarkNeeded?: boolean;
  /** Send it, and use the answer; the form shows why it failed. */
  send: (statement: Statement) => Promise<Result<unknown>>;
}

interface Properties {
  /** What it is about, for those who do not see the form. */
  label: string;
  /** What is stated beside the remark. */
  choice?: ComponentChildren;
  remark: { word: string; written?: string | null; example?: string };
  /** The first one is sent by Enter. */
  deeds: readonly [Deed, ...Deed[]];
  /** What is missing, by the one who opened the form; "": nothing. */
  problem?: string;
  close: () => void;
  /** What was stated so far. */
  children?: ComponentChildren;
}

export function StatementForm({ label, choice, remark: { word, written, example }, deeds, problem: opening = "", close, children }: Properties) {
  const { form, remark, name, problem, busy, send } = useStatement(opening);
  const [first, ...others] = deeds;
  return (
    <form
      class="statement"
      ref={form}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send(first);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      {choice}
      <Field word={word} field={remark} longest={LONGEST_REMARK} written={written ?? ""} example={example} />
      {principal.value?.name ? null : <Field word="Your name" field={name} longest={LONGEST_NAME} written={savedName()} isName />}
      <div class="buttons">
        <button type="submit" class="main" disabled={busy}>
          {first.word}
        </button>
        {others.map((one) => (
          <button key={one.word} type="button" disabled={busy} onClick={() => void send(one)}>
            {one.word}
          </button>
        ))}
        <button type="button" onClick={close}>
          Cancel
        </button>
      </div>
      <p class="problem" role="alert">
        {problem === "" ? "" : `✕ ${problem}`}
      </p>
      {children}
    </form>
  );
}

interface FieldProperties {
  word: string;
  field: RefObject<HTMLInputElement | null>;
  longest: number;
  written: string;
  example?: string | undefined;
  isName?: boolean;
}

function Field({ word, field, longest, written, example, isName = false }: FieldProperties) {
  return (
    <label>
      <span>{word}</span>
      <input type="text" ref={field} maxLength={longest} defaultValue={written} placeholder={example} autocomplete={isName ? "name" : "off"} required={isName} />
    </label>
  );
}

/** The fields of the form, and what sends them. */
function useStatement(opening: string) {
  const [problem, setProblem] = useState(opening);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const remark = useRef<HTMLInputElement>(null);
  const name = useRef<HTMLInputElement>(null);
  // Later than the first time only: a person may be quicker than the first effect.
  useEffect(() => {
    if (opening !== "") setProblem(opening);
  }, [opening]);
  // The cursor stands where something is missing, else at the first field, before anybody can press a button.
  useLayoutEffect(() => (name.current?.value === "" ? name.current : form.current?.querySelector<HTMLElement>("select, input"))?.focus(), []);
  const send = async (deed: Deed): Promise<void> => {
    const known = principal.peek()?.name ?? null;
    const stated = { by: known ?? name.current!.value.trim(), remark: remark.current!.value.trim() };
    const missing = stated.by === "" ? name : deed.remarkNeeded && stated.remark === "" ? remark : null;
    if (missing !== null) {
      setProblem(missing === name ? NAME_MISSING : "Write a remark first.");
      missing.current?.focus();
      return;
    }
    if (known === null) saveName(stated.by);
    setProblem("");
    setBusy(true);
    const result = await deed.send(stated);
    setBusy(false);
    if (!result.ok) setProblem(result.message);
  };
  return { form, remark, name, problem, busy, send };
}

/** What people stated so far; nothing where they have not. */
export function StatedSoFar({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <div class="stated">
      <h3>So far</h3>
      <ul>
        {lines.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}
