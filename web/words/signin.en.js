/** The sign-in page in English. */
export default {
  page: "Sign in · Aisle",
  title: "Sign in",
  about: "For staff and admins of the shop.",
  name: "Name",
  password: "Password",
  show: "Show",
  hide: "Hide",
  enter: "Sign in",
  entering: "Signing in…",
  hello: (/** @type {string} */ name) => `You are signed in as ${name}`,
  desk: "To the desk",
  admin: "Knowledge and insights",
  leave: "Sign out",
  left: "You are signed out.",
  admins: "That page is for admins. Sign out to use another account.",
  problems: {
    empty: "Please give your name and your password.",
    not_signed_in: "Name and password do not fit together.",
    rate_limited: (/** @type {number} */ minutes) =>
      minutes === 1 ? "Too many tries. Please try again in a minute." : `Too many tries. Please try again in ${minutes} minutes.`,
    bad_origin: "This page was opened under another address than the server's. Please open it again from your bookmark.",
    store_lost: "We cannot reach our database just now. Please try again in a moment.",
    offline: "No connection to the server. Please try again.",
    other: "Something went wrong on our side. Please try again.",
  },
};
