/** The WebSocket of one terminal: connects, reads, and connects again until it is stopped. */

import { readPrincipal } from "../access/principal.ts";
import { parsed } from "../api/json.ts";
import { wait } from "./backoff.ts";

export type Connection =
  | { state: "connecting" }
  | { state: "connected" }
  | { state: "waiting"; attempt: number; untilMs: number };

/** The server sends its health each 2 s; a connection silent for longer than this is dead without knowing it. */
const SILENCE_MS = 12_000;
const OPEN_PATIENCE_MS = 10_000;
/** A connection that held this long was a good one: the next wait starts small again. */
const PROVEN_MS = 5_000;

export class LiveFeed {
  readonly #terminal: string;
  readonly #onFrame: (frame: unknown) => void;
  readonly #onConnection: (connection: Connection) => void;
  #socket: WebSocket | null = null;
  #timer = 0;
  #watchdog = 0;
  #attempt = 0;
  #openedMs = 0;
  #stopped = false;

  constructor(terminal: string, onFrame: (frame: unknown) => void, onConnection: (connection: Connection) => void) {
    this.#terminal = terminal;
    this.#onFrame = onFrame;
    this.#onConnection = onConnection;
    window.addEventListener("online", this.#hurry);
    document.addEventListener("visibilitychange", this.#hurry);
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    window.removeEventListener("online", this.#hurry);
    document.removeEventListener("visibilitychange", this.#hurry);
    window.clearTimeout(this.#timer);
    this.#drop();
  }

  #connect(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#drop();
    this.#onConnection({ state: "connecting" });
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const url = `${scheme}//${location.host}/api/v1/live?terminal=${encodeURIComponent(this.#terminal)}`;
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#openedMs = 0;
    this.#watch(OPEN_PATIENCE_MS);
    socket.onopen = () => {
      this.#openedMs = performance.now();
      this.#watch(SILENCE_MS);
      this.#onConnection({ state: "connected" });
    };
    socket.onmessage = (event) => this.#read(event.data);
    socket.onclose = () => {
      this.#lost();
      void readPrincipal(); // it may be that the key ended
    };
  }

  #read(data: unknown): void {
    this.#watch(SILENCE_MS);
    if (typeof data !== "string") return;
    let frame: unknown;
    try {
      frame = parsed(data);
    } catch {
      console.warn("a frame of the live feed is no JSON; it is left out");
      return;
    }
    this.#onFrame(frame);
  }

  #lost(): void {
    const held = this.#openedMs > 0 && performance.now() - this.#openedMs > PROVEN_MS;
    this.#drop();
    if (this.#stopped) return;
    this.#attempt = held ? 1 : this.#attempt + 1;
    const ms = wait(this.#attempt, Math.random());
    this.#onConnection({ state: "waiting", attempt: this.#attempt, untilMs: Date.now() + ms });
    this.#timer = window.setTimeout(() => this.#connect(), ms);
  }

  #watch(ms: number): void {
    window.clearTimeout(this.#watchdog);
    this.#watchdog = window.setTimeout(() => this.#lost(), ms);
  }

  #drop(): void {
    window.clearTimeout(this.#watchdog);
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** The network or the tab came back: do not sit out a long wait. */
  readonly #hurry = (): void => {
    if (this.#timer !== 0 && document.visibilityState === "visible") this.#connect();
  };
}
