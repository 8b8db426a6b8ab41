// Phones, a network, a server and an office, and what happens to them, one thing after the other, by chance. The phones run the
// product's own
// outbox, kept and sync; everything around them is here. Every step has its own chance: a history may be told without some of its steps.

import { Chance, quickDigest, quickSum } from "./chance.js";
import { Disk, Life } from "./disk.js";
import { postOf } from "./post.js";
import { adding } from "./difference.js";
import { Server } from "./server.js";

const YEAR_MS = 365 * 86400e3;
// So many turns of promises without a call to the store or the network: everybody waits.
const STILL = 30;

class Phone {
  constructor(name, owner, token) {
    Object.assign(this, { name, owner, token, device: token, disk: new Disk(), app: null, worker: null, skewMs: 0, isLocked: false, made: 0 });
  }
}

export class World {
  /** `parts`: {Outbox, Kept, Sync}, the product's or a mutant's. `keepsTrace`: what happened is told in words. */
  constructor(seed, parts, keepsTrace = false) {
    Object.assign(this, { seed, parts, trace: keepsTrace ? [] : null, counted: { calls: 0 } });
    Object.assign(this, { server: new Server(), jobs: [], wires: [], files: [], answerFiles: [], backups: [], errors: [] });
    // What she was told is kept; what is gone by no fault of ours.
    Object.assign(this, { told: new Map(), lost: new Set(), wasRestored: false, happened: 0 });
    this.chance = new Chance(seed, -1);
    // Half of the browsers wake a worker when the network is back.
    this.hasWorkers = seed % 2 === 1;
    Object.assign(this, { slowShare: 0, isQuiet: false });
    this.#people();
  }

