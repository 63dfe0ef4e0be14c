/** Values as people read them, and what people write as values. Pure. */

/** @param {string} lang */
const locale = (lang) => (lang === "zh" ? "zh-CN" : "en-GB");

/** @param {number} value @param {string} lang */
export const number = (value, lang) => new Intl.NumberFormat(locale(lang), { maximumFractionDigits: 1 }).format(value);

/** A share from 0 to 1; a share of nothing is a dash. @param {number} part @param {number} whole @param {string} lang */
export function percent(part, whole, lang) {
  if (!whole) return "–";
  return new Intl.NumberFormat(locale(lang), { style: "percent", maximumFractionDigits: part && part / whole < 0.1 ? 1 : 0 }).format(part / whole);
}

/** ISO 8601 as date and time here; empty for none. @param {string | null | undefined} iso @param {string} lang */
export function moment(iso, lang) {
  const at = iso ? new Date(iso) : null;
  if (!at || Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat(locale(lang), { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** `2026-11-22` as `22 Nov`. @param {string} iso @param {string} lang */
export function day(iso, lang) {
  const at = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  return new Intl.DateTimeFormat(locale(lang), { day: "numeric", month: "short", timeZone: "UTC" }).format(at);
}

/** Monday is 0. @param {number} weekday @param {string} lang @param {"short" | "long"} [style] */
export function weekdayName(weekday, lang, style = "short") {
  return new Intl.DateTimeFormat(locale(lang), { weekday: style, timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + weekday)));
}

/** @param {number} ms */
export function milliseconds(ms) {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))} s`;
}

/** @param {number} s */
export function seconds(s) {
  const whole = Math.max(0, Math.ceil(s));
  if (whole < 60) return `${whole} s`;
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** @param {number} count @param {string} lang */
export function bytes(count, lang) {
  const [value, unit] = count < 1000 ? [count, "B"] : count < 1e6 ? [count / 1000, "kB"] : [count / 1e6, "MB"];
  return `${number(value, lang)} ${unit}`;
}

/** A title as the name of an entry: no spaces, no colons. @param {string} title */
export const slug = (title) =>
  title.normalize("NFKC").toLowerCase().replace(/[^\p{Letter}\p{Number}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-$/, "");

/** Lines that say something. @param {string} text */
export const lines = (text) => text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);

/** What was typed as a price: text for the server, null for "the file's own", undefined for what cannot be one.
 * @param {string} typed @returns {string | null | undefined} */
export function price(typed) {
  const text = typed.trim();
  if (!text) return null;
  return /^[0-9]{1,9}(\.[0-9]{1,4})?$/.test(text) ? text : undefined;
}

/** As `price`, for pieces. @param {string} typed @returns {number | null | undefined} */
export function stock(typed) {
  const text = typed.trim();
  if (!text) return null;
  return /^[0-9]{1,6}$/.test(text) && Number(text) < 1_000_000 ? Number(text) : undefined;
}

/** Parameters that are set, as `?a=b`; nothing when none is. @param {Record<string, string | number | null | undefined>} values */
export function query(values) {
  const set = Object.entries(values).filter(([, value]) => value !== "" && value != null);
  return set.length ? `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}` : "";
}

/** The day `days` before `today` (after it, when less than nothing), both as `2026-11-22`. @param {string} today @param {number} days */
export const daysBefore = (today, days) => new Date(Date.parse(`${today}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);

/** The day that a clock on the wall shows. @param {Date} at */
export const localDay = (at) => [at.getFullYear(), String(at.getMonth() + 1).padStart(2, "0"), String(at.getDate()).padStart(2, "0")].join("-");
