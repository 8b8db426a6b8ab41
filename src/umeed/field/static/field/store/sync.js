// The conversation with the server: what waits goes up, answers come first and are kept first, then the parts, and the cursor
// last. Whatever
// stops it between two writes, the next one only repeats. Ports: store (db.js), outbox, kept, net.sync(request) → {status, body} and
// net.page(id, bytes) → {status}, both of which throw where there is no network; clock {now, after(ms, work) → cancel}; log(event).

import { picturesAskedFor, sendPictures, stillUntil } from "./pictures.js";

export const PROTOCOL = 1;
const MOST_ROUNDS = 400;
const NOTHING_KEPT = { told: 0, cursor: "", today: null, name: "", owner: "", language: "", synced_at: null, ended: false };

/** Why a conversation ended early. reason: offline · unknown (the device is not known to the server) · failed · full · outdated */
export class Stopped extends Error {
  constructor(reason, cause) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** Which server answers, as it says itself: one that was put back to an earlier day is another. */
const serverOf = (body) => body.server || body.cursor.slice(0, Math.max(0, body.cursor.lastIndexOf(".")));

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function looksRight(body) {
  return isObject(body) && Array.isArray(body.answers) && Array.isArray(body.gone) && typeof body.cursor === "string"
    && (Array.isArray(body.groups) || typeof body.groups?.[Symbol.asyncIterator] === "function");
}

/** Its groups as they come, some at a time. */
async function* comingOf({ groups }) {
  if (Array.isArray(groups)) {
    if (groups.length) yield groups;
    return;
  }
  try {
    yield* groups;
  } catch (error) {
    throw new Stopped("offline", error);
  }
}

export class Sync {
  #talking = null;
  #listeners = new Set();

  constructor({ store, net, clock, outbox, kept, log = () => {}, app = "", most = 50, bytes = 512 * 1024 }) {
    Object.assign(this, { store, net, clock, outbox, kept, log, app, most, bytes });
    this.meta = { ...NOTHING_KEPT };
    this.sending = 0;
    this.isOnline = null;
  }

  async load() {
    this.meta = { ...NOTHING_KEPT, ...(await this.store.get("meta", "sync")) };
    return this;
  }

  /** One word for the screens. lastSyncedAt: by the phone's clock, null before the first time. */
  get status() {
    const { waiting, refused, conflicts, held, waits } = this.outbox.counts();
    const { synced_at: lastSyncedAt, ended: isEnded, today, pictures_until: until } = this.meta;
    const pictures = { count: picturesAskedFor(this.outbox), until: stillUntil(until, this.clock.now()) };
    return { pictures, waiting, sending: this.sending, refused, conflicts, held, waits, lastSyncedAt, today, isEnded, isOnline: this.isOnline };
  }

  /** `heard` is called with what happens: {event: "started" | "sent" | "answers" | "parts" | "gone" | "wiped" | "ended", …}. */
  listen(heard) {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  #tell(event, what = {}) {
    this.log({ event, ...what });
    for (const heard of this.#listeners) heard({ event, ...what });
  }

  /** Talks until both sides have said all. Never throws: {ok} or {ok: false, reason}. Whoever asks meanwhile gets the same. */
  session() {
    this.#talking ||= this.#session().finally(() => { this.#talking = null; });
    return this.#talking;
  }

  get isTalking() {
    return this.#talking !== null;
  }

  async #session() {
    this.#tell("started");
    let outcome = { ok: true, reason: null };
    try {
      await this.#talk();
    } catch (error) {
      const reason = error instanceof Stopped ? error.reason : error?.constructor?.name === "StoreFull" ? "full" : "failed";
      outcome = { ok: false, reason, error };
    }
    this.sending = 0;
    if (outcome.ok) this.isOnline = true;
    if (outcome.reason === "offline") this.isOnline = false;
    this.#tell("ended", outcome);
    return outcome;
  }

  async #talk() {
    const course = { except: new Set(), most: this.most, hasAskedAnew: false, anew: [], taken: new Set(), doubted: 0 };
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      if (!(await this.#round(course)) && !(await this.#pages())) return;
    }
    throw new Stopped("failed", new Error("no end of it"));
  }

