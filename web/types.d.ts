// Types only, never shipped: the wire protocol as `bot/frames.py` defines it, and the widget's own state.

export type Author = "shopper" | "bot" | "staff" | "system";
export type Phase = "bot" | "waiting" | "staff" | "closed";

export interface Citation { n: number; passage: string; title: string; excerpt: string; url: string }
export interface Card { handle: string; name: string; price: string; stock: number; url: string; image: string; note: string }

export interface Message {
  seq: number;
  at: string;
  author: Author;
  text: string;
  id: string | null;
  turn: number | null;
  event: string | null;
  action: string;
  citations: Citation[];
  cards: Card[];
  choices: string[];
  stopped: boolean;
  rating: number;
}

export interface Welcome {
  type: "welcome"; v: number; conversation: string; token: string; shop: string; lang: string; last_seq: number;
  greeting: string; choices?: string[]; max_chars: number;
}
export interface Ack { type: "ack"; id: string; seq: number; at: string }
export interface Delta { type: "delta"; turn: number; offset: number; text: string }
export type MessageFrame = { type: "message" } & Pick<Message, "seq" | "at" | "author" | "text"> & Partial<Message>;
export interface Status { type: "status"; phase: Phase; degraded?: boolean }
export interface Typing { type: "typing"; author: "bot" | "staff" | "shopper"; on: boolean }
export interface Rated { type: "rated"; seq: number; value: number }
export interface ErrorFrame { type: "error"; code: string; message: string; ref?: string; retry_after_s?: number }
export type ServerFrame = Welcome | Ack | Delta | MessageFrame | Status | Typing | Rated | ErrorFrame;

/** A message of the shopper's that the server has not acknowledged. `failed` is a wire code, or "" while there is hope. */
export interface Pending { id: string; text: string; at: number; failed: string }

/** The answer being streamed. `chars` counts code points, as the server does; `later` holds pieces past a gap. */
export interface Draft { turn: number; text: string; chars: number; later: Record<number, string>; until: number }

/** idle: nobody opened the chat yet. lost: several tries failed, more will come. outdated: only a reload helps. */
export type Link = "idle" | "connecting" | "open" | "lost" | "outdated";

export interface State {
  conversation: string;
  shop: string;
  greeting: string;
  choices: string[];
  maxChars: number;
  messages: Message[];
  outbox: Pending[];
  draft: Draft | null;
  typing: { bot?: number; staff?: number };
  phase: Phase;
  degraded: boolean;
  link: Link;
  ready: boolean;
  open: boolean;
  seen: number;
  notice: { code: string; until: number } | null;
}

export type Action =
  | { type: "frame"; frame: ServerFrame; now: number }
  | { type: "pending"; item: Pending }
  | { type: "discard"; id: string }
  | { type: "rate"; seq: number; value: number }
  | { type: "link"; link: Link }
  | { type: "open"; open: boolean }
  | { type: "seen"; seq: number }
  | { type: "tick"; now: number }
  | { type: "reset" };

export type Words = typeof import("./words/en.js").default;

/** What the socket is given, so that it knows no page. */
export interface Line {
  /** The websocket's address. */
  url: string;
  /** Prefix of everything kept in storage; one per server. */
  key: string;
  keep: import("./socket.js").Keep;
  env: {
    WebSocket: new (url: string) => WebSocket;
    now(): number;
    /** In [0, 1). */
    random(): number;
    /** A new client id: 8 to 64 of A–Z a–z 0–9 _ -. */
    id(): string;
    setTimeout(f: () => void, ms: number): any;
    clearTimeout(timer: any): void;
  };
  state(): State;
  dispatch(action: Action): void;
  about(): { lang: string; page: { url: string; product: string; viewed: string[]; cart: string[]; bought: string[] } };
}

/** What a bubble needs besides its message. */
export interface Setting {
  words: Words;
  line: import("./socket.js").Socket;
  cite(citation: Citation): void;
  edit(item: Pending): void;
  /** Whether product pictures may come from other origins. */
  images: boolean;
}
