// Why a cut-off cannot be posted, and what in it is unusual. Plain values in, every reason at once out. The same as
// books/rules/cutoffs.py.
//
// A cut-off is made once, balanced, then locked (M9 of the field's practice: docs/rules/README.md); the difference is
// said, never filled in.

import { daysBetween } from "../core/days.js";
import { grouped, rupees } from "../core/money.js";
import { aDay, refusal, warning } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { farMore } from "./credits.js";
import { overdueInterest, overduePrincipal, restOf } from "./cutoffDocuments.js";
import { isSaid } from "./documents.js";
import { BY_KEY } from "./heads.js";
import { LEAST_OF_BANKS_BP, unusualRate, USUAL_OF_BODIES_BP, USUAL_RATE_BP } from "./rates.js";

/** A book with fewer meetings may begin with the first one; one with as many takes no cut-off any more. */
export const FROM_MEETING_ONE = 12;

const FUTURE = N_("%(day)s has not come yet.");
const BEFORE_FORMING = N_("It was formed on %(since)s; this is earlier.");
const LOCKED = N_("The month of %(day)s is closed in this book. Put right what is wrong in an open month.");
const STANDS = N_("A cut-off of %(day)s stands in this book. Correct that one, with the reason.");
const NOT_STANDING = N_("The cut-off that this one corrects was taken back or corrected already.");
const WHY = N_("Say why it is corrected.");
const IN_THE_BOOK = N_("The book holds something of %(day)s already. A cut-off comes before all else in the book.");
const TOO_LATE = N_("%(count)s meetings stand in this book; its past can be put before them only while they are fewer than 12.");
const NOTHING = N_("Nothing is written yet.");
const MORE_MEETINGS = N_("%(count)s meetings are more than can have been held since %(since)s.");
const MEETING_AFTER = N_("The last meeting cannot be later than the cut-off.");
const MEETING_BEFORE = N_("The last meeting cannot be earlier than %(since)s, the day of forming.");
const RETURNED = N_("More was returned than was received.");
const UNEVEN = N_("%(apart)s more is there than is named for it. Look for what is missing, or say what was earned.");
const UNEVEN_LESS = N_("%(apart)s more is named than is there. Look for what is missing, or say that it was lost.");
const LOSS_WHY = N_("Say how it was lost.");
const NO_BODY = N_("It did not belong there on %(day)s.");
const NOT_BELOW = N_("It did not belong here on %(day)s.");
const OTHER_LEVEL = N_("“%(head)s” has no place in this book.");
const TWICE = N_("This stands here twice.");
const NO_MEMBER = N_("She was not a member on %(day)s.");
const WOMAN = N_("Say whose loan it is.");
const NO_WOMAN = N_("A loan that was taken belongs to nobody here.");
const BODY = N_("Say from which VO or CLF.");
const OTHER_KIND = N_("This is of another kind than the loan says.");
const NO_OTHER = N_("Only a loan from a VO or CLF names one.");
const LENDER = N_("Say who lent it.");
const LENT_LATER = N_("It was lent after the cut-off.");
const LENT_BEFORE = N_("It was formed only on %(since)s. Is the day right?");
const MORE_THAN_LENT = N_("%(lent)s was lent; more cannot be owed.");
const NOTHING_OWED = N_("Nothing is owed on this loan: count it among those that were repaid.");
const NOTHING_LENT = N_("Write how much was lent.");
const NO_LIMIT = N_("Nothing is drawn of this cash credit: write its limit, or leave it out.");
const OVERDUE_MORE = N_("%(owed)s is owed; more of it cannot be overdue.");
const OVERDUE_SINCE = N_("It is overdue since a day between %(since)s and %(until)s.");
const OVERDUE_NOTHING = N_("Say what is overdue, or leave out the day.");
const OVERDUE_ORDER = N_("The oldest part comes first.");
const NEXT_DUE = N_("Say when the next instalment falls due.");
const NEXT_LATER = N_("The next instalment falls due after the cut-off; what was due by then is paid or overdue.");
const INSTALMENTS = N_("Say how many instalments are left.");
const PLAN = N_("The plan repays %(plan)s; %(rest)s is left to repay.");
const PLAN_ORDER = N_("The plan goes on day by day, after the cut-off.");
const OVER_LIMIT = N_("More is drawn than the limit of %(limit)s. Is it right?");
const NO_CREDIT = N_("Only a bank gives a cash credit.");
const TAKEN = N_("This loan stands in the book as somebody else's. Leave it out and write it anew.");
const REPAID = N_("Something moved on the loan of %(name)s since; it cannot be left out.");
const REPAID_OWN = N_("Something moved on a loan that was taken since; it cannot be left out.");
const LINKED = N_("This loan stands in the other body's book too: it stays at %(owed)s. What was repaid is written as such.");
const LINKED_OUT = N_("A loan of %(owed)s stands in another body's book too; it cannot be left out.");
const FEW = N_("With fewer than 12 meetings the book may as well begin with the first one. Is a cut-off wanted?");
const UNSAVED_ONE = N_("%(names)s has no saving here. Is it right?");
const UNSAVED = N_("%(names)s have no saving here. Is it right?");
const CASH_COUNTED = N_("Meetings after it counted the cash as it was. Count the box again in the next one.");