  // What the phone lacks is asked for with the last of the commands: what they change is told once.
  async #request(commands, course) {
    const { waiting, refused } = this.outbox.counts();
    const sent = new Set([...course.except, ...commands.map(({ id }) => id)]);
    const [drafts, pictures] = (await Promise.all([this.store.keys("drafts"), this.store.keys("pages")])).map((keys) => keys.length);
    const isLast = !course.most || !this.outbox.toSend({ most: 1, except: sent }).length;
    return {
      protocol: PROTOCOL, app: this.app, clock: new Date(this.clock.now()).toISOString(), cursor: this.meta.cursor, told: this.meta.told,
      have: isLast ? this.kept.have() : {}, commands, open: this.outbox.open(), counts: { waiting, refused, drafts, pictures, differs: this.kept.differing().length }, parts: isLast, rows: true,
    };
  }

  // True while there is more to say.
  async #round(course) {
    const commands = course.most ? this.outbox.toSend({ most: course.most, bytes: this.bytes, except: course.except }) : [];
    this.sending = commands.length;
    this.#tell("sent", { commands: commands.length });
    course.anew = this.kept.anew();
    const request = await this.#request(commands, course);
    const answer = await this.#asked(request, commands, course);
    if (!answer) return true;
    const body = { ...answer, more: answer.more || !request.parts };
    const said = await this.#take(body, course);
    if (said.mustForget) {
      await this.#pages(); // a picture that its command waits for is work, too
      await this.#wipe();
    }
    return this.#goesOn({ body, commands, course, isAsked: request.parts, ...said });
  }

  // The body of a good answer. Null where a part of the commands is to be tried without the others: one that the server stumbles
  // over must not keep the rest back.
  async #asked(request, commands, course) {
    let answer;
    try {
      answer = await this.net.sync(request);
    } catch (error) {
      throw new Stopped("offline", error);
    }
    if (answer.status === 200 && looksRight(answer.body)) return answer.body;
    if (answer.status === 401) throw new Stopped("unknown");
    if (answer.status === 426) throw new Stopped("outdated");
    if (![400, 413, 500].includes(answer.status) || !commands.length) throw new Stopped("failed", new Error(String(answer.status)));
    if (commands.length === 1) course.except.add(commands[0].id);
    course.most = commands.length === 1 ? this.most : Math.floor(commands.length / 2);
    return null;
  }

  // Answers, then parts, then the cursor: in this order, each durable before the next. The number of the answer is kept with the first of
  // it: a server that does not know that number any more was put back, and says so by another name (field/conversations.py).
  async #take(body, course) {
    const before = this.meta.cursor;
    const server = serverOf(body);
    const isOther = await this.#doubted(server);
    const meta = { ...this.meta, told: body.told ?? this.meta.told };
    const changed = await this.outbox.apply(body.answers, { on: body.today, server }, [["put", "meta", "sync", meta]]);
    this.meta = meta;
    this.sending = 0;
    if (changed.length) this.#tell("answers", { commands: changed.map((record) => record.id) });
    // Not before it is known that this server, too, has what an earlier one accepted.
    const mustForget = body.wipe === true && !isOther && !this.outbox.doubted;
    if (mustForget) return { mustForget };
    const came = await this.#takeGroups(body, server, course);
    const gone = await this.#takeGone(body, course);
    await this.#takeCursor(body);
    return { isOther, isNew: changed.length > 0 || came > 0 || gone.length > 0 || body.cursor !== before };
  }

  // A database that was put back from a backup has forgotten what came after it: what is known from before is compared and sent again.
  // True where something is.
  async #doubted(server) {
    const groups = server ? this.kept.ofAnother(server) : [];
    if (!groups.length && !(server && this.outbox.isOfAnother(server))) return false;
    await this.outbox.doubt(server, (changes) => this.store.write([...changes, ...this.kept.doubting(groups)]));
    this.kept.doubted(groups);
    this.#tell("doubted");
    return true;
  }

  // How many groups came. Those that come together are kept in one write: each costs the phone a wait for its flash.
  async #takeGroups(body, server, course) {
    let came = 0;
    const how = { today: body.today, server };
    for await (const some of comingOf(body)) {
      const isDoubted = (entry) => !entry.sheets?.first && this.kept.anew().includes(entry.id); // a difference from what is doubted
      const entries = some.filter((entry) => !isDoubted(entry));
      const groups = entries.map((entry) => entry.id);
      for (const group of groups) course.taken.add(group);
      const agrees = await this.outbox.settle(groups, (changes) => this.kept.take(entries, changes, how));
      this.#tell("parts", { groups, agrees });
      came += some.length;
    }
    return came;
  }

  // The groups that are hers no more.
  async #takeGone(body, course) {
    // What was asked for anew and does not come by the end is hers no more; the server could not know that it is here.
    const silent = body.more ? [] : course.anew.filter((group) => !course.taken.has(group));
    const gone = [...body.gone, ...silent].filter((group) => this.kept.groups().includes(group));
    if (!gone.length) return gone;
    await this.kept.forget(gone);
    this.#tell("gone", { groups: gone });
    return gone;
  }

  // When all was told (no `more`), every command that was accepted before is in the parts, also of groups that did not come again.
  async #takeCursor(body) {
    const { cursor, today = this.meta.today, name = this.meta.name, owner = this.meta.owner, language = this.meta.language } = body;
    const synced_at = body.more ? this.meta.synced_at : this.clock.now();
    const meta = { ...this.meta, cursor, today, name, owner, language, synced_at };
    const write = (changes) => this.store.write([["put", "meta", "sync", meta], ...changes]);
    await (body.more ? write([]) : this.outbox.settle(undefined, write));
    this.meta = meta;
    if (!body.more && today) await this.outbox.trim(today, this.kept.groups());
  }

  #goesOn({ body, commands, course, isAsked, isNew, isOther, mustForget }) {
    for (const { id } of commands) {
      if (this.outbox.isToSend(id)) course.except.add(id); // not answered: not again this time
    }
    if (body.more && !mustForget) {
      if (isAsked && !isNew) throw new Stopped("failed", new Error("more of nothing"));
      return true;
    }
    const doubted = this.outbox.doubted;
    const isClearing = doubted > 0 && doubted !== course.doubted;
    course.doubted = doubted;
    if (isOther || isClearing) return true;
    if (this.kept.anew().length && !course.hasAskedAnew) {
      course.hasAskedAnew = true;
      return true;
    }
    return this.outbox.toSend({ most: 1, except: course.except }).length > 0;
  }

  // The device was ended: all goes but commands that no answer has come for.
  async #wipe() {
    const meta = { ...NOTHING_KEPT, ended: true };
    const groups = this.kept.groups();
    await this.outbox.forget(async (changes) => {
      const pages = (await this.store.keys("pages")).filter((id) => this.outbox.get(id)?.state !== "waiting");
      const boxes = ["drafts", "parts", "kept"].map((box) => ["clear", box]);
      await this.store.write([...boxes, ...changes, ...pages.map((id) => ["delete", "pages", id]), ["put", "meta", "sync", meta]]);
    });
    this.kept.forgot(groups);
    this.meta = meta;
    this.#tell("wiped", { left: this.outbox.waiting().length });
  }

  // Pictures of signed pages, after the commands that announce them. True where one went up that its command waits for.
  async #pages() {
    const { store, outbox, clock, meta: { pictures_until: before } } = this;
    const { isAwaited, changed, until } = await sendPictures({ store, outbox, clock, until: before, send: (id) => this.#page(id) });
    if (until && until !== before) await this.#waitWithPictures(until);
    if (changed.length) this.#tell("answers", { commands: changed });
    return isAwaited;
  }

  async #waitWithPictures(until) {
    const meta = { ...this.meta, pictures_until: until };
    await this.store.write([["put", "meta", "sync", meta]]);
    this.meta = meta;
  }

  async #page(id) {
    try {
      return await this.net.page(id, await this.store.get("pages", id));
    } catch (error) {
      throw new Stopped("offline", error);
    }
  }
}
