// A small server to measure phones by: commands, conflicts, holding, waiting and the cursor as src/umeed/field says them, and
// transactions that begin, end and break in any order. Groups have meetings by number, each with a sheet, and women that are
// corrected and merged.
// Everything that waits for a transaction is a generator: whoever drives it says who goes on, and when the server dies.

import { placeOf, unknownTo, whyNot } from "./book.js";
import { differenceOf } from "./difference.js";

const FIRST_DAY = Date.parse("2025-06-02");
const dayOf = (days) => new Date(FIRST_DAY + days * 86400e3).toISOString().slice(0, 10);
const FINAL = ["accepted", "aside"];
const [LUCK, MOST_UNHEARD] = [2 ** 20, 8];

/** Whether two tries say the same: also on what they stand. */
const isSame = (row, sent) => JSON.stringify([row.said, row.after]) === JSON.stringify([sent.said, sent.after]);

/** Whether she put it away herself: what stands on it does not go on by itself. */
export const isPutAway = (row) => row.state === "aside" && row.told.why?.code === "put_away";
const keepsNothingBack = (row) => FINAL.includes(row.state) && !isPutAway(row);

/** What a phone is told of its number, where it is another than it says. */
const numberTold = ({ number: said }, number) => (number === said ? {} : { number });

/** The last try of each of some commands. */
function comingIn(commands) {
  const coming = new Map();
  for (const { id, try: attempt } of commands) coming.set(id, Math.max(attempt, coming.get(id) ?? 0));
  return coming;
}

export class Server {
  constructor() {
    this.kept = { timeline: 1, nextXid: 10, nextSheet: 1, nextReceipt: 1, groups: {}, rows: {}, marks: [], conversations: {} };
    // What is outside of the database that may be put back: who may do what is put right again by the office at once.
    this.devices = new Map();
    this.keeps = new Map();
    this.applied = new Map();
    // Stands for chance in the numbers of answers: no backup puts it back.
    this.luck = 0;
    // Which day it is, in days from the first on.
    this.now = 394;
    this.#begin();
  }

  get today() {
    return dayOf(this.now);
  }

  sheetsSince(id, since) {
    return this.kept.groups[id].sheets.filter(([, , on]) => dayOf(on) >= since);
  }

