// Why what is said of a woman cannot be so: names, birth, phone, account, PIN code, the day on which she joined. The same as
// institutions/rules/people.py, accounts.py and terms.py with kernel/identity.py, as far as a phone knows what they ask.

import { plainText } from "../core/digits.js";
import { aDay, inNumber, refusal, warning } from "../core/refusals.js";
import { N_ } from "../core/words.js";

/** The mission's norms (institutions/norms.py): letters of a name, years of age, livelihoods. */
export const NORMS = { letters: 3, youngest: 18, usual: 60, oldest: 110, livelihoods: 5 };

const NAME_MISSING = N_("The name is missing.");
const NAME_SHORT = N_("A name has at least %(least)s letters; “%(name)s” has %(letters)s.");
const NAME_DIGITS = N_("A name has no digits in it: “%(name)s”.");
const AGE_MISSING = N_("Give the date of birth, or the year of birth.");
const BORN_FUTURE = N_("The date of birth %(day)s lies in the future.");
const YEARS_DIFFER = N_("The date of birth %(day)s and the year of birth %(year)s do not agree.");
const TOO_YOUNG = N_("She is %(age)s years old on %(day)s; a member is at least %(least)s.");
const TOO_YOUNG_ONE = N_("She is one year old on %(day)s; a member is at least %(least)s.");
const BIRTH_AND_JOINING = N_("With this date of birth she was %(age)s on joining; a member is at least 18.");
const OLD = N_("She is %(age)s years old on %(day)s; members are usually %(usual)s or younger. Please look again.");
const TOO_OLD = N_("An age of %(age)s years is not possible; look at the year of birth.");
const NOMINEE_RELATION = N_("Say how the nominee is related to her.");
const NOMINEE_NAME = N_("The nominee's name is missing.");
const LIVELIHOODS = N_("At most %(most)s livelihoods are kept; %(given)s are given.");
const FUTURE = N_("%(day)s lies in the future; today is %(today)s.");
const BEFORE_GROUP = N_("%(day)s is before the formation on %(formed)s.");
const MOBILE_LENGTH = N_("A mobile number has 10 digits.");
const MOBILE_BEGINS = N_("A mobile number begins with 6, 7, 8 or 9.");
const PIN_CODE = N_("A PIN code has 6 digits and does not begin with 0.");
const ACCOUNT = N_("A bank account number has 6 to 18 digits and nothing else.");
const ACCOUNT_ZEROS = N_("A bank account number is not only zeros.");
const IFSC_O = N_("The fifth character of an IFSC is the digit 0, not the letter O.");
const IFSC = N_("An IFSC has 11 characters: four letters, the digit 0, six letters or digits, like JAKA0KEEPER.");
const IFSC_MISSING = N_("The IFSC of the branch is missing.");
const PREFIXES = ["+91", "0091", "91", "0"];

