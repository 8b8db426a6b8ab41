// What the phone keeps of its groups: their parts, as the server said them last, and which of them it has. A group is written in one piece,
// so that its parts always belong together. Sheets only grow: they are kept as the pieces in which they came, the first of them `first`.

import { ADDED, added, counted } from "../book/adding.js";
import { digestOf, sumOf } from "../core/bytes.js";

export const PARTS = ["self", "women", "loans", "before", "meetings", "said", "queue"];
const NOTHING = { parts: {}, sheets: 0, last: 0, sum: null, since: null, server: "", isAnew: false };
/** A window that began longer ago is asked for anew: the server then begins it a year ago. */
const MONTHS_KEPT = 15;

/** The numbers of all sheets of some pieces; in a piece each is told as its difference from the one before. */
export function numbersOf(pieces) {
  const numbers = [];
  for (const piece of pieces) {
    let number = 0;
    for (const step of piece.ids) numbers.push((number += step));
  }
  return numbers;
}

const isTooOld = (since, today) => {
  const [years, months] = [since, today].map((day) => day.split("-").map(Number)).reduce((one, other) => [other[0] - one[0], other[1] - one[1]]);
  return years * 12 + months > MONTHS_KEPT;
};

/** The pieces with what came, or null where it does not follow on what is there. */
export function grown(pieces, came) {
  if (came.first) return [came];
  if (!came.ids.length) return pieces;
  if (!pieces.length) return null;
  const last = numbersOf(pieces).at(-1) || 0;
  if (numbersOf([came]).at(-1) <= last) return pieces; // all of it came before
  return came.ids[0] > last ? [...pieces, came] : null;
}

export class Kept {
  #index = new Map();

  // `adding`: how rows are added to parts (book/adding.js).
  constructor({ store, digest = digestOf, sum = sumOf, adding = { names: ADDED, added, counted } }) {
    Object.assign(this, { store, digest, sum, adding });
  }

  async load() {
    this.#index = new Map(await this.store.all("kept"));
    this.again();
    return this;
  }

  groups() {
    return [...this.#index.keys()];
  }

  /** What a request says that we have. Groups that do not agree with the server are left out: all of them comes anew. */
  have() {
    const found = [...this.#index].filter(([, has]) => !has.isAnew);
    return Object.fromEntries(found.map(([group, { last, since, parts }]) => [group, { sheets: last, since, parts }]));
  }

  /** Groups that are asked for anew because what is kept differs from what the server says. */
  anew() {
    return [...this.#index].filter(([, has]) => has.isAnew).map(([group]) => group);
  }

  /** [group, since] of those that differ from what the server says though all of them came anew; since which of its days. */
  differing() {
    return [...this.#index].filter(([, has]) => has.differs).map(([group, has]) => [group, has.differs]);
  }

  /** What differs is asked for anew when the app is opened, when something comes of it, and when she wants it: each time is all of a group. */
  again() {
    for (const [group] of this.differing()) this.#index.set(group, { ...this.#index.get(group), isAnew: true });
  }

  /** The parts of a group as they came, for book/parts.js; null of a group that is not kept. */
  async parts(group) {
    if (!this.#index.has(group)) return null;
    return this.#these(group, [...PARTS, "sheets"]);
  }

  /** One part of many groups (the list of groups reads `self` of each). */
  async some(name, groups = this.groups()) {
    const found = await this.store.many("parts", groups.map((group) => `${group} ${name}`));
    return new Map(groups.map((group, at) => [group, found[at] ?? null]));
  }

  async #these(group, names) {
    const found = await this.store.many("parts", names.map((name) => `${group} ${name}`));
    return Object.fromEntries(names.map((name, at) => [name, found[at] ?? null]));
  }

  /**
   * Keeps what the server says of some groups, in one write together with `alongside`. True where they then agree with what the server
   * has.
   */
  async take(entries, alongside = [], how = {}) {
    const taken = await Promise.all(entries.map((entry) => this.#taken(entry, how)));
    await this.store.write([...alongside, ...taken.flatMap(({ changes }) => changes)]);
    for (const { group, next } of taken) this.#index.set(group, next);
    return taken.every(({ agrees }) => agrees);
  }

  async #taken({ id: group, parts: whole = {}, sheets = null, has = null, rows = null }, { today = null, server = "" }) {
    const there = this.#index.get(group) || NOTHING;
    const next = { ...there, parts: { ...there.parts }, server, isAnew: false };
    const changes = [];
    const parts = rows ? await this.#withRows(group, whole, rows, has?.rows, next) : whole;
    const kept = Promise.all(Object.entries(parts).map(async ([name, part]) => {
      const digest = await this.digest(part);
      if (next.parts[name] !== digest || name in whole) changes.push(["put", "parts", `${group} ${name}`, part]);
      next.parts[name] = digest;
    }));
    if (sheets) await this.#add(group, sheets, next, changes);
    await kept;
    const agrees = !next.isAnew && (!has || (has.sheets === next.sheets && has.last === next.last && (has.sum ?? next.sum) === next.sum));
    const isAll = Boolean(sheets?.first && !rows);
    next.isAnew = (!agrees && !isAll) || Boolean(today && next.since && isTooOld(next.since, today));
    if (agrees) delete next.differs;
    else if (isAll) next.differs ||= today || next.since;
    changes.push(["put", "kept", group, next]);
    return { group, next, changes, agrees };
  }

  // The parts that came whole, and those that rows were added to. Where these are not all here, or are not as many as the server has
  // then, the group is asked for anew.
  async #withRows(group, whole, rows, many, next) {
    const names = [...this.adding.names, "self"];
    const there = { ...(await this.#these(group, names)), ...whole };
    if (names.some((name) => !there[name])) {
      next.isAnew = true;
      return whole;
    }
    const parts = this.adding.added(there, rows);
    const found = this.adding.counted({ ...there, ...parts }, many ?? {});
    next.isAnew = Object.entries(many ?? {}).some(([name, count]) => found[name] !== count);
    return { ...whole, ...parts };
  }

  async #add(group, came, next, changes) {
    const key = `${group} sheets`;
    const pieces = came.first ? [] : (await this.store.get("parts", key)) || [];
    const all = grown(pieces, came);
    if (!all) {
      next.isAnew = true;
      return;
    }
    if (all !== pieces) changes.push(["put", "parts", key, all]);
    const numbers = numbersOf(all);
    const sum = await this.sum(numbers);
    Object.assign(next, { sheets: numbers.length, last: numbers.at(-1) || 0, sum, since: came.first ? came.since : next.since });
  }

  /** Groups that another server told, or this one before it was put back to an earlier day: it may count its sheets otherwise. */
  ofAnother(server) {
    return [...this.#index].filter(([, has]) => has.server && has.server !== server && !has.isAnew).map(([group]) => group);
  }

  /** The changes by which groups are asked for anew; `doubted` says that they are kept. */
  doubting(groups) {
    return groups.map((group) => ["put", "kept", group, { ...this.#index.get(group), isAnew: true }]);
  }

  doubted(groups) {
    for (const group of groups) this.#index.set(group, { ...this.#index.get(group), isAnew: true });
  }

  /** Groups that are hers no more. */
  async forget(groups, alongside = []) {
    await this.store.write([...this.forgetting(groups), ...alongside]);
    this.forgot(groups);
  }

  forgetting(groups) {
    const names = [...PARTS, "sheets"];
    return groups.flatMap((group) => [["delete", "kept", group], ...names.map((name) => ["delete", "parts", `${group} ${name}`])]);
  }

  forgot(groups) {
    for (const group of groups) this.#index.delete(group);
  }
}
