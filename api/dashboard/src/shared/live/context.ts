/** The session, for components. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Session } from "./session.ts";
import type { TerminalData } from "./terminal-data.ts";

export const SessionContext = createContext<Session | null>(null);

/** The session of the page. Throws outside of it. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("no session: the component stands outside of the page");
  return session;
}

/** What is known of the terminal; the component follows what it reads of it. */
export function useTerminalData(): TerminalData {
  return useSession().data.value;
}