const ABOVE = { loan_from_vo: "vo", loan_from_clf: "clf" };
const USUAL_BP = { loan_to_member: USUAL_RATE_BP, loan_to_body: USUAL_OF_BODIES_BP };

/** What is known before the cut-off, as `Facts` of Python. `members` Map {woman, or group or VO: name} of all who belonged
 *  by then, `present` those still; `bodies` Map {VO or CLF above: its kind}.
 *
 *  `stands` is the day of a cut-off that holds (not the one that is corrected), `firstOther` the earliest day of anything
 *  else in the book; `used` Set of loans that other books or women have, `repaid` Map {loan on which something moved since:
 *  whose it is}, `linked` Map {loan of the corrected cut-off that stands in another book too: what it says is owed},
 *  `cashBefore` what that one says of the box. `charges` basis points a year that the group's own rules say. */
export const factsOf = (given) => ({
  members: new Map(), present: [], bodies: new Map(), stands: null, isCorrection: false, correctsStanding: true, why: "",
  firstOther: null, meetings: 0, locked: [], used: new Set(), repaid: new Map(), meetingsAYear: 52, kind: "shg",
  linked: new Map(), cashBefore: null, charges: null, ...given,
});

/** Why no past is put before a book in which so many meetings stand. */
export const whyTooLate = (meetings) =>
  (meetings >= FROM_MEETING_ONE ? [refusal("on", "too_late", TOO_LATE, { count: grouped(meetings) })] : []);

/** Every reason and every question about a cut-off (cutoffDocuments.js), with its two sides (cutoffSums.js). */
export function whyNotCutOff(document, facts, sides) {
  return [
    ...then(document, facts), ...meetingsHeld(document, facts), ...group(document, facts), ...levels(document, facts),
    ...savings(document, facts), ...closed(document, facts), ...loans(document, facts, ownOf(sides)),
    ...linked(document, facts), ...balance(document, sides),
  ];
}

function* then(document, facts) {
  const { on } = document;
  if (on > facts.today) yield refusal("on", "future", FUTURE, { day: aDay(on) });
  if (on < facts.formedOn) yield refusal("on", "before_forming", BEFORE_FORMING, { since: aDay(facts.formedOn) });
  for (const month of facts.locked) yield refusal("on", "month_locked", LOCKED, { day: aDay(month) });
  if (facts.isCorrection && !facts.correctsStanding) yield refusal(null, "not_standing", NOT_STANDING);
  if (facts.isCorrection && !isSaid(facts.why)) yield refusal("why", "no_reason", WHY);
  if (facts.stands !== null) yield refusal("on", "stands", STANDS, { day: aDay(facts.stands) });
  if (facts.firstOther !== null && facts.firstOther <= on) yield refusal("on", "in_the_book", IN_THE_BOOK, { day: aDay(facts.firstOther) });
  if (!facts.isCorrection) yield* whyTooLate(facts.meetings);
  else if (facts.meetings && document.cash !== facts.cashBefore) yield warning("cash", "cash_counted", CASH_COUNTED);
}

