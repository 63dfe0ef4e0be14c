/** Storage that never throws: where the browser refuses (private mode, full), values live as long as the page. */
export class Keep {
  /** @type {Map<string, string>} */
  #own = new Map();

  /** @param {Storage | null} storage */
  constructor(storage) {
    this.storage = storage;
  }

  /** @param {string} key */
  get(key) {
    return this.#own.get(key) ?? this.#try((s) => s.getItem(key)) ?? "";
  }

  /** @param {string} key @param {string} value  "" removes */
  set(key, value) {
    this.#own.delete(key);
    if (!value) this.#try((s) => s.removeItem(key));
    else if (!this.#try((s) => (s.setItem(key, value), true))) this.#own.set(key, value);
  }

  /** @param {string} prefix @returns {string[]} */
  keys(prefix) {
    const stored = this.#try((s) => Array.from({ length: s.length }, (_, i) => s.key(i) ?? "")) ?? [];
    return [...stored, ...this.#own.keys()].filter((key) => key.startsWith(prefix));
  }

  /** @template T @param {(storage: Storage) => T} use */
  #try(use) {
    try {
      return this.storage && use(this.storage);
    } catch {
      return null;
    }
  }
}
