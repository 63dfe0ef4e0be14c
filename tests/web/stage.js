/** What both sockets are tested on: storage in memory, and time that moves when the test says so. */

/** localStorage's behaviour over a Map. */
export class Shelf {
  map = new Map();
  get length() { return this.map.size; }
  key(i) { return [...this.map.keys()][i] ?? null; }
  getItem(k) { return this.map.get(k) ?? null; }
  setItem(k, v) { this.map.set(k, String(v)); }
  removeItem(k) { this.map.delete(k); }
}

/** Time that moves when the test says so. */
export class Clock {
  now = 1_000_000;
  timers = new Map();
  #n = 0;
  set(f, ms) { this.timers.set(++this.#n, { f, at: this.now + ms }); return this.#n; }
  clear(n) { this.timers.delete(n); }
  pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const next = [...this.timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!next) break;
      this.timers.delete(next[0]);
      this.now = Math.max(this.now, next[1].at);
      next[1].f();
    }
    this.now = end;
  }
}
