// Commands and what became of them: a state machine over a store (db.js), the same on a phone and in the simulator.
//
//   waiting ──answer──► accepted, or aside: a person settled that another one holds  (final)
//      ▲         ├────► conflict held waits  (the server has it; may change later, and is asked after)
//      │         └────► refused ──mend──► waiting, under the same id as its next try
//      └── never sent by itself again:  put_away, by her, with a reason. That it was travels as the next try: the server then never takes
//          up what it holds of it. Had it done so before, its answer says so, and that is what stands.
//
// A command is durable before add() says so. Only an answer moves it; an answer is known by the command's id and try, so that
// it may come twice, late, in any order, or by a file. Nothing here deletes a command that the server has not answered.

import { standsUpon } from "./below.js";

export const OPEN = new Set(["conflict", "held", "waits"]);
export const FINAL = new Set(["accepted", "aside"]);
const MOST_OPEN = 1000;
/** After so many days an accepted command keeps its receipt only, and what opens the answers to a file or a letter goes. That is no guard
 * against one that somebody sends again later: the server knows each command by id, try and content for ever (tests/test_carried.py). */
export const DAYS_KEPT = 90;
/** Of a group that is hers no more after so many: a server that was put back by a day or two is still told it anew. */
export const DAYS_KEPT_OF_OTHERS = 14;
/** Of these she herself says what holds when another stands in the place; of meetings and cut-offs the officer does. */
const HERS_TO_SETTLE = new Set(["correct_woman", "add_woman"]);
/** These she may say otherwise while they wait. */
const HERS_TO_CHANGE = new Set([...HERS_TO_SETTLE, "close_meeting"]);
const STATES = new Set(["accepted", "known", "aside", "refused", "unknown", ...OPEN]);
const TOLD = ["receipt", "reasons", "with", "why", "for", "number"];

/** What cannot be done with a command in its state. */
export class NotNow extends Error {}

/**
 * The record after an answer, or the same record where the answer says nothing new: of an earlier try, or repeated. What came by a file
 * may be older than what the server says by now: it is asked after once more (`is_doubted`).
 */
export function answered(record, answer, { on, server = "", isByFile = false }) {
  if (!STATES.has(answer.state)) return record;
  const state = answer.state === "known" ? "accepted" : answer.state;
  if (record.state === "put_away" && answer.why?.code === "put_away") return isByFile ? record : heard(record, on, server);
  if (isForgotten(record, answer, state)) return forgotten(record, server);
  if (!counts(record, answer, state)) return record;
  const told = Object.fromEntries(TOLD.filter((key) => answer[key] != null).map((key) => [key, answer[key]]));
  if (answer.try < record.try) told.try = answer.try; // what she said at another try is what stands
  const { is_doubted: wasDoubted, lost: _, ...next } = { ...record, state, told, answered_on: on, server, is_settled: false };
  const isSame = record.state === state && JSON.stringify(record.told) === JSON.stringify(told);
  if (isSame && (!wasDoubted || isByFile)) return record;
  const mayBeOld = isByFile && (FINAL.has(state) || state === "refused") ? { is_doubted: true } : {};
  return { ...next, ...mayBeOld, is_settled: isSame && record.is_settled };
}

/** Whether an answer moves a record. What is final is so at every try, and what stands in its place (conflict) also at a later
 * one; anything else is about the try that it names. */
function counts(record, answer, state) {
  if (FINAL.has(record.state) && !record.is_doubted) return false;
  if (FINAL.has(state)) return true;
  if (record.state === "put_away") return state === "conflict" && answer.try > record.try; // two stand in the books by now
  if (state === "unknown" || (record.state === "refused" && !record.is_doubted)) return false;
  return answer.try === record.try || (state === "conflict" && answer.try < record.try);
}

/** Whether the server, asked after a command, knows nothing of it or only of an earlier try: it was put back to an earlier day. */
function isForgotten(record, answer, state) {
  const isAskedAfter = OPEN.has(record.state) || record.is_doubted;
  return isAskedAfter && (state === "unknown" || (answer.try < record.try && !FINAL.has(state) && state !== "conflict"));
}

/** The server has heard that it was put away. What came by a file may be older than what it knows by now: it is told again. */
function heard(record, on, server) {
  if (record.put_away.is_told && record.server === server) return record;
  return { ...record, answered_on: on, server, put_away: { ...record.put_away, is_told: true } };
}

/** Whether what she wrote of a woman or a meeting waits and has left in no file: until an answer comes she may say it otherwise, as its next try. */
export const isUnsent = (record) => record?.state === "waiting" && HERS_TO_CHANGE.has(record.kind) && !record.carried.length;

const isUnfolded = ({ state, is_settled: isSettled }) => state === "waiting" || state === "waits" || state === "held" || (state === "accepted" && !isSettled);

