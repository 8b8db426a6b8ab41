// Digits of every script read as Latin digits, the signs of a number too; text cleaned of marks that cannot be seen.
// The same as kernel/digits.py.

const DIGIT = /\p{Nd}/u;
const DIGITS = /\p{Nd}/gu;
// Direction marks, joiners, byte-order marks: pasted along with text, never meant.
const UNSEEN = /[\u00ad\ufeff\u061c\u2060\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g;
// What parts words: as Python splits them.
const BLANKS = /[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
// What the keyboards of Urdu and Arabic set between thousands (U+066C, or their comma) and before the paise (U+066B).
const SIGNS = { "\u066c": ",", "\u060c": ",", "\u066b": "." };
// A keyboard of Urdu has its full stop (U+06D4) where others have the point: between two digits that is what is meant.
const STOP = /(\p{Nd})\u06d4(?=\p{Nd})/gu;

/** Decimal digits stand in runs of ten, nought first; a few of those runs follow each other without a gap. */
function latin(sign) {
  const code = sign.codePointAt(0);
  let zero = code;
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/** Text with Urdu, Devanagari and all other decimal digits written 0-9. */
export const latinDigits = (text) => text.replace(DIGITS, latin);

/** Text in Latin digits, without unseen marks, every run of white space one blank, ends trimmed. */
export const plainText = (text) =>
  latinDigits(text.replace(UNSEEN, "")).split(BLANKS).filter(Boolean).join(" ");

/** Text that should say a number as `plainText` does, its signs of thousands and decimals as , and . */
export const plainNumber = (text) =>
  plainText(text.replace(/[\u066c\u060c\u066b]/g, (sign) => SIGNS[sign]).replace(STOP, "$1."));
