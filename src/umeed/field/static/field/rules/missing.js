// What a woman who was away owes when she comes again: the fine, and the regular savings of the meetings since she was
// last there. It follows from the documents of those meetings. As in books/meetings/missing.py.

/** So many meetings are looked at: who was away for longer settles it with the group. */
export const FAR_BACK = 12;

/** Map {woman: {meetings, fine, savings, whole}}: what she missed since she was last there, of those who missed
 *  something: how many meetings in a row, the fines for them, and a Map of what she did not save, by head.
 *
 *  `held` are the meetings before this one, the newest first: {on, kind, absent: [woman], onLeave: [woman], fines,
 *  brought}, with the last two as `broughtIn` says them, of those who were away at least. `rules` are [{since, bylaws}]
 *  that the group set (`bylawsOf`), `usual` is what holds before the first of them. */
export function missedBefore(held, rules, usual, women) {
  const newest = [...rules].sort((one, two) => (one.since < two.since ? 1 : -1));
  const inForce = held.map(({ on }) => newest.find((one) => one.since <= on)?.bylaws ?? usual);
  const found = [...women].map((woman) => [woman, ofHer(woman, held, inForce)]);
  return new Map(found.filter(([, missed]) => missed.whole));
}

/** {fines: [[woman, paise]], brought: [[woman, head, paise]]} of a document: fines for being absent, and savings. */
export function broughtIn(said) {
  const fines = (said.fines ?? []).filter((one) => one.why === "absent").map((one) => [one.woman, one.paise]);
  return { fines, brought: (said.savings ?? []).map((one) => [one.woman, one.head, one.paise]) };
}

function ofHer(woman, held, inForce) {
  let meetings = 0;
  let fine = 0;
  const savings = new Map();
  for (const [at, one] of held.entries()) {
    const isAbsent = one.absent.includes(woman);
    if (!isAbsent && !one.onLeave.includes(woman)) break;
    meetings += 1;
    if (isAbsent) fine += inForce[at].fineAbsent;
    for (const [who, paise] of one.fines) if (who === woman) fine -= paise;
    addSavings(savings, woman, one, inForce[at]);
  }
  const left = new Map([...savings].filter(([, paise]) => paise > 0));
  const owed = Math.max(0, fine);
  return { meetings, fine: owed, savings: left, whole: [...left.values()].reduce((sum, paise) => sum + paise, owed) };
}

/** The regular savings of a meeting, less what was brought for her. */
function addSavings(savings, woman, one, rules) {
  const regular = one.kind === "extra" ? [] : rules.savings;
  for (const [head, paise] of regular) savings.set(head, (savings.get(head) ?? 0) + paise);
  for (const [who, head, paise] of one.brought) {
    if (who === woman && savings.has(head)) savings.set(head, savings.get(head) - paise);
  }
}
