// Types only, never shipped: what the admin's page and its sections hand one another, and what the server tells.
import type en from "../words/admin.en.js";
import type { Who } from "../session.js";

export type Words = typeof en;
export type Lang = "en" | "zh";

/** What a section of the page is given. `signal` is aborted when the reader goes to another one. */
export interface Page {
  root: HTMLElement;
  words: Words;
  lang: Lang;
  params: URLSearchParams;
  signal: AbortSignal;
  who: Who;
  /** A call to the server; who is no longer signed in is sent to the door. */
  ask(method: string, path: string, body?: unknown): Promise<any>;
  /** Say that something was done, for a moment, also to screen readers. */
  say(text: string): void;
  /** Keep these in the address, so that reloading and sending the link shows the same. */
  keep(params: Record<string, string>): void;
}

export interface Column<T> {
  label: string;
  cell(row: T): Node | string;
  /** Shown to the right, as figures are. */
  figure?: boolean;
  name?: string;
}

export interface Entry {
  id: string; entry: string; kind: "faq" | "policy" | "product" | "promotion"; lang: string;
  title: string; text: string; questions: string[]; url: string;
  origin: { file?: string; line?: number; edited_by?: string; at?: string };
  snapshot: string | null; indexed: boolean; failed: string | null; hidden: boolean;
}
export interface SourceProblem { file?: string; line?: number; column?: string; found: string; wanted: string }
export interface Score { total: number; first: number; passed: number; missed: string[] }
export interface Scores { before: Score | null; after: Score | null; unknown?: string[] }
export interface Named { id: string; title: string }
export interface Change { sku: string; before: string; after: string }
export interface Checked {
  problems: SourceProblem[];
  diff: { added: Named[]; changed: Named[]; removed: Named[]; prices: Change[]; stock: Change[] };
  gold: Scores;
}
export interface Run {
  id: string; by: string; at: string; state: "queued" | "running" | "done" | "failed" | "cancelled";
  version: string | null; stage: string; done: number; total: number; rate: number | null; left_s: number | null;
  problems: SourceProblem[]; failed: { id: string; why: string }[]; gold: Scores | null;
  activated: boolean; why: string; seconds: number; options: { activate: boolean; force: boolean; skip_bad: boolean };
}
export interface Snapshot {
  version: string; created_at: string; current: boolean; encoder: string; counts: Record<string, number> | null;
  problem: string; gold: Score | null; by: string | null;
}
export interface Watch { enabled: boolean; every_s: number; last: string | null; last_result: string; next: string | null }
export interface Standing { items: Snapshot[]; workers: { worker: string; version: string; seen_at: string }[] | null; watch: Watch }
export interface Gold { id: string; question: string; lang: string; passage: string; saved: boolean }
export interface Told {
  text: string; lang: string; query: string; generator: string; fallback: string; snapshot: string;
  citations: { n: number; passage: string; title: string; excerpt: string; url: string }[];
  cards: { handle: string; name: string; price: string; stock: number }[];
  choices: string[]; action: string | null;
  hits: { passage: string; title: string; score: number; exact: boolean; cosine: number; bm25: number; coverage: number }[];
  verdict: { kind: string; text: string; supported: boolean }[];
  ms: Record<string, number>; prompt: { role: string; content: string }[] | null; draft: string;
}
