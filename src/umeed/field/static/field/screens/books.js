// The books of her groups: their parts opened, with what waits to be sent folded in. Opened when they are asked for, kept until
// something new is known of them.

import { hasBook } from "../book/cutOffFacts.js";
import { foldAll } from "../book/fold.js";
import { before } from "../book/facts.js";
import { runningLoans } from "../book/loans.js";
import { calendar, numberIn, standing } from "../book/meetings.js";
import { openBook } from "../book/parts.js";
import { breath } from "../core/dom.js";
import { t } from "../core/words.js";
import { listed, today } from "./session.js";

let app = null;
export const begin = (phone) => {
  app = phone;
};

/** A Book as screens need it: the Book itself, its own part, and names. */
export async function bookOf(group) {
  const { books, kept, outbox } = app.session;
  if (!books.has(group)) {
    const parts = await kept.parts(group);
    if (!parts?.self) throw new Gone(group);
    books.set(group, shownOf(foldAll(openBook(parts), outbox.unfolded(group))));
  }
  return books.get(group);
}

/** The group is hers no more, or nothing of it is here yet. */
export class Gone extends Error {}

function shownOf(book) {
  const names = new Map([...(book.own.above || []).map((one) => [one.id, one.name]), ...Object.entries(book.own.bodies || {})]);
  const kinds = new Map((book.own.above || []).map((one) => [one.id, one.kind === "vo" ? t("VO") : t("CLF")]));
  const women = new Map(book.women.map((one) => [one.id, one.name]));
  return {
    book, self: book.own, name: book.own.name, bodyName: (body) => names.get(body) || kinds.get(body) || t("VO or CLF"),
    womanName: (woman) => women.get(book.kept.get(woman) ?? woman) ?? women.get(woman) ?? "?", hasBook: hasBook(book),
  };
}

/** Counts the loans of a book on a day little by little: who asks for them then finds them counted, and a tap waits for some
    of them at most. */
export async function counted(book, on) {
  const loans = runningLoans(book, on < book.since ? book.since : on);
  for (let at = 0; at < loans.length; at += 1) {
    if (at % LOANS_AT_ONCE === 0) await breath();
    if (!loans[at].isClosed) void loans[at].dueNow;
  }
  await breath();
}

const LOANS_AT_ONCE = 6;

/** What the book knows before a meeting, of each request what it is for, which record is kept of a woman, whose each loan is. */
export async function known(group, { on, number, replaces = null, mends = null }) {
  const book = await bookToWrite(group, mends);
  await counted(book, on);
  const facts = before(book, on < book.since ? book.since : on, { number, without: replaces, today: today() });
  return { ...facts, asked: asked(book), kept: book.kept, lentTo: new Map(book.loans.map((one) => [one.uid, one.woman])) };
}

const bookToWrite = async (group, mends) => (mends ? without(group, mends) : (await bookOf(group)).book);

/** The number of a meeting that is being written. When another phone's came under it meanwhile, it is the next one; what stands on
    this phone she knew of. */
export async function numberOf({ group, number, on, replaces, mends }) {
  if (replaces) return number;
  const hers = app.session.outbox.list().filter((one) => one.group === group).map((one) => one.id);
  return numberIn(await bookToWrite(group, mends), { number, on }, hers);
}

// What is mended stands in no book while it is written anew.
export async function without(group, id) {
  const { kept, outbox } = app.session;
  return foldAll(openBook(await kept.parts(group)), outbox.unfolded(group).filter((one) => one.id !== id));
}

const asked = (book) => new Map(book.asked.map((one) => [one.id, { purpose: one.purpose || "other", instalments: one.instalments, note: one.note }]));

/** {last, lastNumber, missed, next} of a group; of many without opening their money. */
export const calendarOf = ({ book }) => calendar(book, today());

/** Who presided last, where she still belongs: filled in for the next meeting. */
export async function president(group, on) {
  const { book } = await bookOf(group);
  const last = held(book).find((one) => one.president);
  const woman = last && (book.kept.get(last.president) ?? last.president);
  const isHere = book.women.find((one) => one.id === woman)?.during.some(([from, until]) => (!from || from <= on) && (!until || on < until));
  return isHere ? woman : null;
}

/** Meetings that stand, the newest first. */
export const held = (book) => [...standing(book)].filter((one) => one.on >= book.since || one.id).sort((one, two) => (one.on < two.on ? 1 : -1));

/** The calendars of all groups by their smallest parts: who meets today, who is overdue. [{group, name, village, next, missed, lastNumber}] */
export async function overview() {
  const { kept, books } = app.session;
  const groups = kept.groups();
  const isKnown = (group) => books.get(listed(group))?.today === today();
  const missing = groups.filter((group) => !isKnown(group));
  for (let at = 0; at < missing.length; at += AT_ONCE) await listSome(missing.slice(at, at + AT_ONCE));
  return groups.filter(isKnown).map((group) => ({ ...books.get(listed(group)).row }));
}

/** So many groups are opened for the list between two taps at most. */
const AT_ONCE = 10;

async function listSome(groups) {
  const { kept, books, outbox } = app.session;
  const [selves, meetings] = await Promise.all([kept.some("self", groups), kept.some("meetings", groups)]);
  await breath();
  const waits = outbox.unfoldedOf(groups);
  for (const group of groups) {
    const self = selves.get(group);
    if (self) books.set(listed(group), { today: today(), row: rowOf(self, meetings.get(group), waits.get(group)) });
  }
}

function rowOf(self, meetings, unfolded) {
  const waits = unfolded.filter((one) => one.said?.document);
  const bare = openBook({ self, women: [], meetings, sheets: [], said: [], queue: { asked: [], decided: [] } });
  const book = foldAll(bare, waits.filter((one) => one.kind === "write_cut_off"));
  const row = { group: self.id, name: self.name, village: self.village || "", hasBook: hasBook(book), next: null, missed: [], lastNumber: 0, since: self.since };
  if (!row.hasBook) return row;
  const closed = waits.filter((one) => one.kind === "close_meeting");
  return { ...row, ...calendar(closed.reduce(withMeeting, book), today()) };
}

function withMeeting(book, { said, after, told }, at) {
  const { id, on, number = null, kind = "regular" } = said.document;
  const old = book.meetings.find((one) => one.id === said.replaces) ?? null;
  const meeting = { ...PLAIN, id, on, kind, number: told.number ?? numberIn(book, { number, on }, after, old), version: 1000 + at };
  return { ...book, meetings: [...book.meetings, meeting] };
}

const PLAIN = { replaces: null, sheet: null, president: null, attendance: {}, counted: 0, isGone: false, fines: [], brought: [], said: null, closedAt: null, also: [] };

/** What the book knows today: for papers, not for a meeting. */
export const knownToday = ({ book }) => ({ ...before(book, today() < book.since ? book.since : today(), { number: null, today: today() }), asked: asked(book) });

/** What the book knows before a meeting of a day and number. */
export const knownOn = ({ book }, { on, number }) => before(book, on < book.since ? book.since : on, { number, today: today() });
