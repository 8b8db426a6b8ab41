// What a meeting says of money that goes to the VO and CLF, and comes from them. As in books/rules/above.py.

import { rupees } from "../core/money.js";
import { refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { noMoreThan } from "./held.js";

const ON_THE_WAY = N_("%(amount)s is on the way from there; more cannot arrive.");
const NO_BODY = N_("The group does not belong to it.");
const COUNTED = N_("%(amount)s was counted there; more cannot have left for it.");
const TWICE = N_(
  "%(amount)s from this group was counted there already and stands in this book too, as repaid or given. Is this " +
  "one more? If it is the same money, take it out here and say above that it left the box.",
);

/** Every reason and question about what goes to, and comes from, the VO and CLF. */
export function whyNotAbove(meeting, facts) {
  const left = noMoreThan("left", "more_than_counted", COUNTED, meeting.left, facts.countedThere);
  return [...whyNotGiven(meeting, facts), ...whyNotArrived(meeting, facts), ...left, ...aSecondTime(meeting, facts)];
}

/** Only to those to whom it belongs. */
export function whyNotGiven(held, facts) {
  return held.given.flatMap((given, at) =>
    facts.above.has(given.body) ? [] : [refusal(`given.${at}.body`, "no_body", NO_BODY)]);
}

/** No more than others have sent. */
export function whyNotArrived(held, facts) {
  return noMoreThan("arrived", "more_than_sent", ON_THE_WAY, held.arrived, facts.onTheWay);
}

/** What the other side counted first was repaid or given then: written once more, it would stand there twice. */
function aSecondTime(meeting, facts) {
  return [...facts.countedThere].flatMap(([body, paise]) => {
    const left = meeting.left.filter((one) => one.body === body);
    const unsaid = left.reduce((rest, one) => rest - one.paise, paise);
    if (unsaid <= 0) return [];
    const asked = (path) => refusal(path, "counted_there", TWICE, { amount: rupees(unsaid) }, "warn");
    const repaid = meeting.repaid.flatMap((one, at) =>
      facts.loans.get(one.loan)?.lender === body ? [asked(`repaid.${at}.loan`)] : []);
    const given = meeting.given.flatMap((one, at) =>
      one.body === body && facts.keeping.has(body) ? [asked(`given.${at}.body`)] : []);
    return [...repaid, ...given];
  });
}
