// Whether a loan is regular, watched or an NPA on a day, with what was before it; and what a cash credit asks for. The
// same as books/rules/standing.py.
//
// By the days that the oldest unpaid due is late (RBI: 30, 60, 90 by plain difference of dates). What has been an NPA
// stays one until nothing at all is overdue. A cash credit has no instalments: at each month's end it asks for interest
// by the day. It is out of order when its credits of 90 days do not cover the interest, or it stands above its limit so
// long.

import { addDays, daysBetween, firstOfMonth, inOrder } from "../core/days.js";
import { arrears, isOutOfOrder, NPA_DAYS, standings } from "./demands.js";
import { creditAccount, creditDay, interestByDays } from "./interest.js";
import { TO_THE_PAISA } from "./rounding.js";
import { whole } from "./schedules.js";

const inTurn = (days) => [...new Set(days)].sort(inOrder);

/** The standing of a loan at the end of a day. `dues` is all that was asked for until then. */
export function standingOn(dues, paid, on) {
  const now = arrears(dues, paid, on);
  if (now.since === null || now.standing === "npa") return now.standing;
  // Only days on which something was paid can have ended an NPA; it was at its latest on the eve of each.
  const moved = paid.map((one) => one.on).filter((day) => day <= on);
  const days = inTurn([...moved.map((day) => addDays(day, -1)), ...moved, on]);
  return standings(days.map((day) => arrears(dues, paid, day))).pop();
}

/** Interest of each whole month of a cash credit, on its daily balances, due on the first of the next one; with that of
 *  the month that runs, if asked, as if it were due on the last day.
 *
 *  `paid` has what was drawn again as principal below nothing. Interest that was not paid bears interest too, as the
 *  bank debits it. */
export function creditDues(
  paid, { principal, since, until, rateBpAYear, rounding = TO_THE_PAISA, withRunning = false },
) {
  const dues = [];
  let [begins, ends] = [since, firstOfNextMonth(since)];
  while (ends <= until || (withRunning && begins < until)) {
    if (ends > until) ends = until;
    const days = [since, ...daysWithin(paid, dues, since, ends)];
    const stands = days.map((day) => ({ on: day, paise: owedOn(principal, paid, dues, day) }));
    const interest = interestByDays(stands, { since: begins, until: ends, rateBpAYear, rounding });
    if (interest) dues.push({ on: ends, principal: 0, interest });
    [begins, ends] = [ends, firstOfNextMonth(ends)];
  }
  return dues;
}

/** NPA when it is out of order, else regular. With no `limit` known (null), only credits against interest are looked
 *  at. A credit younger than 90 days cannot be out of order yet. */
export function creditStanding(dues, paid, on, { principal, since, limit }) {
  if (daysBetween(since, on) < NPA_DAYS) return "regular";
  const days = [
    creditDay(since, { drawn: principal }),
    ...paid.filter((one) => one.on <= on).map((one) => creditDay(one.on, {
      paidIn: Math.max(0, one.principal) + one.interest, drawn: Math.max(0, -one.principal),
    })),
    ...dues.filter((due) => due.on <= on).map((due) => creditDay(due.on, { interest: due.interest })),
  ];
  const most = limit ?? days.reduce((all, day) => all + day.drawn + day.interest, 0);
  return isOutOfOrder(creditAccount(days, { on, limit: most })) ? "npa" : "regular";
}

/** What stands at the end of a day, with interest that was debited and not paid. */
function owedOn(principal, paid, dues, day) {
  const upTo = (rows) => rows.filter((one) => one.on <= day).reduce((all, one) => all + whole(one), 0);
  return principal - upTo(paid) + upTo(dues);
}

const daysWithin = (paid, dues, since, until) =>
  inTurn([...paid, ...dues].map((one) => one.on).filter((day) => since < day && day < until));

/** When a cash credit asks for the interest of the month of a day. */
export const firstOfNextMonth = (day) => firstOfMonth(addDays(firstOfMonth(day), 32));