  #people() {
    const { chance, server } = this;
    this.groups = ["g1", "g2", "g3"].slice(0, 1 + chance.below(3));
    for (const group of this.groups) server.addGroup(group, [`${group}w1`, `${group}w2`]);
    this.owners = ["Asha", "Bano"].slice(0, 1 + chance.below(2));
    this.phones = Array.from({ length: 1 + chance.below(4) }, (_, at) => new Phone(`p${at + 1}`, this.owners[at % this.owners.length], `t${at + 1}`));
    for (const owner of this.owners) server.keeps.set(owner, new Set(this.groups.filter(() => chance.is(0.8))));
    for (const phone of this.phones) server.enrol(phone.token, phone.owner);
    this.nextId = 1;
  }

  say(words) {
    this.happened += 1;
    if (this.trace) this.trace.push(words());
  }

  /** Lets everybody go on until all wait for the network, a slow write, or nothing. */
  async drain() {
    for (let still = 0, before = -1; still < STILL; still += 1) {
      await null;
      if (this.counted.calls !== before) still = 0;
      before = this.counted.calls;
    }
    for (const phone of this.phones) if (phone.app?.life.isDead) phone.app = null;
  }

  /** The network delivers, the server works, slow writes end, until nothing is on its way. */
  async finish() {
    for (let turn = 0; turn < 3000; turn += 1) {
      await this.drain();
      const slow = this.phones.find((phone) => phone.app?.life.pending.length);
      if (slow) slow.app.life.endWrite();
      else if (this.jobs.length) for (let step = 0; this.jobs.length && step < 40; step += 1) this.advance(this.jobs[step % this.jobs.length]);
      else if (this.wires.length) this.arrive(this.wires.shift(), true);
      else return;
    }
  }

  // Phones -----------------------------------------------------------------------------------------------------------------

  async open(phone) {
    if (phone.app || phone.isLocked) return;
    const life = new Life(phone.disk, this.counted, () => this.slowShare > 0 && this.chance.is(this.slowShare));
    const store = life.store();
    const clock = { now: () => 1.78e12 + phone.skewMs, after: () => () => {} };
    const outbox = new this.parts.Outbox({ store, now: clock.now });
    const kept = new this.parts.Kept({ store, adding, digest: (value) => this.#counting(quickDigest(value)), sum: (ids) => this.#counting(quickSum(ids)) });
    const net = { sync: (request) => this.#wire(phone, life, request), page: () => Promise.reject(new Error("no pages here")) };
    const sync = new this.parts.Sync({ store, net, clock, outbox, kept, most: 3 });
    phone.app = { life, store, outbox, kept, sync, opened: null };
    await Promise.all([outbox.load(), kept.load(), sync.load()]);
    if (this.hasWorkers) this.#withPost(phone);
  }

  /** Reads what was answered to letters, before anything else; from then on it leaves them, as screens/session.js does. */
  #withPost(phone) {
    const { app, disk } = phone;
    const { life, outbox, sync } = app;
    const device = disk.read("meta", "device")?.device === phone.device ? disk.read("meta", "device") : { device: phone.device, seq: 0 };
    app.post = postOf(life, this.counted);
    app.session = { id: phone.owner, store: app.store, outbox, sync, device };
    app.opened = this.#quietly(life, app.post.collectPost(app.session)).then((count) => count && this.say(() => `${phone.name} has collected ${count}`));
    sync.listen(({ event }) => {
      if (event === "started") this.#quietly(life, app.post.withdraw(app.session));
      if (event === "ended" && !sync.meta.ended) this.leavePost(phone);
    });
  }

  leavePost({ app }) {
    if (app) this.#quietly(app.life, app.post.post(app.session));
  }

  /** What goes on beside her: that there is no room, or that the phone is dead, is nobody's mistake. */
  #quietly(life, work) {
    return work.catch((error) => {
      if (!life.isDead && error.constructor.name !== "StoreFull") this.errors.push(error);
    });
  }

  #counting(value) {
    this.counted.calls += 1;
    return value;
  }

  close(phone) {
    phone.app?.life.die();
    phone.app = null;
  }

  talk(phone) {
    const { app } = phone;
    Promise.resolve(app.opened).then(() => app.sync.session()).then((outcome) => {
      if (!outcome.ok && outcome.error && !app.life.isDead && !["offline", "full", "unknown"].includes(outcome.reason)) this.errors.push(outcome.error);
    });
  }

  /** What she does; when it was kept she is told so. A refusal by the outbox is nothing, a dead phone or a full disk neither. */
  does(phone, work, told = () => {}) {
    const { app } = phone;
    Promise.resolve(app.opened).then(() => work(app)).then((record) => record && told(record), (error) => {
      if (!app.life.isDead && !["NotNow", "StoreFull"].includes(error.constructor.name)) this.errors.push(error);
    });
  }

  // The network ------------------------------------------------------------------------------------------------------------

  #wire(phone, life, request) {
    this.counted.calls += 1;
    if (life.isDead) return Promise.reject(new Error("dead"));
    return new Promise((resolve, reject) => {
      this.wires.push({ phone, life, request: this.#travelled(request), resolve, reject });
    });
  }

  /** The worker of a phone sends a letter. */
  letterWire(phone, letter) {
    this.counted.calls += 1;
    return new Promise((resolve, reject) => {
      this.wires.push({ phone, letter, resolve, reject });
    });
  }

  /** What goes over a wire is JSON. That nobody relies on sharing it shows in some histories as well as in all. */
  #travelled(value) {
    return this.seed % 16 ? value : JSON.parse(JSON.stringify(value));
  }

  /** The request of a wire begins its work on the server; `isHeard` whether the phone will get the answer. */
  arrive(wire, isHeard) {
    const work = wire.letter ? this.server.brought(JSON.parse(wire.letter)) : this.server.sync(wire.phone.token, wire.request);
    this.jobs.push({ work, what: `sync of ${wire.phone.name}`, wire: isHeard ? wire : null });
  }

  /** One step of something that goes on at the server. */
  advance(job) {
    this.happened += 1;
    const { done, value } = job.work.next();
    if (!done) return;
    this.jobs.splice(this.jobs.indexOf(job), 1);
    job.done?.(value);
    if (job.wire) this.answer(job.wire, value);
  }

  /** The answer reaches the phone, if it still listens. */
  answer(wire, answer) {
    this.say(() => `${wire.letter ? "the worker of " : ""}${wire.phone.name} is answered ${JSON.stringify(answer.body ?? answer)}`);
    wire.resolve(this.#inLines(this.#travelled(answer)));
  }

  /** Some answers come in lines, and some of these break off after a few groups. */
  #inLines(answer) {
    const groups = answer.body?.groups;
    if (!groups?.length || !this.chance.is(0.4)) return answer;
    const whole = this.isQuiet || this.chance.is(0.7);
    const lines = linesOf(groups.slice(0, whole ? groups.length : this.chance.below(groups.length)), whole);
    return { ...answer, body: { ...answer.body, groups: lines } };
  }

  crashServer() {
    this.say(() => "the server dies");
    this.server.crash();
    for (const job of this.jobs.splice(0)) job.wire?.reject(new Error("server died"));
  }

  /** Work at a desk begins. */
  office(what, work, done) {
    this.say(() => `office: ${what}`);
    this.jobs.push({ work, what, done });
  }

  // What is lost by no fault of ours ------------------------------------------------------------------------------------------

  /** The browser threw everything away: what was nowhere else is gone. */
  evict(phone) {
    this.close(phone);
    phone.worker?.die();
    phone.disk = new Disk();
    phone.token = `${phone.token}'`;
    phone.device = phone.token;
    this.server.enrol(phone.token, phone.owner);
    this.#mournWhatIsNowhere();
  }

  /**
   * The server forgot what came after a backup: what no phone and no file has is gone, also what only officers did. A phone that is just
   * writing what the server told it a moment ago is killed: else it might still throw away what the server had then.
   */
  restore(text, isUnderItsName = false) {
    this.crashServer();
    for (const phone of this.phones) if (phone.app?.life.pending.length) this.close(phone);
    this.server.restore(text, isUnderItsName);
    this.wasRestored = true;
    this.#mournWhatIsNowhere();
  }

  #mournWhatIsNowhere() {
    for (const id of this.told.keys()) if (!this.isSomewhere(id)) this.lost.add(id);
  }

  /** What is only on its way counts for nothing. */
  isSomewhere(id) {
    const { owner } = this.told.get(id);
    const isWhole = (record) => record.id === id && record.said !== null;
    const isCarried = (one) => one.id === id && one.kind !== "put_away"; // that says no more than why
    return this.server.rows(owner, id).length > 0 || this.files.some((file) => file.commands.some(isCarried))
      || this.phones.some((phone) => phone.disk.values("commands").some(isWhole));
  }
}

async function* linesOf(groups, isWhole) {
  for (const one of groups) yield [one];
  if (!isWhole) throw new Error("half an answer");
}

export { YEAR_MS };
