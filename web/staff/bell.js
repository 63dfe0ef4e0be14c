/**
 * How somebody who looks elsewhere learns that a shopper waits: two soft tones made here, and a number in the title.
 * Off until it is switched on; a browser lets a page sound only after a click or key.
 */
const TONES = [[660, 0], [880, 0.16]];
const LENGTH_S = 0.34;

export class Bell {
  /** @type {AudioContext | null} */
  #audio = null;

  /** @param {import("../socket.js").Keep} keep */
  constructor(keep) {
    this.keep = keep;
    const wake = () => this.on && void this.#ready()?.resume();
    for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, wake, { passive: true });
  }

  get on() {
    return this.keep.get("sound") === "on";
  }

  /** @param {boolean} on */
  set(on) {
    this.keep.set("sound", on ? "on" : "");
    if (on) this.ring();
  }

  ring() {
    const audio = this.on ? this.#ready() : null;
    if (!audio) return;
    void audio.resume();
    for (const [hertz, after] of TONES) tone(audio, hertz, audio.currentTime + after);
  }

  #ready() {
    if (!this.#audio && "AudioContext" in window) this.#audio = new AudioContext();
    return this.#audio;
  }
}

/** @param {AudioContext} audio @param {number} hertz @param {number} at in seconds of `audio` */
function tone(audio, hertz, at) {
  const source = audio.createOscillator();
  const loud = audio.createGain();
  source.frequency.value = hertz;
  loud.gain.setValueAtTime(0.0001, at);
  loud.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
  loud.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH_S);
  source.connect(loud).connect(audio.destination);
  source.start(at);
  source.stop(at + LENGTH_S);
}
