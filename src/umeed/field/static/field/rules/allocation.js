// What a payment on a loan is for, in the order that the group has chosen. The same as books/rules/allocation.py.

export const NOTHING = 0;
export const USUAL_ORDER = Object.freeze(["penalty", "interest", "principal"]);

/** A payment by what it is for. `over` is more than the loan asks for altogether; nothing is lost: all add up. */
export const split = (penalty = 0, interest = 0, principal = 0, over = 0) => ({ penalty, interest, principal, over });

/** All of a split. */
export const whole = (one) => one.penalty + one.interest + one.principal + (one.over ?? 0);

/** Two splits, part by part. */
export const together = (one, two) =>
  split(one.penalty + two.penalty, one.interest + two.interest, one.principal + two.principal, one.over + two.over);

/** What is due first, then all else that is `owed` (with what is due): whoever brings what is due owes nothing that was
 *  due, also when interest has run since. Both in the group's order. */
export function allocatedInTurn(paid, { due, owed, order = USUAL_ORDER }) {
  const now = Math.min(paid, whole(due));
  const rest = split(...USUAL_ORDER.map((part) => Math.max(0, owed[part] - due[part])));
  return together(allocated(now, { owed: due, order }), allocated(paid - now, { owed: rest, order }));
}

/** `paid` over what is `owed` (its penalty, its interest so far, its whole principal), one after the other. */
export function allocated(paid, { owed, order = USUAL_ORDER }) {
  if ([...order].sort().join() !== [...USUAL_ORDER].sort().join()) {
    throw new RangeError("an order names penalty, interest and principal once each");
  }
  const parts = split();
  let left = paid;
  for (const part of order) {
    parts[part] = Math.min(left, owed[part]);
    left -= parts[part];
  }
  return { ...parts, over: left };
}