function* meetingsHeld(document, facts) {
  const { meetings_held: held, last_meeting: last } = document;
  const weeks = Math.floor((Math.max(0, daysBetween(facts.formedOn, document.on)) * facts.meetingsAYear) / 364) + 1;
  if (held > weeks) {
    yield refusal("meetings_held", "more_meetings", MORE_MEETINGS, { count: grouped(held), since: aDay(facts.formedOn) });
  } else if (held < FROM_MEETING_ONE && !facts.isCorrection) yield warning("meetings_held", "few_meetings", FEW);
  if (last === null) return;
  if (last > document.on) yield refusal("last_meeting", "meeting_after", MEETING_AFTER);
  else if (last < facts.formedOn) yield refusal("last_meeting", "meeting_before", MEETING_BEFORE, { since: aDay(facts.formedOn) });
}

function* group(document, facts) {
  for (const fund of ["rf", "cif"]) {
    const returned = `${fund}_returned`;
    if (document[returned] > document[`${fund}_received`]) yield refusal(returned, "returned_more", RETURNED);
  }
  for (const [at, held] of document.held.entries()) {
    if (!facts.bodies.has(held.body)) yield refusal(`held.${at}.body`, "no_body", NO_BODY, { day: aDay(document.on) });
  }
  yield* twice("held", document.held.map((held) => `${held.body} ${held.what}`));
}

/** A woman has nothing in a VO's book, nor a VO in a group's. */
function* levels(document, facts) {
  for (const part of ["savings", "kept", "loans", "closed"]) {
    for (const [at, one] of document[part].entries()) {
      const head = BY_KEY[one.head];
      if (!head.levels.includes(facts.kind) || (head.key === "loan_to_member" && facts.kind !== "shg")) {
        yield refusal(`${part}.${at}.head`, "other_level", OTHER_LEVEL, { head: head.title });
      }
    }
  }
}

function* twice(part, keys) {
  const seen = new Set();
  for (const [at, key] of keys.entries()) {
    if (seen.has(key)) yield refusal(`${part}.${at}`, "twice", TWICE);
    seen.add(key);
  }
}

function* member(path, who, document, facts) {
  if (facts.members.has(who)) return;
  yield refusal(path, "not_a_member", facts.kind === "shg" ? NO_MEMBER : NOT_BELOW, { day: aDay(document.on) });
}

function* savings(document, facts) {
  for (const [at, saved] of document.savings.entries()) yield* member(`savings.${at}.woman`, saved.woman, document, facts);
  yield* twice("savings", document.savings.map((saved) => `${saved.woman} ${saved.head}`));
  const have = new Set(document.savings.map((saved) => saved.woman));
  for (const [at, kept] of document.kept.entries()) yield* member(`kept.${at}.body`, kept.body, document, facts);
  yield* twice("kept", document.kept.map((kept) => `${kept.body} ${kept.head}`));
  const lacking = have.size ? [...facts.present].filter((woman) => !have.has(woman)).map((woman) => facts.members.get(woman)).sort() : [];
  if (lacking.length) yield warning("savings", "unsaved", lacking.length === 1 ? UNSAVED_ONE : UNSAVED, { names: lacking });
  for (const who of Object.keys(document.attended)) yield* member(`attended.${who}`, who, document, facts);
}

function* closed(document, facts) {
  for (const [at, one] of document.closed.entries()) yield* ofWhom(`closed.${at}`, one, document, facts, "whose");
  yield* twice("closed", document.closed.map((one) => `${one.head} ${one.woman ?? one.body}`));
}