const isUntold = (record) => record.state === "put_away" && !record.put_away.is_told;

/** It is sent again. Of one that was accepted long ago only the receipt is left: that stays, and is not asked after for ever; it is lost
 * there, and she is told. */
function forgotten(record, server) {
  const { is_doubted: _, ...next } = record;
  if (record.said === null) return { ...next, server, lost: record.lost ?? "untold" };
  const after = record.kind === "attach_page" ? standsUpon([], record) : record.after;
  return { ...next, after, state: "waiting", told: {}, is_settled: false };
}

/** What is kept of a sheet beside its receipt: which meeting it was, and nobody's name. */
function brief({ said }) {
  const { kind, number, on } = said.document ?? {};
  return on ? { about: { kind, number, on } } : {};
}

function travelling({ id, try: attempt, kind, group, after, made_at, said, state, put_away: away }) {
  if (state !== "put_away") return { id, try: attempt, kind, group, after, made_at, said };
  return { id, try: attempt + 1, kind: "put_away", group, after: [], made_at: away.at, said: { kind, why: away.why } };
}

export class Outbox {
  #records = new Map();
  #last = Promise.resolve();

  constructor({ store, now = Date.now }) {
    this.store = store;
    this.now = now;
  }

  async load() {
    const found = (await this.store.all("commands")).map(([, record]) => record).sort((one, other) => one.n - other.n);
    this.#records = new Map(found.map((record) => [record.id, record]));
    return this;
  }

  /** Oldest first. */
  list() {
    return [...this.#records.values()];
  }

  get(id) {
    return this.#records.get(id);
  }

  // Whoever changes records does it alone, from reading them to having written them: she may type while the sync runs.
  #alone(work) {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Keeps a command; when this has resolved she may be told so. `alongside`: further changes of the same write (a draft that goes). */
  add(command, alongside = []) {
    return this.#alone(() => this.#add(command, alongside));
  }

  async #add({ id, kind, group, after = [], said }, alongside) {
    const there = this.#records.get(id);
    if (there) {
      if (JSON.stringify(there.said) !== JSON.stringify(said)) throw new NotNow("another command has this id");
      return there;
    }
    const n = this.list().reduce((most, record) => Math.max(most, record.n), 0) + 1;
    const made_at = new Date(this.now()).toISOString();
    return this.#keep({ id, n, try: 1, kind, group, after, said, made_at, state: "waiting", told: {}, carried: [] }, alongside);
  }

  /**
   * Answers of the server, by network or by file, each by itself; durable when this resolves. Returns the records that changed. `how`:
   * {on: its day, server: which one it is, isByFile}; `alongside`: further changes of the same write.
   */
  apply(answers, how, alongside = []) {
    return this.#alone(() => this.#apply(answers || [], how, alongside));
  }

