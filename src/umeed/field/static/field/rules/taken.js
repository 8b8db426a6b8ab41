// Of a loan that was taken: how its number is kept. The same as `covered` of books/rules/taken.py.

// What Python's `split` parts by, and its `isdigit` and `isalpha`.
const BLANKS = /[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const DIGITS = /\p{Nd}/gu;

/** A long row of digits is an account: its last four tell it from others. A sanction's number stays as it is. */
export function covered(written) {
  const number = written.split(BLANKS).filter(Boolean).join(" ");
  const digits = number.match(DIGITS) ?? [];
  const isAccount = digits.length >= 9 && !/\p{L}/u.test(number) && !number.includes("/");
  return isAccount ? `…${digits.slice(-4).join("")}` : number;
}
