/** The sample shop's page: passes language, theme and product to the widget, and opens it from the page's own buttons. */
const asked = new URLSearchParams(location.search);
const chat = /** @type {import("./element.js").AisleChat} */ (document.querySelector("aisle-chat"));

const lang = asked.get("lang");
if (lang) chat.setAttribute("lang", lang);
const theme = asked.get("theme");
if (theme) document.documentElement.dataset.theme = theme;
if (theme) chat.setAttribute("theme", theme);

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => {
    chat.setAttribute("product", button.getAttribute("data-ask") ?? "");
    chat.open();
  });
}