  async #apply(answers, how, alongside) {
    const changed = new Map();
    for (const answer of answers) {
      const record = changed.get(answer?.id) || this.#records.get(answer?.id);
      const next = record && answered(record, answer, how);
      if (next !== record) changed.set(next.id, next);
    }
    await this.#keepAll([...changed.values()], alongside);
    return [...changed.values()];
  }

  /**
   * What the sync sends next, at most so many and so large (one that is larger goes alone): what was put away, what was said otherwise,
   * what is new, each oldest first. What the server holds of the first two must not go on because of something that came before them.
   */
  toSend({ most = 50, bytes = 512 * 1024, except = new Set() } = {}) {
    const chosen = [];
    let size = 0;
    for (const record of this.#inTurn()) {
      if (chosen.length === most) break;
      if (except.has(record.id)) continue;
      const command = travelling(record);
      size += JSON.stringify(command).length;
      if (size > bytes && chosen.length) break;
      chosen.push(command);
    }
    return chosen;
  }

  #inTurn() {
    const [again, first] = [[], []];
    for (const record of this.waiting()) (record.try > 1 ? again : first).push(record);
    return [...this.list().filter(isUntold), ...again, ...first];
  }

  /** Whether there is something to say of a command. */
  isToSend(id) {
    const record = this.#records.get(id);
    return record?.state === "waiting" || Boolean(record && isUntold(record));
  }

  /** Commands that no answer has come for, at this try. */
  waiting() {
    return this.list().filter((record) => record.state === "waiting");
  }

  /** What another server answered for good, or this one before it was put back to an earlier day. */
  #ofAnother(server) {
    const isDone = (one) => FINAL.has(one.state) || one.state === "refused" || (one.state === "put_away" && one.put_away.is_told);
    return this.list().filter((one) => isDone(one) && one.server && one.server !== server && !one.is_doubted);
  }

  isOfAnother(server) {
    return this.#ofAnother(server).length > 0;
  }

  /** What the server may have forgotten, and what it has and has not decided: it is asked after, so many at once. */
  open(most = MOST_OPEN) {
    const doubted = this.list().filter((record) => record.is_doubted);
    // Of what was sent back an officer may still say that it is taken, or put aside.
    const open = this.list().filter((record) => (OPEN.has(record.state) || record.state === "refused") && !record.is_doubted);
    return [...doubted, ...open].slice(0, most).map((record) => record.id);
  }

  /** How many the server may have forgotten. */
  get doubted() {
    return this.list().filter((record) => record.is_doubted).length;
  }

  /** What another server has answered is asked after, in the write of `write`; what was put away is told anew. */
  doubt(server, write) {
    const inDoubt = (record) => (record.state === "put_away" ? { ...record, put_away: { ...record.put_away, is_told: false } } : { ...record, is_doubted: true });
    return this.#alone(async () => {
      const doubted = this.#ofAnother(server).map(inDoubt);
      await write(doubted.map((record) => ["put", "commands", record.id, record]));
      for (const record of doubted) this.#records.set(record.id, record);
    });
  }

  /** Commands that are to be folded into what the parts of a group say: not yet in them, and perhaps true. Oldest first. */
  unfolded(group) {
    return this.unfoldedOf([group]).get(group);
  }

  /** The same of several groups: Map {group: […]}. */
  unfoldedOf(groups) {
    const found = new Map(groups.map((group) => [group, []]));
    for (const record of this.#records.values()) if (isUnfolded(record)) found.get(record.group)?.push(record);
    return found;
  }

  counts() {
    const many = {};
    for (const { state } of this.#records.values()) many[state] = (many[state] || 0) + 1;
    const of = (state) => many[state] || 0;
    return { waiting: of("waiting"), refused: of("refused"), conflicts: of("conflict"), held: of("held"), waits: of("waits"), stuck: this.stuck().length, lost: this.lost().length };
  }

  /** What the server has lost and this phone has only the receipt of, until she has read so. */
  lost() {
    return this.list().filter((record) => record.lost === "untold");
  }

  /** She knows that it is lost. It stays listed as that. */
  mourn(id) {
    return this.#alone(async () => {
      const record = this.#records.get(id);
      if (record?.lost) await this.#keep({ ...record, lost: "told" });
    });
  }

  /** What waits and will not go on by itself: she says what becomes of it. */
  stuck() {
    return this.list().filter((record) => record.state === "waits" && (record.picture || this.brokenBelow(record.id).length > 0));
  }

  /** Says it otherwise, as the next try of the same command. `alongside`: further changes of the same write (a draft that goes). */
  mend(id, said, alongside = []) {
    return this.#alone(() => this.#mend(id, said, alongside));
  }

  async #mend(id, said, alongside) {
    const record = this.#mendable(id);
    const before = { try: record.try, state: record.state, told: record.told, said: record.said };
    const { is_doubted: _, picture: __, ...rest } = record;
    return this.#keep({
      ...rest, said, after: this.#below({ ...record, said }), try: record.try + 1, state: "waiting", told: {}, carried: [],
      made_at: new Date(this.now()).toISOString(), before: [...(record.before || []), before],
    }, alongside);
  }

  // What it stands on when it is said otherwise: nothing that will not come by itself, for that is in no book that she sees; and what
  // she wrote before it, or a woman whom it names by now.
  #below(record) {
    if (record.kind === "attach_page") return standsUpon([], record);
    const broken = new Set(this.brokenBelow(record.id));
    const isOwn = (one) => one.n < record.n || (one.kind === "add_woman" && !one.after.includes(record.id));
    const comes = (one) => one.state !== "refused" && !this.brokenBelow(one.id).length;
    const standing = this.standing(record.group).map((id) => this.#records.get(id)).filter((one) => one.id !== record.id && isOwn(one) && comes(one));
    return [...new Set([...record.after.filter((id) => !broken.has(id)), ...standsUpon(standing, record)])];
  }

  /** Whether what waits may be said otherwise: a meeting only while no other sheet stands on it. */
  canChange(id) {
    const record = this.#records.get(id);
    const isBelow = (one) => one.after.includes(id) && one.state !== "put_away";
    return isUnsent(record) && (record.kind !== "close_meeting" || !this.list().some(isBelow));
  }

  /** The picture of a page was not taken, with the server's reasons. */
  refusePicture(id, reasons) {
    return this.#alone(async () => {
      const record = this.#records.get(id);
      if (record) await this.#keep({ ...record, picture: { reasons } });
    });
  }

  /** Never sent again, listed for ever; the server is told. `alongside`: further changes of the same write (a draft that mends it). */
  putAway(id, why, alongside = []) {
    return this.#alone(() => {
      if (!why?.trim()) throw new NotNow("a reason is needed");
      const { is_doubted: _, ...record } = this.#mendable(id);
      return this.#keep({ ...record, state: "put_away", put_away: { why, at: new Date(this.now()).toISOString(), from: record.state } }, alongside);
    });
  }

  /** Ids that a command stands on and that will never come by themselves: refused or put away, or standing on such; or what the server
   * waits for and this phone has no more: it had to forget and was enrolled anew, or keeps the receipt of a server that was put back. */
  brokenBelow(id) {
    const broken = (below, above) => {
      const record = this.#records.get(below);
      if (!record || record.said === null) return Boolean(above?.told.for?.includes(below));
      return record.state === "refused" || record.state === "put_away" || (!FINAL.has(record.state) && brokenOf(record).length > 0);
    };
    const brokenOf = (record) => (record?.after || []).filter((below) => broken(below, record));
    return brokenOf(this.#records.get(id));
  }

  /** Ids of a group's commands that are not final and not put away: what a next one stands on. */
  standing(group) {
    const counts = (one) => one.group === group && !FINAL.has(one.state) && one.state !== "put_away";
    return this.list().filter(counts).map((one) => one.id);
  }

  /** These have left in a file of that name; they wait on until an answer has come. `alongside`: what is kept of the file itself. */
  carriedBy(ids, name, alongside = []) {
    const marked = (record) => ({ ...record, carried: [...new Set([...record.carried, name])] });
    return this.#alone(() => this.#keepAll(ids.map((id) => this.#records.get(id)).filter(Boolean).map(marked), alongside));
  }

  /** Accepted commands are in the parts from now on, of some groups or (undefined) of all: `write` keeps the changes with the parts. */
  settle(groups, write) {
    const isDue = (one) => one.state === "accepted" && !one.is_settled && (groups === undefined || groups.includes(one.group));
    return this.#alone(async () => {
      const settled = this.list().filter(isDue).map((record) => ({ ...record, is_settled: true }));
      const done = await write(settled.map((record) => ["put", "commands", record.id, record]));
      for (const record of settled) this.#records.set(record.id, record);
      return done;
    });
  }

  /** Accepted long ago by the server's days: id and receipt stay. `hers`: the groups that she keeps; of others it is sooner long ago. */
  trim(today, hers = null) {
    const before = (days) => new Date(Date.parse(today) - days * 86400e3).toISOString().slice(0, 10);
    const [until, untilOfOthers] = [before(DAYS_KEPT), before(DAYS_KEPT_OF_OTHERS)];
    const isLong = (one) => one.answered_on < (hers && !hers.includes(one.group) ? untilOfOthers : until);
    const isOld = (one) => one.state === "accepted" && one.is_settled && !one.is_doubted && one.said !== null && isLong(one);
    return this.#alone(async () => {
      const files = await this.#answeredFiles(until);
      await this.#keepAll(this.list().filter(isOld).map((record) => ({ ...record, ...brief(record), said: null, before: [] })), files.map((name) => ["delete", "carried", name]));
    });
  }

  /** Names of files that carried nothing but what was decided long ago: no answers to them are waited for, and none that comes is read. */
  async #answeredFiles(until) {
    if (!(await this.store.keys("carried")).length) return [];
    const isOver = (one) => !one || ((FINAL.has(one.state) || one.state === "put_away") && !one.is_doubted && one.answered_on < until);
    const files = await this.store.all("carried");
    return files.filter(([, { commands }]) => commands.every(([id]) => isOver(this.#records.get(id)))).map(([name]) => name);
  }

  /** Everything goes that the server has answered, in the write of `write`. What it has not heard of stays, also that she put it away. */
  forget(write) {
    return this.#alone(async () => {
      const gone = this.list().map((record) => record.id).filter((id) => !this.isToSend(id));
      await write(gone.map((id) => ["delete", "commands", id]));
      for (const id of gone) this.#records.delete(id);
    });
  }

  #mendable(id) {
    const record = this.#records.get(id);
    const isBroken = record?.state === "waits" && (record.picture || this.brokenBelow(id).length > 0);
    const isHers = record?.state === "conflict" && HERS_TO_SETTLE.has(record.kind);
    if (record?.state !== "refused" && !isBroken && !isHers && !this.canChange(id)) throw new NotNow(record ? record.state : "unknown");
    return record;
  }

  async #keep(record, alongside = []) {
    await this.#keepAll([record], alongside);
    return record;
  }

  async #keepAll(records, alongside = []) {
    if (!records.length && !alongside.length) return;
    await this.store.write([...records.map((record) => ["put", "commands", record.id, record]), ...alongside]);
    for (const record of records) this.#records.set(record.id, record);
  }
}
