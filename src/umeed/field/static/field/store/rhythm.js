// When the phone talks to the server: at once when something was kept or the network came back, else now and then; after a
// failure later and
// later. Waiting is by the browser's timers, not by the clock: a clock that is years off delays nothing.

const AFTER_SUCCESS_MS = 15 * 60_000;
const FIRST_MS = 15_000;
const MOST_MS = 30 * 60_000;
const FINAL = new Set(["unknown", "outdated"]);

/** Milliseconds until the next try after so many failures; `chance` (0–1) spreads phones that lost the network together. */
export function delayAfter(failures, chance) {
  const whole = failures ? Math.min(FIRST_MS * 2 ** (failures - 1), MOST_MS) : AFTER_SUCCESS_MS;
  return Math.round(whole * (0.75 + chance / 2));
}

export class Rhythm {
  #cancel = () => {};

  constructor({ sync, clock, chance = Math.random }) {
    Object.assign(this, { sync, clock, chance, failures: 0, isOn: false });
  }

  start() {
    this.isOn = true;
    return this.now();
  }

  stop() {
    this.isOn = false;
    this.#cancel();
  }

  /** Something was kept, the network is back, she asked. Once more after a conversation that runs: it may have passed this by. */
  async now() {
    this.#cancel();
    if (this.sync.isTalking) await this.sync.session();
    const outcome = await this.sync.session();
    this.failures = outcome.ok ? 0 : this.failures + 1;
    this.#cancel();
    if (this.isOn && !FINAL.has(outcome.reason)) this.#cancel = this.clock.after(delayAfter(this.failures, this.chance()), () => this.now());
    return outcome;
  }
}

/** The clock and timers of the browser. */
export const browserClock = {
  now: () => Date.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
