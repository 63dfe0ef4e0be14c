// Types only, never shipped: the desk's frames as `bot/desk_frames.py` defines them, and the page's own state.
import type { Card, Citation, Message, Phase, State as Talk } from "../types";

export type Reason =
  | "shopper_asked" | "no_knowledge" | "low_support" | "policy" | "anger" | "legal_threat" | "order_action" | "tool_failure";
export type Group = "waiting" | "mine" | "others" | "bot" | "closed";
export type Filter = Group | "all";
export type Act = "claim" | "give_back" | "queue" | "close";

export interface Summary {
  conversation: string;
  phase: Phase;
  reason?: Reason | null;
  lang: string;
  mood: "calm" | "annoyed" | "angry";
  opened_at: string;
  last_at: string;
  waiting_since?: string | null;
  /** Since when it counts as waiting, for the order of those who wait. */
  place_at?: string | null;
  stage?: "discovery" | "interested" | "ready";
  /** By what stage and mood were read. */
  signs?: Sign[];
  staff?: string | null;
  messages: number;
  rating: number;
  /** The first question and the last thing said, shortened. */
  lines: string[];
  /** The address that the shopper left; "" when none. */
  email?: string;
}

export interface Sign { of: "stage" | "mood"; name: string; words: string }

export interface Why {
  query: string;
  generator: string;
  fallback: string;
  hits: { passage: string; title?: string; score: number; exact: number | boolean; cosine: number; coverage: number }[];
  claims: { kind: string; text: string; supported: boolean }[];
  ms: Record<string, number>;
  /** How the message before was read; signs as `[of, name, words]`. */
  reading?: { stage: "discovery" | "interested" | "ready"; mood: "calm" | "annoyed" | "angry"; signs: [Sign["of"], string, string][] };
}

export interface StaffMessage extends Message { reason: Reason | null; staff: string | null; why: Why | null }
export interface Note { id: string | number; at: string; staff: string; text: string }
export interface Me { name: string; role: "staff" | "admin" }
export interface Hours { open: boolean; text: string }

export type Live =
  | { type: "message"; conversation: string; message: Partial<StaffMessage> & Pick<Message, "seq" | "at" | "author" | "text"> }
  | { type: "delta"; conversation: string; turn: number; offset: number; text: string }
  | { type: "typing"; conversation: string; author: "bot" | "staff" | "shopper"; on: boolean }
  | { type: "note"; conversation: string; note: Note }
  | { type: "rated"; conversation: string; seq: number; value: number };

export type ServerFrame =
  | { type: "desk"; v: number; me: Me; conversations: Summary[]; hours: Hours }
  | { type: "conversation"; summary: Summary }
  | { type: "gone"; conversation: string }
  | { type: "opened"; conversation: string; messages: Extract<Live, { type: "message" }>["message"][]; notes: Note[] }
  | Live
  | { type: "done"; id: string }
  | { type: "error"; id?: string | null; code: string; message: string };

/** A reply or note that the server has not confirmed. `failed` is a wire code, or "" while there is hope. */
export interface Item { id: string; conversation: string; kind: "reply" | "note"; text: string; at: number; failed: string; by: string }

/** The conversation that is watched. `early`: what came between asking for it and `opened`. */
export interface Thread {
  conversation: string;
  talk: Talk;
  notes: Note[];
  /** Until when "the shopper is writing" is believed. */
  typing: number;
  waiting: boolean;
  early: Live[];
}

/** Something to be told once. `about`: an act or call that it answers, or "". */
export interface Notice { id: number; code: string; about: string; conversation: string; until: number; good: boolean }

export interface State {
  /** lost: more tries will come. outdated: only a reload helps. */
  link: "connecting" | "open" | "lost" | "outdated";
  /** A `desk` has come at least once. */
  ready: boolean;
  me: Me;
  hours: Hours;
  conversations: Record<string, Summary>;
  thread: Thread | null;
  outbox: Item[];
  acts: { id: string; act: Act; conversation: string }[];
  /** How many messages of a conversation this person has had before them. */
  seen: Record<string, number>;
  filter: Filter;
  /** Replies that were marked wrong from this page: `conversation:seq`. */
  marked: Record<string, boolean>;
  notices: Notice[];
}

export type Action =
  | { type: "frame"; frame: ServerFrame; now: number }
  | { type: "link"; link: State["link"] }
  | { type: "watch"; conversation: string }
  | { type: "filter"; filter: Filter }
  | { type: "pending"; item: Item }
  | { type: "discard"; id: string }
  | { type: "act"; id: string; act: Act; conversation: string }
  | { type: "notice"; code: string; about: string; conversation: string; now: number; good?: boolean }
  | { type: "dismiss"; id: number }
  | { type: "marked"; conversation: string; seq: number }
  | { type: "tick"; now: number };

export type Words = typeof import("../words/staff.en.js").default;

/** What the socket is given, so that it knows no page. */
export interface Wire {
  url: string;
  /** Prefix of everything kept in storage. */
  key: string;
  keep: import("../socket.js").Keep;
  env: import("../types").Line["env"];
  state(): State;
  dispatch(action: Action): void;
  /** The session is over. */
  out(): void;
  /** A connection was refused before a word was said: is anybody signed in still? */
  check(): void;
}

export interface Canned { name: string; text: string; lang: string }
export interface Found { passages: { id: string; kind: string; title: string; excerpt: string; url: string }[]; products: Card[] }
export interface Suggested { text: string; citations: Citation[] }

/** What all parts of the page share. */
export interface Room {
  words: Words;
  lang: "en" | "zh";
  line: import("./socket.js").DeskSocket;
  /** For this person on this machine; `tab` ends with the tab. */
  keep: import("../socket.js").Keep;
  tab: import("../socket.js").Keep;
  state(): State;
  dispatch(action: Action): void;
  /** A call whose failure is told; null then. */
  ask<T>(about: string, method: string, path: string, body?: unknown): Promise<T | null>;
  /** Read out, not shown. */
  announce(text: string): void;
  open(conversation: string): void;
}
