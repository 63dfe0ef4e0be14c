/**
 * State + action → state. Pure, and idempotent in frames: they may come twice or late.
 *
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Action} Action
 * @typedef {import("./types").Message} Message
 * @typedef {import("./types").Draft} Draft
 */

/** How long "is writing" is believed without news. */
export const TYPING_MS = { bot: 25_000, staff: 8_000 };
export const NOTICE_MS = 8_000;

/** @returns {State} */
export const fresh = () => ({
  conversation: "",
  shop: "",
  greeting: "",
  choices: [],
  maxChars: 2000,
  messages: [],
  outbox: [],
  draft: null,
  typing: {},
  phase: "bot",
  degraded: false,
  link: "idle",
  ready: false,
  open: false,
  seen: 0,
  notice: null,
});

/** @type {(state: State, action: Action) => State} */
export function reduce(state, action) {
  switch (action.type) {
    case "frame":
      return hear(state, action.frame, action.now);
    case "pending":
      return state.messages.some((m) => m.id === action.item.id) ? state : { ...state, outbox: put(state.outbox, action.item) };
    case "discard":
      return { ...state, outbox: state.outbox.filter((p) => p.id !== action.id) };
    case "rate":
      return rated(state, action.seq, action.value);
    case "link":
      if (action.link === "open") return { ...state, link: "open" };
      return { ...state, link: action.link, typing: {}, draft: state.draft && { ...state.draft, until: 0 } };
    case "open":
      return { ...state, open: action.open };
    case "seen":
      return action.seq > state.seen ? { ...state, seen: action.seq } : state;
    case "tick":
      return tick(state, action.now);
    case "reset":
      return { ...fresh(), outbox: state.outbox, link: state.link, open: state.open };
  }
}

/** The last `seq` before the first hole: what `hello{after_seq}` may claim. @param {Message[]} messages */
export function reached(messages) {
  let i = 0;
  while (i + 1 < messages.length && messages[i + 1].seq === messages[i].seq + 1) i++;
  return messages[i]?.seq ?? 0;
}

/** @param {State} state */
export const unread = (state) =>
  state.messages.filter((m) => m.seq > state.seen && (m.author === "bot" || m.author === "staff")).length;

/** @param {State} state @param {number} now */
export const answering = (state, now) => (state.draft?.until ?? 0) > now || (state.typing.bot ?? 0) > now;

/** When the next `tick` is due. @param {State} state @param {number} now */
export function due(state, now) {
  const times = [state.draft?.until, state.typing.bot, state.typing.staff, state.notice?.until];
  return Math.min(...times.map((t) => (t && t > now ? t : Infinity)));
}

/** @type {(state: State, frame: import("./types").ServerFrame, now: number) => State} */
function hear(state, frame, now) {
  switch (frame.type) {
    case "welcome":
      return {
        ...state,
        conversation: frame.conversation,
        shop: frame.shop,
        greeting: frame.greeting,
        choices: frame.choices ?? [],
        maxChars: frame.max_chars,
      };
    case "ack": {
      const mine = state.outbox.find((p) => p.id === frame.id);
      return mine ? commit(state, message({ ...frame, author: "shopper", text: mine.text })) : state;
    }
    case "delta":
      return stream(state, frame, now);
    case "message":
      return Number.isInteger(frame.seq) ? commit(state, message(frame)) : state;
    case "status":
      return { ...state, phase: frame.phase, degraded: !!frame.degraded, ready: true };
    case "typing":
      if (frame.author === "shopper") return state;
      return { ...state, typing: { ...state.typing, [frame.author]: frame.on ? now + TYPING_MS[frame.author] : 0 } };
    case "rated":
      return rated(state, frame.seq, frame.value);
    case "error":
      return { ...state, notice: { code: frame.code, until: now + NOTICE_MS } };
    default:
      return state; // of a newer server
  }
}

/** @param {any} f @returns {Message} */
const message = ({ type, ...f }) => ({
  id: null,
  turn: null,
  event: null,
  action: "",
  citations: [],
  cards: [],
  choices: [],
  stopped: false,
  rating: 0,
  ...f,
});

/** @param {State} state @param {Message} m @returns {State} */
function commit(state, m) {
  const { author, id, seq, turn } = m;
  const old = state.messages.find((other) => other.seq === seq);
  const same = old && JSON.stringify(old) === JSON.stringify(m);
  const messages = same ? state.messages : [...state.messages.filter((other) => other !== old), m].sort((a, b) => a.seq - b.seq);
  return {
    ...state,
    messages,
    outbox: id ? state.outbox.filter((p) => p.id !== id) : state.outbox,
    draft: state.draft && state.draft.turn === turn ? null : state.draft,
    typing: author === "bot" || author === "staff" ? { ...state.typing, [author]: 0 } : state.typing,
  };
}

/** @param {State} state @param {import("./types").Delta} delta @param {number} now @returns {State} */
function stream(state, { turn, offset, text }, now) {
  const older = state.draft && state.draft.turn > turn;
  if (older || state.messages.some((m) => m.turn === turn)) return state;
  const draft = state.draft?.turn === turn ? state.draft : { turn, text: "", chars: 0, later: {}, until: 0 };
  return { ...state, draft: { ...grow(draft, offset, text), until: now + TYPING_MS.bot } };
}

/**
 * What contradicts the draft wins: another worker began the answer anew.
 *
 * @param {Draft} draft @param {number} offset @param {string} text @returns {Draft}
 */
function grow(draft, offset, text) {
  if (offset > draft.chars) return { ...draft, later: { ...draft.later, [offset]: text } };
  const have = Array.from(draft.text);
  const piece = Array.from(text);
  const agrees = piece.every((c, i) => offset + i >= have.length || have[offset + i] === c);
  if (agrees && offset + piece.length <= have.length) return draft;
  const whole = [...have.slice(0, offset), ...piece];
  /** @type {Draft} */
  let grown = { ...draft, text: whole.join(""), chars: whole.length, later: {} };
  if (agrees) for (const [at, later] of Object.entries(draft.later)) grown = grow(grown, Number(at), later);
  return grown;
}

/** @param {State} state @param {number} seq @param {number} value @returns {State} */
const rated = (state, seq, value) => ({
  ...state,
  messages: state.messages.map((m) => (m.seq === seq && m.rating !== value ? { ...m, rating: value } : m)),
});

/** @param {State} state @param {number} now @returns {State} */
function tick(state, now) {
  const kept = (/** @type {number | undefined} */ t) => (t && t > now ? t : 0);
  return {
    ...state,
    typing: { bot: kept(state.typing.bot), staff: kept(state.typing.staff) },
    draft: state.draft && { ...state.draft, until: kept(state.draft.until) },
    notice: state.notice && state.notice.until > now ? state.notice : null,
  };
}

/** @param {import("./types").Pending[]} list @param {import("./types").Pending} item */
const put = (list, item) =>
  list.some((p) => p.id === item.id) ? list.map((p) => (p.id === item.id ? item : p)) : [...list, item];
