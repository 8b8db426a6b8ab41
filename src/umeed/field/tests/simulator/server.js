// A small server to measure phones by: commands, conflicts, holding, waiting and the cursor as src/umeed/field says them, and
// transactions that begin, end and break in any order. Groups have meetings by number, each with a sheet, and women that are
// corrected and merged.
// Everything that waits for a transaction is a generator: whoever drives it says who goes on, and when the server dies.

import { quickDigest, quickSum } from "./chance.js";

export const TODAY = "2026-07-01";
const SINCE = "2025-06-01";
const FINAL = ["accepted", "aside"];
const AT_ONCE = 2;
const PARTS = ["self", "women", "meetings"];

/** Whether two tries say the same: also on what they stand. */
const isSame = (row, sent) => JSON.stringify([row.said, row.after]) === JSON.stringify([sent.said, sent.after]);

export const differences = (ids) => ids.map((id, at) => id - (at ? ids[at - 1] : 0));

export class Server {
  constructor() {
    this.kept = { timeline: 1, nextXid: 10, nextSheet: 1, nextReceipt: 1, groups: {}, rows: {}, marks: [] };
    // What is outside of the database that may be put back: who may do what is put right again by the office at once.
    this.devices = new Map();
    this.keeps = new Map();
    this.applied = new Map();
    this.#begin();
  }

