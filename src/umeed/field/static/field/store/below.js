// What a command stands on: the book that it was written into, the woman whom it names, the meeting of a page. What has nothing to do
// with it does not hold it back.

const MONEY = new Set(["close_meeting", "take_back_meeting", "write_cut_off"]);

/** Of some records of its group that are not final, the ids of those that a command stands on; of a page its meeting. */
export function standsUpon(standing, { kind, said }) {
  // Named in any case: a server that was put back may have lost it, and waits for it then.
  if (kind === "attach_page") return said.meeting ? [said.meeting] : [];
  const named = new Set([said.woman, ...Object.keys(said.document?.attendance || {})]);
  const isBelow = {
    close_meeting: (one) => MONEY.has(one.kind) || (one.kind === "add_woman" && named.has(one.said.woman)),
    take_back_meeting: (one) => MONEY.has(one.kind),
    write_cut_off: (one) => MONEY.has(one.kind) || one.kind === "add_woman",
    correct_woman: (one) => ["add_woman", "correct_woman"].includes(one.kind) && one.said.woman === said.woman,
  }[kind];
  return isBelow ? standing.filter((one) => one.said && isBelow(one)).map((one) => one.id) : [];
}
