/**
 * Calls to the server from pages for those signed in: JSON in and out, the CSRF token with every change, errors as
 * `Problem`. It does not know what a page shows.
 *
 * @typedef {{name: string | null, role: "staff" | "admin" | null, csrf: string}} Who
 */

/** A call that was refused or failed; `code` is the server's (`bot/errors.py`), or `offline`. */
export class Problem extends Error {
  /** @param {string} code @param {string} message @param {number} [retryAfterS] @param {any[]} [problems] every bad place */
  constructor(code, message, retryAfterS = 0, problems = []) {
    super(message);
    this.code = code;
    this.retryAfterS = retryAfterS;
    this.problems = problems;
  }
}

let csrf = "";

/**
 * @param {string} method @param {string} path @param {unknown} [body] sent as JSON; a form's files as they are
 * @returns {Promise<any>} the answer's JSON; null when it has none
 */
export async function call(method, path, body) {
  const plain = body === undefined || body instanceof FormData;
  const headers = { ...(csrf && { "x-csrf-token": csrf }), ...(!plain && { "content-type": "application/json" }) };
  let response, answer;
  try {
    response = await fetch(path, { method, headers, body: plain ? body : JSON.stringify(body), cache: "no-store" });
    const text = await response.text();
    answer = text && response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : null;
  } catch (error) {
    throw new Problem("offline", String(error));
  }
  if (!response.ok) throw new Problem(answer?.code ?? "other", answer?.message ?? response.statusText, answer?.retry_after_s, answer?.problems);
  return answer;
}

/** Who is signed in, which may be nobody. @returns {Promise<Who>} */
export const whoami = async () => known(await call("GET", "/api/whoami"));

/** @param {string} name @param {string} password @returns {Promise<Who>} */
export const signIn = async (name, password) => known(await call("POST", "/api/sign-in", { name, password }));

/** End the session here and on the server. */
export async function signOut() {
  await call("POST", "/api/sign-out");
  csrf = "";
}

/** The page to sign in on, and to come back from. */
export const door = () => `/signin?next=${encodeURIComponent(location.pathname + location.search)}`;

/** @param {Who} who */
function known(who) {
  csrf = who.csrf;
  return who;
}