/** Whoever belongs owes what was lent to her; what was taken is nobody's here. */
function* ofWhom(path, one, document, facts, code) {
  const name = { loan_to_member: "woman", loan_to_body: "body" }[one.head];
  if (name && one[name] === null) yield refusal(`${path}.${name}`, code, WOMAN);
  else if (name) yield* member(`${path}.${name}`, one[name], document, facts);
  if (one.woman !== null && name !== "woman") yield refusal(`${path}.woman`, "no_woman", NO_WOMAN);
}

/** What is there without what was borrowed. */
function ownOf(sides) {
  const borrowed = [...sides.holds].filter(([head]) => head.startsWith("loan_from_"));
  return borrowed.reduce((left, [, paise]) => left - paise, sides.hasAll);
}

function* loans(document, facts, own) {
  for (const [at, loan] of document.loans.entries()) {
    const path = `loans.${at}`;
    if (loan.is_cash_credit && document.origin !== "book") yield* farMore(loan.limit, own, `${path}.limit`);
    yield* whose(path, loan, document, facts);
    yield* howMuch(path, loan, document, facts);
    yield* overdue(path, loan, document);
    yield* later(path, loan, document);
  }
  yield* twice("loans", document.loans.map((loan) => loan.loan));
  const named = new Set(document.loans.map((loan) => loan.loan));
  for (const [loan, name] of facts.repaid) {
    if (!named.has(loan)) yield refusal("loans", "repaid_since", name ? REPAID : REPAID_OWN, { name });
  }
}

function* whose(path, loan, document, facts) {
  yield* ofWhom(path, loan, document, facts, "woman_needed");
  yield* fromWhom(path, loan, document, facts);
  if (["loan_from_bank", "loan_from_other"].includes(loan.head) && !isSaid(loan.lender)) {
    yield refusal(`${path}.lender`, "lender_needed", LENDER);
  }
  if (loan.is_cash_credit && loan.head !== "loan_from_bank") yield refusal(`${path}.is_cash_credit`, "no_cash_credit", NO_CREDIT);
  if (facts.used.has(loan.loan)) yield refusal(`${path}.loan`, "loan_used", TAKEN);
}

function* fromWhom(path, loan, document, facts) {
  const kind = ABOVE[loan.head];
  if (!kind) {
    if (loan.body !== null && loan.head !== "loan_to_body") yield refusal(`${path}.body`, "no_other", NO_OTHER);
  } else if (loan.body === null) yield refusal(`${path}.body`, "body_needed", BODY);
  else if (!facts.bodies.has(loan.body)) yield refusal(`${path}.body`, "no_body", NO_BODY, { day: aDay(document.on) });
  else if (facts.bodies.get(loan.body) !== kind) yield refusal(`${path}.body`, "other_kind", OTHER_KIND);
}

function* howMuch(path, loan, document, facts) {
  const isCredit = loan.is_cash_credit;
  if (loan.lent_on > document.on) yield refusal(`${path}.lent_on`, "lent_later", LENT_LATER);
  else if (loan.lent_on < facts.formedOn) yield warning(`${path}.lent_on`, "lent_before", LENT_BEFORE, { since: aDay(facts.formedOn) });
  if (!loan.lent && !isCredit) yield refusal(`${path}.lent`, "nothing_lent", NOTHING_LENT);
  // A cash credit is drawn and paid in again and again; what counts there is its limit.
  if (loan.outstanding > loan.lent && !isCredit) yield refusal(`${path}.outstanding`, "more_than_lent", MORE_THAN_LENT, { lent: rupees(loan.lent) });
  if (isCredit && loan.limit && loan.outstanding > loan.limit) {
    yield warning(`${path}.outstanding`, "over_limit", OVER_LIMIT, { limit: rupees(loan.limit) });
  }
  const isAsked = overdueInterest(loan) || loan.plan.some((one) => one.interest) || (isCredit && loan.limit);
  if (!loan.outstanding && !isAsked) {
    yield refusal(`${path}.${isCredit ? "limit" : "outstanding"}`, "nothing_owed", isCredit ? NO_LIMIT : NOTHING_OWED);
  }
  yield* rate(path, loan, document, facts);
}