  #begin() {
    this.active = new Set();
    this.locks = new Map();
    this.told = new Map();
  }

  addGroup(id, women) {
    this.kept.groups[id] = {
      id, name: `Group ${id}`, closedUpTo: -1, meetings: [], sheets: [], clashes: [],
      women: Object.fromEntries(women.map((woman) => [woman, { id: woman, name: woman, phone: "", revision: 1, kept: null, log: [] }])),
    };
  }

  /** `id`: what a device was before, and is again where its server did not know it any more. */
  enrol(token, owner, id = token) {
    this.devices.set(token, { id, owner, isEnded: false, mustForget: false, isUnknown: false });
  }

  rows(owner, uid) {
    return this.kept.rows[`${owner} ${uid}`] || [];
  }

  last(owner, uid) {
    return this.rows(owner, uid).at(-1) || null;
  }

  allRows() {
    return Object.values(this.kept.rows).map((rows) => rows.at(-1));
  }

  // Dying and being put back ----------------------------------------------------------------------------------------------

  /** Whatever had not committed never was. */
  crash() {
    this.#begin();
  }

  backup() {
    return JSON.stringify(this.kept);
  }

  /** `isUnderItsName`: as one whose disk was put back, and that does not know of it. */
  restore(text, isUnderItsName = false) {
    const { timeline } = this.kept;
    this.crash();
    this.kept = JSON.parse(text);
    if (!isUnderItsName) this.kept.timeline = timeline + 1;
    for (const uid of this.applied.keys()) this.applied.set(uid, this.#countApplied(uid));
  }

  #countApplied(uid) {
    const groups = Object.values(this.kept.groups);
    const logs = groups.flatMap((group) => Object.values(group.women).flatMap((woman) => woman.log));
    return groups.flatMap((group) => group.meetings).filter((meeting) => meeting.id === uid).length + logs.filter((id) => id === uid).length;
  }

  // Transactions -----------------------------------------------------------------------------------------------------------

  /** `work(tx)` says what is to be written, when it holds the locks; it is there for others when it commits, and not before. */
  *transaction(locks, work) {
    const tx = { xid: this.kept.nextXid, effects: [], groups: new Set(), isPlain: false };
    this.kept.nextXid += 1;
    this.active.add(tx.xid);
    for (const lock of locks) {
      while (this.locks.has(lock)) yield;
      this.locks.set(lock, tx.xid);
    }
    yield;
    const answer = work(tx);
    yield;
    for (const effect of tx.effects) effect();
    for (const group of tx.groups) {
      this.kept.marks.push([group, tx.xid, tx.isPlain]);
      this.told.delete(group);
    }
    for (const lock of locks) this.locks.delete(lock);
    this.active.delete(tx.xid);
    return answer;
  }

  // Commands ---------------------------------------------------------------------------------------------------------------

  /** `freed`: ids of what waited and was tried because of it. `coming`: the last tries of the message that it came in. */
  *receive(device, sent, freed = [], coming = new Map()) {
    const { owner } = device;
    const before = this.last(owner, sent.id);
    if (before && this.#isAnswered(before, sent)) return;
    if (sent.kind === "put_away" && device.isEnded) return;
    const done = yield* this.#settle(device, sent, null);
    if (done && sent.kind !== "put_away" && FINAL.includes(done.state)) yield* this.#letGoOn(device, sent.id, freed, coming);
  }

  #isAnswered(before, sent) {
    if (isPutAway(before) || (sent.kind === "put_away" && FINAL.includes(before.state))) return true;
    if (sent.try < before.try || ((before.state === "conflict" || before.state === "aside") && before.clash)) return true;
    if (isSame(before, sent)) return sent.try === before.try || before.state !== "refused";
    return sent.try === before.try;
  }

  *#settle(device, sent, row, isOfficer = false) {
    const { owner } = device;
    const was = row?.state;
    return yield* this.transaction([`${owner} ${sent.id}`, sent.group], (tx) => {
      const now = this.last(owner, sent.id);
      if (row ? now !== row || row.state !== was : now && this.#isAnswered(now, sent)) return null;
      const outcome = this.#become(device, sent, tx, isOfficer);
      tx.effects.push(() => this.#keep(owner, sent, outcome, row));
      return outcome;
    });
  }

  #keep(owner, sent, { state, clash = null, ...told }, row) {
    const key = `${owner} ${sent.id}`;
    if (row) {
      Object.assign(row, { state, told, clash });
      return;
    }
    const { id, try: attempt, kind, group, after, said } = sent;
    const receipt = this.kept.nextReceipt;
    this.kept.nextReceipt += 1;
    this.kept.rows[key] = [...this.rows(owner, id), { owner, id, try: attempt, kind, group, after, said, state, told, clash, receipt }];
  }

  #become(device, sent, tx, isOfficer) {
    if (sent.kind === "put_away") return { state: "aside", why: { code: "put_away", values: { why: sent.said.why } } };
    if (device.isEnded && !isOfficer) return { state: "held", why: "phone ended" };
    const waits = sent.after.filter((uid) => !this.#isDone(device.owner, uid));
    if (waits.length) return { state: "waits", for: waits };
    if (!isOfficer && !this.keeps.get(device.owner).has(sent.group)) return { state: "held", why: "not hers" };
    const group = this.kept.groups[sent.group];
    if (sent.kind === "close_meeting") return this.#close(device, sent, group, tx);
    return sent.kind === "add_woman" ? this.#add(sent, group, tx) : this.#correct(device, sent, group, tx);
  }

  #isDone(owner, uid) {
    const row = this.last(owner, uid);
    if (row) return keepsNothingBack(row);
    return Object.values(this.kept.groups).some((group) => group.meetings.some((meeting) => meeting.id === uid));
  }

  #close(device, sent, group, tx) {
    const { id, said } = sent;
    const there = group.meetings.find((meeting) => meeting.id === id);
    if (there) return { state: "accepted", ...numberTold(said, there.number) };
    const { number, first, isLate } = placeOf(group, sent);
    if (first) {
      tx.effects.push(() => group.clashes.push({ uid: id, owner: device.owner, settled: "" }));
      tx.groups.add(group.id);
      return { state: "conflict", clash: id, with: { id: first.id, number: first.number }, ...numberTold(said, number) };
    }
    const reasons = [...whyNot(group, { ...said, number }), ...(isLate ? ["later ones stand"] : [])];
    if (reasons.length) return { state: "refused", reasons };
    tx.groups.add(group.id);
    const sheet = this.kept.nextSheet;
    this.kept.nextSheet += 1;
    tx.isPlain = true;
    const wasUnknown = unknownTo(group, sent, number);
    tx.effects.push(() => this.#post(group, { id, number, on: said.on, paise: said.paise, sheet, wasUnknown, xid: tx.xid }));
    return { state: "accepted", ...numberTold(said, number) };
  }

  #post(group, meeting) {
    group.meetings.push(meeting);
    group.sheets.push([meeting.sheet, meeting.paise, meeting.on]);
    this.applied.set(meeting.id, (this.applied.get(meeting.id) || 0) + 1);
  }

  #add({ id, said }, group, tx) {
    const there = group.women[said.woman];
    if (there) return there.name === said.name ? { state: "accepted" } : { state: "conflict", with: { woman: there.id, name: there.name } };
    tx.groups.add(group.id);
    tx.effects.push(() => {
      group.women[said.woman] = { id: said.woman, name: said.name, phone: "", revision: 1, kept: null, log: [id] };
      this.applied.set(id, (this.applied.get(id) || 0) + 1);
    });
    return { state: "accepted" };
  }

  #correct(device, { id, said, after }, group, tx) {
    let woman = group.women[said.woman];
    if (!woman) return { state: "refused", reasons: ["no such woman"] };
    const wasMerged = woman.kept !== null;
    while (woman.kept) woman = group.women[woman.kept];
    if (woman.log.includes(id)) return { state: "accepted" };
    const wasChanged = wasMerged ? woman.phone !== "" && woman.phone !== said.phone : woman.phone !== said.phone && this.#wasCorrectedByOthers(device.owner, woman, said.revision, after);
    const told = { state: "accepted", woman: woman.id, seen: said.revision };
    if (woman.phone === said.phone) return told;
    if (wasChanged) return { state: "conflict", with: { woman: woman.id, revision: woman.revision } };
    tx.groups.add(group.id);
    tx.effects.push(() => {
      Object.assign(woman, { phone: said.phone, revision: woman.revision + 1, log: [...woman.log, id] });
      this.applied.set(id, (this.applied.get(id) || 0) + 1);
    });
    return { ...told, made: woman.revision + 1 };
  }

  /** Whether somebody else corrected a woman since her record was seen; what stands on another correction has seen no more than that. */
  #wasCorrectedByOthers(owner, woman, revision, after) {
    const rows = Object.values(this.kept.rows).flat();
    const own = rows.filter((row) => row.owner === owner && row.kind === "correct_woman" && row.state === "accepted" && row.told.woman === woman.id);
    const below = own.filter((row) => after.includes(row.id)).map((row) => row.told.seen);
    const hers = new Set(own.map((row) => row.told.made));
    for (let at = revision <= woman.revision ? Math.min(revision, ...below) + 1 : 2; at <= woman.revision; at += 1) if (!hers.has(at)) return true;
    return false;
  }

  *#letGoOn(device, uid, freed = [], coming = new Map()) {
    const waiting = this.allRows().filter((row) => row.owner === device.owner && row.state === "waits" && row.after.includes(uid));
    for (const row of waiting) yield* this.tryAgain(row, false, freed, coming);
  }

  /** What waits for nothing any more: the server died between what it stood on and this. */
  *#takeUp(owner, coming) {
    const waiting = this.allRows().filter((row) => row.owner === owner && row.state === "waits");
    for (const row of waiting) if (row.after.every((uid) => this.#isDone(owner, uid))) yield* this.tryAgain(row, false, [], coming);
  }

  /** Of what is kept: what waited for another one, or what an officer lets in. Not what comes in this message, said otherwise. */
  *tryAgain(row, isOfficer = false, freed = [], coming = new Map()) {
    if (row.state !== (isOfficer ? "held" : "waits") || coming.get(row.id) > row.try) return;
    const device = { owner: row.owner, isEnded: false };
    const done = yield* this.#settle(device, row, row, isOfficer);
    freed.push(row.id);
    if (done && FINAL.includes(done.state)) yield* this.#letGoOn(device, row.id, freed, coming);
  }

  #answer(owner, uid) {
    const row = this.last(owner, uid);
    if (!row) return { id: uid, state: "unknown" };
    const told = { ...row.told, id: uid, try: row.try, state: row.state };
    return row.state === "accepted" ? { ...told, state: "known", receipt: row.receipt } : told;
  }

  // The conversation -------------------------------------------------------------------------------------------------------

  /** What a phone asks. Crashes may come at every `yield`; what was committed before stays. */
  *sync(token, request) {
    const device = this.devices.get(token);
    if (!device || device.isUnknown) return { status: 401, body: { detail: "unknown" } };
    const coming = comingIn(request.commands);
    const { putBackAt } = this.#conversation(token, request.told);
    const server = putBackAt ? `s.${this.kept.timeline}.${putBackAt}` : `s.${this.kept.timeline}`;
    yield* this.#takeUp(device.owner, coming);
    const freed = [];
    const asked = request.open.map((uid) => [uid, this.#answer(device.owner, uid)]);
    for (const sent of request.commands) {
      yield;
      yield* this.receive(device, sent, freed, coming);
    }
    yield;
    const sentIds = request.commands.map((sent) => sent.id);
    // What others did to them meanwhile it has not seen.
    const told = asked.filter(([uid]) => !sentIds.includes(uid))
      .map(([uid, answer]) => (freed.includes(uid) ? this.#answer(device.owner, uid) : answer));
    const answers = [...told, ...this.#answersTo(device.owner, request.commands)];
    const cursor = `${server}.${this.#oldest()}`;
    yield;
    const nothing = { groups: [], gone: [], more: false, isLeft: true };
    const { groups, gone, more, stays, isLeft } = request.parts === false ? nothing
      : differenceOf(this, this.keeps.get(device.owner), request.have, this.#touched(request.cursor, cursor), request.rows);
    const wipe = (device.mustForget || device.isEnded) && request.counts.waiting <= request.commands.filter((sent) => sent.kind !== "put_away").length;
    const about = { today: this.today, name: device.owner, language: "ur", server, wipe, told: this.#tell(token, request.told) };
    return { status: 200, body: { ...about, answers, groups, gone, cursor: stays || isLeft ? request.cursor : cursor, more } };
  }

  /** A letter that the worker of a phone brings without a token: who wrote it, its signature says. */
  *brought({ device: id, epk, commands }) {
    const token = [...this.devices.keys()].findLast((one) => this.devices.get(one).id === id && !this.devices.get(one).isUnknown);
    if (!token) return { status: 422 };
    yield* this.#takeUp(this.devices.get(token).owner, comingIn(commands));
    return { status: 200, sealed: JSON.stringify({ epk, ...(yield* this.carried(token, commands)) }) };
  }

  /** A file that somebody carried here: the same, without the parts. */
  *carried(token, commands) {
    const device = this.devices.get(token);
    const coming = comingIn(commands);
    for (const sent of commands) {
      yield;
      yield* this.receive(device, sent, [], coming);
    }
    return { answers: this.#answersTo(device.owner, commands), today: this.today };
  }

  #answersTo(owner, commands) {
    return commands.map((sent) => {
      const row = this.last(owner, sent.id);
      const answer = this.#answer(owner, sent.id);
      if (sent.kind === "put_away") return row?.state === "conflict" && row.clash ? { ...answer, try: sent.try } : answer;
      return row && isSame(row, sent) && row.state !== "refused" ? { ...answer, try: Math.max(sent.try, row.try) } : answer;
    });
  }

  #oldest() {
    return this.active.size ? Math.min(...this.active) : this.kept.nextXid;
  }

  /** What is known of the answers to a phone (field/conversations.py), and whether the one that it took last is among them. */
  #conversation(token, taken = 0) {
    const { numbers, putBackAt } = this.kept.conversations[token] ?? { numbers: [], putBackAt: 0 };
    const isForgotten = taken > 0 && !numbers.includes(taken) && !(taken < numbers[0]);
    return { numbers: isForgotten ? [...numbers, taken] : numbers, putBackAt: isForgotten ? Math.max(putBackAt, taken) : putBackAt };
  }

  #tell(token, taken = 0) {
    const { numbers: known, putBackAt } = this.#conversation(token, taken);
    this.luck = (this.luck + 7919) % LUCK;
    const number = (Math.floor(Math.max(0, taken, ...known) / LUCK) + 1) * LUCK + this.luck;
    const numbers = [...known.filter((one) => one >= taken), number].sort((one, other) => one - other);
    this.kept.conversations[token] = { numbers: numbers.filter((_, at) => !at || at > numbers.length - MOST_UNHEARD), putBackAt };
    return number;
  }

  #touched(asked, now) {
    const [head, since] = [asked.slice(0, asked.lastIndexOf(".") + 1), Number(asked.slice(asked.lastIndexOf(".") + 1))];
    if (head !== now.slice(0, now.lastIndexOf(".") + 1) || since > this.kept.nextXid) return null;
    const touched = new Map();
    for (const [group, xid, isPlain] of this.kept.marks.filter(([, at]) => at >= since)) {
      touched.set(group, { since, isPlain: isPlain && (touched.get(group)?.isPlain ?? true), xid });
    }
    return touched;
  }

  partsOf(id) {
    const group = this.kept.groups[id];
    return {
      self: { id, name: group.name, closed: group.closedUpTo, clashes: group.clashes.filter((clash) => !clash.settled).map((clash) => clash.uid) },
      women: Object.values(group.women).map(({ id: woman, name, phone, revision, kept }) => ({ id: woman, name, phone, revision, kept })),
      meetings: group.meetings.map(({ id: meeting, number, on, paise, sheet }) => [meeting, number, on, paise, sheet]),
    };
  }

  // What people do at desks --------------------------------------------------------------------------------------------------

  /** A transaction of the office on a group: `work(group, tx)` writes when it commits. */
  office(id, work) {
    return this.transaction([id], (tx) => {
      tx.groups.add(id);
      const group = this.kept.groups[id];
      tx.effects.push(() => work(group));
    });
  }

  closeMonth(id, upTo) {
    return this.office(id, (group) => { group.closedUpTo = Math.max(group.closedUpTo, upTo); });
  }

  /** A meeting that the office writes, so many days after the last one. */
  write(id, uid, days, paise) {
    return this.transaction([id], (tx) => {
      const group = this.kept.groups[id];
      const [number, on] = ["number", "on"].map((name) => Math.max(0, ...group.meetings.map((one) => one[name])));
      const meeting = { id: uid, number: number + 1, on: on + days, paise, sheet: this.kept.nextSheet, wasUnknown: [], xid: tx.xid };
      if (whyNot(group, meeting).length) return;
      tx.groups.add(id);
      this.kept.nextSheet += 1;
      tx.isPlain = true;
      tx.effects.push(() => this.#post(group, meeting));
    });
  }

  correct(id, woman, phone) {
    return this.office(id, (group) => {
      const row = group.women[woman];
      if (row.kept === null) Object.assign(row, { phone, revision: row.revision + 1 });
    });
  }

  merge(id, woman, into) {
    return this.office(id, (group) => {
      const [one, other] = [group.women[woman], group.women[into]];
      if (one.kept === null && other.kept === null && one !== other) Object.assign(one, { kept: into, revision: one.revision + 1 });
    });
  }

  /** Of two meetings in one place the second holds (`replaced`), or the first: then hers is put aside. */
  *settle(id, uid, isReplaced) {
    yield* this.transaction([id], (tx) => {
      const group = this.kept.groups[id];
      const clash = group.clashes.find((one) => one.uid === uid && !one.settled);
      const row = clash && this.last(clash.owner, uid);
      const number = row?.told.number ?? row?.said.number;
      const there = group.meetings.find((meeting) => meeting.number === number) ?? null;
      if (!row || row.state !== "conflict" || (isReplaced && whyNot(group, { ...row.said, number }, there).length)) return;
      tx.groups.add(id);
      const sheet = this.kept.nextSheet;
      this.kept.nextSheet += 1;
      tx.effects.push(() => {
        clash.settled = isReplaced ? "replaced" : "first";
        Object.assign(row, { state: isReplaced ? "accepted" : "aside", told: isReplaced ? numberTold(row.said, number) : { why: "the other one holds" } });
        if (!isReplaced) return;
        if (there) group.meetings.splice(group.meetings.indexOf(there), 1);
        this.#post(group, { id: uid, number, on: row.said.on, paise: row.said.paise, sheet, wasUnknown: [] });
      });
    });
    const row = this.allRows().find((one) => one.id === uid);
    if (row) yield* this.#letGoOn({ owner: row.owner }, uid);
  }

  *refuse(row) {
    yield* this.transaction([`${row.owner} ${row.id}`], (tx) => {
      if (row.state === "held") tx.effects.push(() => Object.assign(row, { state: "refused", told: { reasons: ["the officer said no"] } }));
    });
  }
}
