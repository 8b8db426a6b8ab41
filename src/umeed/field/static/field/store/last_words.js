// The browser has cleared all that was kept, while the app is open: what waited is in this window only. It still goes up, from here, though
// nothing can be kept of the answers; the same may come again. Stands in the place of sync.js for the rhythm.

import { PROTOCOL } from "./sync.js";

export class LastWords {
  #answered = new Set();

  /** `heard` is called when a try has ended. */
  constructor({ net, outbox, clock, app, heard }) {
    Object.assign(this, { net, outbox, clock, app, heard, isTalking: false });
  }

  /** How many commands are nowhere but in this window. */
  get left() {
    return this.outbox.toSend({ most: Infinity, bytes: Infinity, except: this.#answered }).length;
  }

  /** As that of sync.js: never throws, {ok} or {ok: false, reason}. */
  async session() {
    let outcome = { ok: true, reason: null };
    try {
      while (outcome.ok && this.left) outcome = await this.#some(this.outbox.toSend({ except: this.#answered }));
    } catch (error) {
      outcome = { ok: false, reason: "offline", error };
    }
    this.heard();
    return outcome;
  }

  async #some(commands) {
    const { waiting, refused } = this.outbox.counts();
    const about = { app: this.app, clock: new Date(this.clock.now()).toISOString(), counts: { waiting, refused } };
    const { status, body } = await this.net.sync({ protocol: PROTOCOL, ...about, commands, parts: false });
    const before = this.#answered.size;
    for (const { id } of (status === 200 && body?.answers) || []) this.#answered.add(id);
    return this.#answered.size > before ? { ok: true, reason: null } : { ok: false, reason: status === 401 ? "unknown" : "failed" };
  }
}
