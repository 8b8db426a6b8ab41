// Why a meeting cannot be closed, and what in it is unusual. Plain values in, every reason at once out, as in
// books/rules/meetings.py: the same reasons in the same order. M1 to M10 of the field's practice: docs/rules/README.md.

import { grouped, rupees } from "../core/money.js";
import { inNumber, refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { whyNotAbove } from "./above.js";
import { bylawsOf, kept } from "./bylaws.js";
import { PAYMENTS, RECEIPTS, came, isSaid, paiseOf } from "./documents.js";
import { ABOUT_WOMAN } from "./heads.js";
import {
  fieldOf, notAMember, stranger, whoTook, whyNotCash, whyNotMissed, whyNotMoved, whyNotThen,
} from "./held.js";
import { TWICE, whyNotDrawn, whyNotRepaid, whyNotTerms } from "./lending.js";
import {
  grantedIn, unknownRequest, whyNotAsDecided, whyNotAsked, whyNotBeforeOthers, whyNotDecided, whyNotTwice,
} from "./queue.js";
import { sourcesLater, sourcesOn, whyNotOfSource } from "./sources.js";

const NO_PRESIDENT = N_("Name who presided.");
const PRESIDENT_AWAY = N_("Who presided must have been there.");
const UNSAID = N_("Say of %(name)s whether she was there.");
const NO_QUORUM = N_("%(came)s of %(all)s came; the group decides with %(needed)s. Was it decided all the same?");
const BY_WHOM = N_("%(name)s was not there. Say who brought it.");
const WHO_TOOK = N_("%(name)s was not there. Say who took it.");
const SET_OFF = N_(
  "For %(name)s %(paid)s is set off, and %(taken)s is taken from her savings for it. The two must be the same.",
);
const NOT_KEPT = N_("This group does not keep this saving.");
const MUCH_MORE = N_("%(amount)s is much more than the usual %(usual)s. Is it right?");
const OVERDRAWN = N_("%(name)s has %(amount)s in this saving; more cannot be given back.");
const VOTED = N_("Name those who decided.");
const VOTED_AWAY = N_("%(name)s was not there and cannot have decided.");
const OTHER_WOMAN = N_("This request is another woman's.");
const WHILE_OVERDUE = N_("%(name)s has %(amount)s overdue; the group's rule is not to lend before it is paid.");
const MORE_THAN_MOST = N_("The group's rule is at most %(most)s a loan.");
const GRANT_LESS = N_("The group's rule is at most %(most)s a loan. Write how much is granted, at most that.");
const FEW_NAMED = [
  N_("One woman is named; the group decides with %(needed)s. Was it decided all the same?"),
  N_("%(named)s women are named; the group decides with %(needed)s. Was it decided all the same?"),
];

// More than so many times the usual saving or fine is asked about; what a fine comes to where no rule says it.
const MUCH = 20;
const LEAST_FINE = 5_00;
const MOVES = [
  "savings", "withdrawals", "repayments", "fines", "receipts", "lendings", "payments", "repaid", "drawn", "given",
  "left", "arrived",
];

/** What the book of a group knows before the meeting, with the names of Python's `Facts`, camelCased; what is left out
 *  is as there. Paise and days as text. Mappings are Maps: `members` and `called` {woman: name}, `savings`
 *  {"woman head": paise}, `loans` {uid: `loanFacts`}, `requests` and `builtOn` {request: …} (queue.js), `sources`,
 *  `sourcesLater`, `onTheWay`, `countedThere`. Neighbours are [number, day] or null; the others are Sets. */
export function factsOf(known) {
  return {
    members: new Map(), called: new Map(), savings: new Map(), loans: new Map(), requests: new Map(),
    builtOn: new Map(), sources: new Map(), sourcesLater: new Map(), onTheWay: new Map(), countedThere: new Map(),
    above: new Set(), keeping: new Set(), bylaws: bylawsOf({}), cash: 0, bank: 0, lastNumber: 0, lastMet: null,
    sameNumber: null, earlier: null, later: null, sameDay: null, countedSince: null, meetingsAYear: 52,
    isMonthLocked: false, aboutWoman: ABOUT_WOMAN, receipts: new Set(RECEIPTS), payments: new Set(PAYMENTS), ...known,
  };
}

/** What she is called, also who belonged at another time. */
function nameOf(facts, woman) {
  return woman ? facts.members.get(woman) || (facts.called.get(woman) ?? "?") : "?";
}

/** Every reason and every question about a meeting (as `read` answers it), with its sums (`tallyOf`). */
export function whyNotClose(meeting, facts, tally) {
  if (meeting.kind === "missed") return [...whyNotThen(meeting, facts), ...missed(meeting)];
  return [
    ...whyNotThen(meeting, facts), ...attendance(meeting, facts), ...savings(meeting, facts), ...setOff(meeting, facts),
    ...takenAlong(meeting, facts), ...repayments(meeting, facts), ...moved(meeting, facts), ...queue(meeting, facts),
    ...lendings(meeting, facts), ...whyNotAbove(meeting, facts), ...whyNotDrawn(meeting, facts.loans),
    ...whyNotCash(meeting, facts, tally),
  ];
}

function missed(meeting) {
  const hasMoved = MOVES.some((part) => meeting[part].length) || meeting.deposit || meeting.withdrawal;
  return whyNotMissed(!!hasMoved, meeting.why);
}

function attendance(meeting, facts) {
  const reasons = [];
  for (const [woman, name] of facts.members) {
    if (!Object.hasOwn(meeting.attendance, woman)) {
      reasons.push(refusal(`attendance.${woman}`, "unsaid", UNSAID, { name }));
    }
  }
  for (const woman of Object.keys(meeting.attendance)) {
    if (!facts.members.has(woman)) reasons.push(notAMember(`attendance.${woman}`, woman, meeting.on, facts));
  }
  return [...reasons, ...presided(meeting), ...quorum(meeting, facts)];
}

function presided(meeting) {
  if (meeting.president === null) return [refusal("president", "no_president", NO_PRESIDENT)];
  return came(meeting, meeting.president) ? [] : [refusal("president", "president_away", PRESIDENT_AWAY)];
}

function quorum(meeting, facts) {
  const [there, needed] = [howManyCame(meeting, facts), neededOf(facts)];
  if (there >= needed || !(meeting.decisions.length || meeting.lendings.length)) return [];
  const said = { came: grouped(there), all: grouped(facts.members.size), needed: grouped(needed) };
  return [refusal("attendance", "no_quorum", NO_QUORUM, said, "warn")];
}

const howManyCame = (meeting, facts) => [...facts.members.keys()].filter((woman) => came(meeting, woman)).length;

/** With how many of its members the group decides. */
const neededOf = (facts) => Math.ceil((facts.members.size * facts.bylaws.quorumPercent) / 100);

/** What is set off is paid with what is taken from her own savings, woman by woman. */
function setOff(meeting, facts) {
  const found = new Map();
  for (const part of ["savings", "repayments", "fines", "withdrawals"]) {
    for (const [at, one] of meeting[part].entries()) {
      if (one.mode !== "set_off") continue;
      const isLoan = part === "repayments";
      const whose = isLoan ? facts.loans.get(one.loan)?.woman ?? null : one.woman;
      const hers = found.get(whose) ?? { paid: 0, taken: 0, path: fieldOf(part, at, isLoan ? "principal" : "paise") };
      hers[part === "withdrawals" ? "taken" : "paid"] += paiseOf(one);
      found.set(whose, hers);
    }
  }
  return [...found].filter(([, { paid, taken }]) => paid !== taken).map(([whose, { paid, taken, path }]) =>
    refusal(path, "set_off", SET_OFF, { name: nameOf(facts, whose), paid: rupees(paid), taken: rupees(taken) }));
}

/** M5: who is absent may pay through another, who is named. */
function brought(part, at, one, woman, meeting, facts) {
  if (woman === null || came(meeting, woman) || isSaid(one.by)) return [];
  return [refusal(fieldOf(part, at, "by"), "by_whom", BY_WHOM, { name: nameOf(facts, woman) })];
}

/** M5, the other way: what is paid out in cash for who is absent. */
function takenAlong(meeting, facts) {
  return ["withdrawals", "lendings", "payments"].flatMap((part) => meeting[part].flatMap((one, at) => {
    if (one.woman === null || came(meeting, one.woman)) return [];
    return whoTook(part, at, one, WHO_TOOK, nameOf(facts, one.woman));
  }));
}

function savings(meeting, facts) {
  const seen = new Set();
  const heads = kept(facts.bylaws);
  const reasons = meeting.savings.flatMap((saved, at) => {
    const key = `${saved.woman} ${saved.head}`;
    const path = fieldOf("savings", at, "paise");
    const twice = seen.has(key) ? [refusal(path, "twice", TWICE)] : [];
    seen.add(key);
    return [
      ...stranger("savings", at, saved.woman, meeting.on, facts),
      ...brought("savings", at, saved, saved.woman, meeting, facts),
      ...(heads.includes(saved.head) ? [] : [refusal(path, "not_kept", NOT_KEPT)]), ...twice,
      ...farAboveUsual(path, "much_saved", saved.paise, facts.bylaws.savings.get(saved.head) ?? 0),
    ];
  });
  return [...reasons, ...withdrawals(meeting, facts)];
}

function withdrawals(meeting, facts) {
  return meeting.withdrawals.flatMap((back, at) => {
    const hers = (part) => meeting[part].filter((one) => one.woman === back.woman && one.head === back.head)
      .reduce((sum, one) => sum + one.paise, 0);
    const reasons = stranger("withdrawals", at, back.woman, meeting.on, facts);
    const has = (facts.savings.get(`${back.woman} ${back.head}`) ?? 0) + hers("savings");
    if (hers("withdrawals") <= has) return reasons;
    const said = { name: nameOf(facts, back.woman), amount: rupees(has) };
    return [...reasons, refusal(fieldOf("withdrawals", at, "paise"), "overdrawn", OVERDRAWN, said)];
  });
}

function repayments(meeting, facts) {
  return whyNotRepaid(meeting, facts.loans, (part, at, paid, loan) =>
    brought(part, at, paid, loan.woman, meeting, facts));
}

function moved(meeting, facts) {
  const fines = meeting.fines.flatMap((fine, at) => [
    ...stranger("fines", at, fine.woman, meeting.on, facts),
    ...brought("fines", at, fine, fine.woman, meeting, facts),
    ...farAboveUsual(fieldOf("fines", at, "paise"), "much_fined", fine.paise, usualFine(facts.bylaws)),
  ]);
  return [...whyNotMoved(meeting, facts), ...fines];
}

export const usualFine = (bylaws) => Math.max(bylaws.fineLate, bylaws.fineAbsent, LEAST_FINE);

/** The question about a saving or a fine of many times the usual one, where one is known. */
export function farAboveUsual(path, code, paise, usual) {
  if (!usual || paise <= MUCH * usual) return [];
  return [refusal(path, code, MUCH_MORE, { amount: rupees(paise), usual: rupees(usual) }, "warn")];
}

/** Requests that wait or are granted, with those of this meeting. */
function waitingOn(meeting, facts) {
  const asked = meeting.requests.map(({ id, woman, paise }) =>
    [id, { who: woman, askedOn: meeting.on, paise, granted: null, promisedOn: null }]);
  return new Map([...facts.requests, ...asked]);
}

function queue(meeting, facts) {
  const waiting = waitingOn(meeting, facts);
  const called = (woman) => nameOf(facts, woman);
  return [
    ...meeting.requests.flatMap((asked, at) => stranger("requests", at, asked.woman, meeting.on, facts)),
    ...whyNotAsDecided(meeting, facts.builtOn, called),
    ...whyNotBeforeOthers(meeting, waiting, called),
    ...meeting.decisions.flatMap((one, at) => decided(at, one, waiting.get(one.request), meeting, facts)),
  ];
}

function decided(at, one, request, meeting, facts) {
  if (!request) return [unknownRequest("decisions", at)];
  const reasons = [...whyNotDecided(at, one, meeting.on), ...voted(at, one, meeting, facts)];
  const { most } = facts.bylaws;
  if (one.outcome === "granted" && most !== null && (one.paise || request.paise) > most) {
    const path = fieldOf("decisions", at, "paise");
    reasons.push(refusal(path, "more_than_most", GRANT_LESS, { most: rupees(most) }));
  }
  return reasons;
}

/** Those who decided for all are named, and were there. Fewer than the quorum are asked about, like a meeting to which
 *  fewer came (of that one it is asked once): the book holds what happened, also when it is corrected later. */
function voted(at, one, meeting, facts) {
  if (one.way !== "named") return [];
  const path = fieldOf("decisions", at, "voted");
  if (!one.voted.length) return [refusal(path, "voted", VOTED)];
  const away = one.voted.filter((woman) => !came(meeting, woman));
  const named = new Set(one.voted.filter((woman) => came(meeting, woman))).size;
  const reasons = away.map((woman) => refusal(path, "voted_away", VOTED_AWAY, { name: nameOf(facts, woman) }));
  const needed = neededOf(facts);
  if (named < needed && needed <= howManyCame(meeting, facts)) {
    const said = { named: grouped(named), needed: grouped(needed) };
    reasons.push(refusal(path, "few_named", inNumber(named, ...FEW_NAMED), said, "warn"));
  }
  return reasons;
}

function lendings(meeting, facts) {
  const waiting = waitingOn(meeting, facts);
  const granted = grantedIn(meeting);
  const reasons = meeting.lendings.flatMap((lent, at) => lending(at, lent, waiting, granted, meeting, facts));
  const [now, later] = [sourcesOn(meeting, facts), sourcesLater(meeting, facts)];
  return [...whyNotTwice(meeting.lendings), ...reasons, ...whyNotOfSource(meeting.lendings, now, later, { part: "lendings", asks: true })];
}

function lending(at, lent, waiting, granted, meeting, facts) {
  const { most, rateBpAYear: charges, rounding, lendsToOverdue } = facts.bylaws;
  const notHers = refusal(fieldOf("lendings", at, "request"), "other_woman", OTHER_WOMAN);
  const reasons = [
    ...stranger("lendings", at, lent.woman, meeting.on, facts),
    ...whyNotAsked(at, lent, lent.woman, waiting, granted, notHers),
    ...whyNotTerms(lent, meeting.on, { path: `lendings.${at}.`, charges, rounding }),
  ];
  if (most !== null && lent.paise > most) {
    reasons.push(refusal(fieldOf("lendings", at, "paise"), "more_than_most", MORE_THAN_MOST, { most: rupees(most) }));
  }
  const overdue = stillOverdue(lent.woman, meeting, facts);
  if (overdue && !lendsToOverdue) {
    const said = { name: nameOf(facts, lent.woman), amount: rupees(overdue) };
    reasons.push(refusal(fieldOf("lendings", at, "woman"), "while_overdue", WHILE_OVERDUE, said));
  }
  return reasons;
}

/** What of her loans is overdue after what she pays today. */
function stillOverdue(woman, meeting, facts) {
  const paid = new Map(meeting.repayments.map((one) => [one.loan, one.principal + one.interest]));
  return [...facts.loans].filter(([, loan]) => loan.isGiven && loan.woman === woman)
    .reduce((sum, [key, loan]) => sum + Math.max(0, loan.overdue - (paid.get(key) ?? 0)), 0);
}