/** Asked in the unit in which it was written: LokOS says each rate by the year, our pages and workbook a woman's by the
 *  month, all others by the year. Out of another book it was asked there. */
function rate(path, loan, document, facts) {
  if (document.origin === "book") return [];
  const isHers = loan.head === "loan_to_member";
  const aMonth = isHers && ["registers", "workbook"].includes(document.origin);
  const usual = USUAL_BP[loan.head] ?? LEAST_OF_BANKS_BP;
  return unusualRate(loan.rate_bp_a_year, `${path}.rate_bp_a_year`, { aMonth, charges: isHers ? facts.charges : null, usual });
}

function* overdue(path, loan, document) {
  if (overduePrincipal(loan) > loan.outstanding) {
    yield refusal(`${path}.overdue.0.principal`, "overdue_more", OVERDUE_MORE, { owed: rupees(loan.outstanding) });
  }
  let before = "";
  for (const [at, part] of loan.overdue.entries()) {
    const where = `${path}.overdue.${at}`;
    if (!(part.principal + part.interest)) yield refusal(where, "overdue_nothing", OVERDUE_NOTHING);
    if (part.on < loan.lent_on || part.on > document.on) {
      yield refusal(`${where}.on`, "overdue_since", OVERDUE_SINCE, { since: aDay(loan.lent_on), until: aDay(document.on) });
    } else if (part.on < before) yield refusal(`${where}.on`, "overdue_order", OVERDUE_ORDER);
    before = part.on;
  }
}

/** What is not overdue: when and in how many instalments it is repaid. */
function* later(path, loan, document) {
  const rest = restOf(loan);
  if (loan.plan.length) return yield* planned(path, loan, document, rest);
  if (loan.next_due !== null && loan.next_due <= document.on) yield refusal(`${path}.next_due`, "next_later", NEXT_LATER);
  if (rest <= 0 || (loan.is_cash_credit && loan.next_due === null)) return undefined;
  if (loan.next_due === null) yield refusal(`${path}.next_due`, "next_due", NEXT_DUE);
  if (loan.instalments < 1) yield refusal(`${path}.instalments`, "instalments", INSTALMENTS);
  return undefined;
}

function* planned(path, loan, document, rest) {
  const repaid = loan.plan.reduce((all, part) => all + part.principal, 0);
  if (repaid !== rest) yield refusal(`${path}.plan`, "plan", PLAN, { plan: rupees(repaid), rest: rupees(Math.max(0, rest)) });
  const days = [document.on, ...loan.plan.map((part) => part.on)];
  if (days.some((day, at) => at && day <= days[at - 1])) yield refusal(`${path}.plan`, "plan_order", PLAN_ORDER);
}

/** What another book says too is not changed in this one alone. */
function* linked(document, facts) {
  const said = new Map(document.loans.map((loan, at) => [loan.loan, [at, loan.outstanding]]));
  for (const [loan, owed] of facts.linked) {
    const [at, outstanding] = said.get(loan) ?? [];
    if (at === undefined) yield refusal("loans", "linked_out", LINKED_OUT, { owed: rupees(owed) });
    else if (outstanding !== owed) yield refusal(`loans.${at}.outstanding`, "linked", LINKED, { owed: rupees(owed) });
  }
}

function* balance(document, sides) {
  if (!sides.has.size && !sides.holds.size) yield refusal(null, "nothing", NOTHING);
  const apart = sides.difference;
  if (apart) yield refusal("surplus", "uneven", apart > 0 ? UNEVEN : UNEVEN_LESS, { apart: rupees(Math.abs(apart)) });
  if ((document.surplus ?? 0) < 0 && !isSaid(document.surplus_why)) yield refusal("surplus_why", "loss_why", LOSS_WHY);
}
