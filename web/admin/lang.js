/** The page's language: `?lang`, else the one chosen last (on any page for those signed in), else the browser's. */

const KEY = "aisle-lang";

/** @returns {"en" | "zh"} */
export function chosen() {
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = asked ?? kept() ?? navigator.languages.find((one) => /^(en|zh)\b/.test(one)) ?? "en";
  const found = wanted.startsWith("zh") ? "zh" : "en";
  if (asked) keep(found);
  return found;
}

/** Storage may be switched off; the page works without. */
function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} lang */
function keep(lang) {
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // it is asked for again next time
  }
}
