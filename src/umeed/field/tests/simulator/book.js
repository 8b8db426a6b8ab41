// What stands in a group of the simulator: meetings by number and day, women. Which number a meeting gets and which may be the same one
// (field/numbers.py), and why one is refused (M1 of books/rules/held.py), said once more in the simulator's own words. Days are whole
// numbers from the first of all on.

// Of groups that meet every week.
const APART = 6;

const apart = (one, on) => Math.abs(one.on - on);
const lastOf = (meetings) => Math.max(0, ...meetings.map((one) => one.number));

/** {number, first: the one that it may be, isLate: later ones stand of which its writer did not know}. */
export function placeOf({ meetings }, { said: { number, on }, after }) {
  if (meetings.every((one) => one.number !== number)) return { number, first: null, isLate: false };
  const unknown = meetings.filter((one) => one.number >= number && !after.includes(one.id));
  const near = unknown.filter((one) => apart(one, on) < APART);
  near.sort((one, other) => apart(one, on) - apart(other, on) || one.number - other.number);
  if (near.length) return { number: near[0].number, first: near[0], isLate: false };
  return { number: lastOf(meetings) + 1, first: null, isLate: unknown.some((one) => one.on > on) };
}

/** Why a meeting cannot stand under a number, as if the one `without` had not been. Whoever wrote it was sure. */
export function whyNot({ meetings, closedUpTo }, { number, on, paise }, without = null) {
  const rest = meetings.filter((one) => one !== without);
  const reasons = on <= closedUpTo ? ["month closed"] : [];
  if (rest.some((one) => one.on === on)) reasons.push("same day");
  else if (isOutOfOrder(meetings, rest, number, on, without)) reasons.push("out of order");
  if (paise < 0) reasons.push("less than nothing");
  return reasons;
}

function isOutOfOrder(meetings, rest, number, on, without) {
  const late = cameLate(meetings);
  if (without && without.number === number && late.has(without)) return false;
  const inTurn = rest.filter((one) => !late.has(one)).sort((one, other) => one.number - other.number);
  const earlier = inTurn.filter((one) => one.number < number).at(-1);
  const later = inTurn.find((one) => one.number > number);
  if (earlier && on <= earlier.on && number > lastOf(rest)) return false; // forgotten: she was sure
  return Boolean((earlier && on <= earlier.on) || (later && on >= later.on));
}

function cameLate(meetings) {
  const late = new Set();
  let last = -Infinity;
  for (const one of [...meetings].sort((first, second) => first.number - second.number)) {
    if (one.on <= last) late.add(one);
    last = Math.max(last, one.on);
  }
  return late;
}

/** Pairs that may be one meeting, of which one was given another number than it says: none may ever stand. */
export function mergedAmiss({ meetings }) {
  const isAmiss = (one, two) => two.wasUnknown?.includes(one.id) && apart(one, two.on) < APART;
  return meetings.flatMap((two) => meetings.filter((one) => isAmiss(one, two)).map((one) => `${one.id} and ${two.id}`));
}

/** Whom the writer of a meeting did not know that gets another number than it says. */
export const unknownTo = ({ meetings }, { said, after }, number) => number === said.number ? []
  : meetings.filter((one) => one.number >= said.number && !after.includes(one.id)).map((one) => one.id);