/** A number as text: blanks and dashes out, what a spreadsheet needs taken off; all else stays, to be refused. */
const digitsOf = (value) => plainText(String(value ?? "").replace(/^[#'`"]+/, "").replace(/['`"]+$/, "")).replace(/[\s\-‐–]/g, "");

export function whyNotName(name, field = "name") {
  const text = name.trim();
  if (!text) return [refusal(field, "name_missing", NAME_MISSING)];
  const letters = [...text].filter((sign) => /[\p{L}\p{M}]/u.test(sign)).length;
  const short = letters < NORMS.letters ? [refusal(field, "name_short", NAME_SHORT, { least: NORMS.letters, name: text, letters })] : [];
  return /\p{Nd}/u.test(text) ? [...short, refusal(field, "name_with_digits", NAME_DIGITS, { name: text })] : short;
}

/** The name of somebody who may stay unnamed. */
export const whyNotPerson = (name, field) => (name ? whyNotName(name, field) : []);

/** Completed years on a day; from the year alone the age that she reaches in that year; null when neither is known. */
export function ageOn(bornOn, bornYear, day) {
  const year = Number(day.slice(0, 4));
  if (bornOn) return year - Number(bornOn.slice(0, 4)) - (day.slice(5) < bornOn.slice(5) ? 1 : 0);
  return bornYear ? year - bornYear : null;
}

/** Eighteen or older on joining, over sixty is told. */
export function ageReasons(bornOn, bornYear, joinedOn) {
  const age = ageOn(bornOn, bornYear, joinedOn);
  if (age === null) return [refusal("born_on", "age_missing", AGE_MISSING)];
  const said = { age, day: aDay(joinedOn) };
  if (age < NORMS.youngest) return [refusal("born_on", "too_young", inNumber(age, TOO_YOUNG_ONE, TOO_YOUNG), { ...said, least: NORMS.youngest })];
  if (age > NORMS.oldest) return [refusal("born_on", "too_old", TOO_OLD, { age })];
  return age > NORMS.usual ? [warning("born_on", "old", OLD, { ...said, usual: NORMS.usual })] : [];
}

function whyNotBorn({ born_on: on = null, born_year: year = null }, today) {
  if (on === null && year === null) return [refusal("born_on", "age_missing", AGE_MISSING)];
  if (on && on > today) return [refusal("born_on", "born_in_the_future", BORN_FUTURE, { day: aDay(on) })];
  if (on && year && Number(on.slice(0, 4)) !== year) return [refusal("born_year", "birth_years_differ", YEARS_DIFFER, { day: aDay(on), year })];
  const age = ageOn(on, year, today) || 0;
  return age < 0 || age > NORMS.oldest ? [refusal(on ? "born_on" : "born_year", "too_old", TOO_OLD, { age })] : [];
}

export function whyNotMobile(number) {
  let digits = digitsOf(number).replace(/[().]/g, "");
  const prefix = PREFIXES.find((one) => digits.startsWith(one) && digits.length >= 10 + one.length);
  if (prefix) digits = digits.slice(prefix.length);
  if (digits.length === 11 && digits.startsWith("0")) digits = digits.slice(1);
  if (!/^\d{10}$/.test(digits)) return [refusal("phone", "mobile_shape", MOBILE_LENGTH)];
  return /^[6-9]/.test(digits) ? [] : [refusal("phone", "mobile_shape", MOBILE_BEGINS)];
}

const whyNotPin = (pin) => (/^[1-9]\d{5}$/.test(digitsOf(pin)) ? [] : [refusal("pin_code", "pin_shape", PIN_CODE)]);

export function whyNotAccount(number) {
  const digits = digitsOf(number);
  if (!/^\d{6,18}$/.test(digits)) return [refusal("account_number", "account_shape", ACCOUNT)];
  return /[1-9]/.test(digits) ? [] : [refusal("account_number", "account_shape", ACCOUNT_ZEROS)];
}

export function whyNotIfsc(ifsc) {
  if (!ifsc) return [refusal("ifsc", "ifsc_missing", IFSC_MISSING)];
  const code = plainText(ifsc).replace(/ /g, "").toUpperCase();
  if (/^[A-Z]{4}0[A-Z0-9]{6}$/.test(code)) return [];
  return [refusal("ifsc", "ifsc_shape", code.length === 11 && code[4] === "O" ? IFSC_O : IFSC)];
}

function whyNotNominee({ nominee_name: name = "", nominee_relation: relation = "" }) {
  if (!name && !relation) return [];
  if (!name) return [refusal("nominee_name", "nominee_name_missing", NOMINEE_NAME)];
  return [...whyNotName(name, "nominee_name"), ...(relation ? [] : [refusal("nominee_relation", "nominee_relation", NOMINEE_RELATION)])];
}

/** Whether what is said of a woman (fields by their names, null or "" where nothing is) can be so. */
export function whyNotWoman(said, today) {
  const { name, belonging_name: belonging, phone, pin_code: pin, account_number: account, livelihoods } = said;
  const many = livelihoods?.length > NORMS.livelihoods;
  return [
    ...whyNotName(name ?? ""), ...whyNotPerson(belonging, "belonging_name"), ...whyNotBorn(said, today), ...(phone ? whyNotMobile(phone) : []),
    ...(pin ? whyNotPin(pin) : []), ...whyNotNominee({ nominee_name: said.nominee_name ?? "", nominee_relation: said.nominee_relation ?? "" }),
    ...(many ? [refusal("livelihoods", "too_many_livelihoods", LIVELIHOODS, { most: NORMS.livelihoods, given: livelihoods.length })] : []),
    ...(account ? whyNotAccount(account) : []), ...(account || said.ifsc ? whyNotIfsc(said.ifsc) : []),
  ];
}

/** Whether she may join a group, formed on a day, on another. */
export function whyNotJoin({ joined_on: joined, born_on: bornOn = null, born_year: bornYear = null }, { today, formedOn }) {
  const future = joined > today ? [refusal("joined_on", "in_the_future", FUTURE, { day: aDay(joined), today: aDay(today) })] : [];
  const early = formedOn && joined < formedOn ? [refusal("joined_on", "before_formation", BEFORE_GROUP, { day: aDay(joined), formed: aDay(formedOn) })] : [];
  return [...future, ...early, ...ageReasons(bornOn, bornYear, joined)];
}

/** Whether she was old enough on the days on which she joined, by a birth that is said otherwise. */
export function whyTooYoung({ born_on: bornOn = null, born_year: bornYear = null }, days) {
  const young = days.map((day) => ageOn(bornOn, bornYear, day)).filter((age) => age !== null && age < NORMS.youngest);
  return young.length ? [refusal("born_on", "too_young", BIRTH_AND_JOINING, { age: Math.min(...young) })] : [];
}