  #begin() {
    this.active = new Set();
    this.locks = new Map();
    this.told = new Map();
  }

  addGroup(id, women) {
    this.kept.groups[id] = {
      id, name: `Group ${id}`, closedUpTo: 0, meetings: [], sheets: [], clashes: [],
      women: Object.fromEntries(women.map((woman) => [woman, { id: woman, name: woman, phone: "", revision: 1, kept: null, log: [] }])),
    };
  }

  enrol(token, owner) {
    this.devices.set(token, { owner, isEnded: false, mustForget: false });
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

  restore(text) {
    const { timeline } = this.kept;
    this.crash();
    this.kept = JSON.parse(text);
    this.kept.timeline = timeline + 1;
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
    const tx = { xid: this.kept.nextXid, effects: [], groups: new Set() };
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
      this.kept.marks.push([group, tx.xid]);
      this.told.delete(group);
    }
    for (const lock of locks) this.locks.delete(lock);
    this.active.delete(tx.xid);
    return answer;
  }

  // Commands ---------------------------------------------------------------------------------------------------------------

  *receive(device, sent) {
    const { owner } = device;
    const before = this.last(owner, sent.id);
    if (before && this.#isAnswered(before, sent)) return;
    const done = yield* this.#settle(device, sent, null);
    if (done && FINAL.includes(done.state)) yield* this.#letGoOn(device, sent.id);
  }

  #isAnswered(before, sent) {
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
    if (device.isEnded && !isOfficer) return { state: "held", why: "phone ended" };
    const waits = sent.after.filter((uid) => !this.#isDone(device.owner, uid));
    if (waits.length) return { state: "waits", for: waits };
    if (!isOfficer && !this.keeps.get(device.owner).has(sent.group)) return { state: "held", why: "not hers" };
    const group = this.kept.groups[sent.group];
    return sent.kind === "close_meeting" ? this.#close(device, sent, group, tx) : this.#correct(sent, group, tx);
  }

  #isDone(owner, uid) {
    const row = this.last(owner, uid);
    if (row) return FINAL.includes(row.state);
    return Object.values(this.kept.groups).some((group) => group.meetings.some((meeting) => meeting.id === uid));
  }

  #close(device, { id, said }, group, tx) {
    if (group.meetings.some((meeting) => meeting.id === id)) return { state: "accepted" };
    if (said.number <= group.closedUpTo) return { state: "refused", reasons: ["month closed"] };
    const first = group.meetings.find((meeting) => meeting.number === said.number);
    if (first) {
      tx.effects.push(() => group.clashes.push({ uid: id, owner: device.owner, settled: "" }));
      tx.groups.add(group.id);
      return { state: "conflict", clash: id, with: { id: first.id, number: first.number } };
    }
    if (said.paise < 0) return { state: "refused", reasons: ["less than nothing"] };
    tx.groups.add(group.id);
    const sheet = this.kept.nextSheet;
    this.kept.nextSheet += 1;
    tx.effects.push(() => this.#post(group, { id, number: said.number, paise: said.paise, sheet }));
    return { state: "accepted" };
  }

  #post(group, meeting) {
    group.meetings.push(meeting);
    group.sheets.push([meeting.sheet, meeting.paise]);
    this.applied.set(meeting.id, (this.applied.get(meeting.id) || 0) + 1);
  }

  #correct({ id, said }, group, tx) {
    let woman = group.women[said.woman];
    const wasMerged = woman.kept !== null;
    while (woman.kept) woman = group.women[woman.kept];
    if (woman.log.includes(id)) return { state: "accepted" };
    const wasChanged = wasMerged ? woman.phone !== "" && woman.phone !== said.phone : woman.revision > said.revision && woman.phone !== said.phone;
    if (woman.phone === said.phone) return { state: "accepted" };
    if (wasChanged) return { state: "conflict", with: { woman: woman.id, revision: woman.revision } };
    tx.groups.add(group.id);
    tx.effects.push(() => {
      Object.assign(woman, { phone: said.phone, revision: woman.revision + 1, log: [...woman.log, id] });
      this.applied.set(id, (this.applied.get(id) || 0) + 1);
    });
    return { state: "accepted" };
  }

  *#letGoOn(device, uid) {
    const waiting = this.allRows().filter((row) => row.owner === device.owner && row.state === "waits" && row.after.includes(uid));
    for (const row of waiting) yield* this.tryAgain(row);
  }

  /** What waits for nothing any more: the server died between what it stood on and this. */
  *#takeUp(owner) {
    const waiting = this.allRows().filter((row) => row.owner === owner && row.state === "waits");
    for (const row of waiting) if (row.after.every((uid) => this.#isDone(owner, uid))) yield* this.tryAgain(row);
  }

  /** Of what is kept: what waited for another one, or what an officer lets in. */
  *tryAgain(row, isOfficer = false) {
    if (row.state !== (isOfficer ? "held" : "waits")) return;
    const device = { owner: row.owner, isEnded: false };
    const done = yield* this.#settle(device, row, row, isOfficer);
    if (done && FINAL.includes(done.state)) yield* this.#letGoOn(device, row.id);
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
    if (!device) return { status: 401, body: { detail: "unknown" } };
    yield* this.#takeUp(device.owner);
    const asked = request.open.map((uid) => [uid, this.#answer(device.owner, uid)]);
    for (const sent of request.commands) {
      yield;
      yield* this.receive(device, sent);
    }
    yield;
    const sentIds = request.commands.map((sent) => sent.id);
    const answers = [...asked.filter(([uid]) => !sentIds.includes(uid)).map(([, answer]) => answer), ...this.#answersTo(device.owner, request.commands)];
    const cursor = this.readCursor();
    yield;
    const { groups, gone, more } = this.difference(this.keeps.get(device.owner), request.have, this.#touched(request.cursor, cursor));
    const server = `s.${this.kept.timeline}`;
    const wipe = (device.mustForget || device.isEnded) && request.counts.waiting <= request.commands.length;
    const about = { today: TODAY, name: device.owner, language: "ur", server, wipe };
    return { status: 200, body: { ...about, answers, groups, gone, cursor: more ? request.cursor : cursor, more } };
  }

  /** A file that somebody carried here: the same, without the parts. */
  *carried(token, commands) {
    const device = this.devices.get(token);
    for (const sent of commands) {
      yield;
      yield* this.receive(device, sent);
    }
    return { answers: this.#answersTo(device.owner, commands), today: TODAY };
  }

  #answersTo(owner, commands) {
    return commands.map((sent) => {
      const row = this.last(owner, sent.id);
      const answer = this.#answer(owner, sent.id);
      return row && isSame(row, sent) && row.state !== "refused" ? { ...answer, try: Math.max(sent.try, row.try) } : answer;
    });
  }

  readCursor() {
    const oldest = this.active.size ? Math.min(...this.active) : this.kept.nextXid;
    return `s.${this.kept.timeline}.${oldest}`;
  }

  #touched(asked, now) {
    const [head, since] = [asked.slice(0, asked.lastIndexOf(".") + 1), Number(asked.slice(asked.lastIndexOf(".") + 1))];
    if (head !== now.slice(0, now.lastIndexOf(".") + 1) || since > this.kept.nextXid) return null;
    return new Set(this.kept.marks.filter(([, xid]) => xid >= since).map(([group]) => group));
  }

  difference(hers, have, touched) {
    const gone = Object.keys(have).filter((group) => !hers.has(group));
    const asked = [...hers].filter((group) => !have[group] || !touched || touched.has(group));
    asked.sort((one, other) => Number(Boolean(have[one])) - Number(Boolean(have[other])) || (one < other ? -1 : 1));
    const groups = [];
    for (const [at, group] of asked.entries()) {
      if (groups.length >= AT_ONCE) return { groups, gone, more: at < asked.length };
      const lacking = this.#lacking(group, have[group]);
      if (lacking) groups.push(lacking);
    }
    return { groups, gone, more: false };
  }

  /** The parts of a group with their digests, reckoned once for each time that it was written. */
  #known(id) {
    if (!this.told.has(id)) {
      const parts = this.partsOf(id);
      this.told.set(id, { parts, digests: Object.fromEntries(PARTS.map((name) => [name, quickDigest(parts[name])])) });
    }
    return this.told.get(id);
  }

  #lacking(id, has) {
    const { parts: whole, digests } = this.#known(id);
    const parts = Object.fromEntries(PARTS.filter((name) => has?.parts?.[name] !== digests[name]).map((name) => [name, whole[name]]));
    const last = has?.since === SINCE ? has.sheets : 0;
    const ids = this.kept.groups[id].sheets.map(([sheet]) => sheet);
    const fresh = this.kept.groups[id].sheets.filter(([sheet]) => sheet > last);
    const sheets = fresh.length || has?.since !== SINCE
      ? { first: last === 0, since: SINCE, ids: differences(fresh.map(([sheet]) => sheet)), paise: fresh.map(([, paise]) => paise) } : null;
    if (!Object.keys(parts).length && !sheets) return null;
    return { id, parts, sheets, has: { sheets: ids.length, last: ids.at(-1) || 0, sum: quickSum(ids) } };
  }

  partsOf(id) {
    const group = this.kept.groups[id];
    return {
      self: { id, name: group.name, closed: group.closedUpTo, clashes: group.clashes.filter((clash) => !clash.settled).map((clash) => clash.uid) },
      women: Object.values(group.women).map(({ id: woman, name, phone, revision, kept }) => ({ id: woman, name, phone, revision, kept })),
      meetings: group.meetings.map(({ id: meeting, number, paise, sheet }) => [meeting, number, paise, sheet]),
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

  write(id, uid, number, paise) {
    return this.transaction([id], (tx) => {
      const group = this.kept.groups[id];
      if (group.meetings.some((meeting) => meeting.number === number)) return;
      tx.groups.add(id);
      const sheet = this.kept.nextSheet;
      this.kept.nextSheet += 1;
      tx.effects.push(() => this.#post(group, { id: uid, number, paise, sheet }));
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
      if (!row || row.state !== "conflict" || (isReplaced && row.said.paise < 0)) return;
      tx.groups.add(id);
      const sheet = this.kept.nextSheet;
      this.kept.nextSheet += 1;
      tx.effects.push(() => {
        clash.settled = isReplaced ? "replaced" : "first";
        Object.assign(row, { state: isReplaced ? "accepted" : "aside", told: isReplaced ? {} : { why: "the other one holds" } });
        if (!isReplaced) return;
        const first = group.meetings.findIndex((meeting) => meeting.number === row.said.number);
        if (first >= 0) group.meetings.splice(first, 1);
        this.#post(group, { id: uid, number: row.said.number, paise: row.said.paise, sheet });
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
