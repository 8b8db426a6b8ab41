// What a bookkeeper may say of a woman: the fields in their order, how each is asked and told. Some are never shown on a phone that
// others hold too: only that they are filled in. What cannot be so stands beside its field, all at once, when she saves; what was sent
// back, until she has written there.

import { N_, plural, t } from "../core/words.js";
import { latinDigits } from "../core/digits.js";
import { hard, refusal } from "../core/refusals.js";
import { inContext } from "../rules/codes.js";
import { button, dayField, dayTyped, field, h, notice, pills, select, told as toldBeside, whole } from "./parts.js";
import { day, reason } from "./shown.js";

const NO_DAY = N_("This is no day.");
const BIRTH = new Set(["born_on", "born_year"]);

const RELATIONS = {
  husband: N_("Husband"), father: N_("Father"), mother: N_("Mother"), wife: N_("Wife"), son: N_("Son"), daughter: N_("Daughter"), brother: N_("Brother"), sister: N_("Sister"),
  father_in_law: N_("Father-in-law"), mother_in_law: N_("Mother-in-law"), brother_in_law: N_("Brother-in-law"), self: inContext("relation", "Self"), other: N_("Other"),
};
const MARITAL = { married: N_("Married"), unmarried: N_("Unmarried"), widowed: N_("Widowed"), separated: N_("Separated or divorced") };
const EDUCATION = {
  none: N_("Not literate"), can_sign: N_("Can sign"), primary: N_("Up to class 5"), middle: N_("Class 6 to 8"), secondary: N_("Class 9 to 10"),
  higher_secondary: N_("Class 11 to 12"), graduate: N_("Graduate"), postgraduate: N_("Postgraduate"), other: N_("Other"),
};
const PHONE_OWNER = { self: N_("Her own"), husband: N_("Husband's"), family: N_("Another family member's"), neighbour: N_("A neighbour's") };
const CATEGORY = {
  general: N_("General"), sc: N_("Scheduled Caste"), st: N_("Scheduled Tribe"), obc: N_("Other Backward Class"), rba: N_("Resident of Backward Area"),
  alc: N_("Actual Line of Control / International Border"), psp: N_("Pahari speaking people"), ews: N_("Economically weaker section"), other: N_("Other"),
};
const RELIGION = { muslim: N_("Muslim"), hindu: N_("Hindu"), sikh: N_("Sikh"), buddhist: N_("Buddhist"), christian: N_("Christian"), jain: N_("Jain"), parsi: N_("Parsi"), other: N_("Other") };
const DISABILITY = { none: N_("No disability"), self: N_("The woman herself"), family: N_("A family member") };

/** In the order of the page. `kind`: text (the usual), choice, yes, day, year, digits, list. */
export const FIELDS = [
  { name: "name", label: N_("Name"), most: 120 },
  { name: "belonging_name", label: N_("Husband's, father's or mother's name"), most: 120 },
  { name: "relation", label: N_("How that person is related to her"), kind: "choice", of: RELATIONS, never: "self" },
  { name: "born_on", label: N_("Born on"), kind: "day" },
  { name: "born_year", label: N_("Year of birth"), kind: "year" },
  { name: "marital", label: N_("Marital status"), kind: "choice", of: MARITAL },
  { name: "is_household_head", label: N_("She is the head of her household"), kind: "yes" },
  { name: "education", label: N_("Education"), kind: "choice", of: EDUCATION },
  { name: "social_category", label: N_("Social category"), kind: "choice", of: CATEGORY },
  { name: "religion", label: N_("Religion"), kind: "choice", of: RELIGION },
  { name: "disability", label: N_("Disability"), kind: "choice", of: DISABILITY },
  { name: "phone", label: N_("Phone"), kind: "digits", most: 15 },
  { name: "phone_owner", label: N_("Whose phone"), kind: "choice", of: PHONE_OWNER },
  { name: "has_smartphone", label: N_("Smartphone"), kind: "yes" },
  { name: "account_number", label: N_("Bank account"), kind: "digits", most: 20 },
  { name: "account_name", label: N_("Name in the passbook"), most: 120 },
  { name: "ifsc", label: N_("IFSC"), most: 11, isLatin: true },
  { name: "is_account_seeded", label: N_("Her account is joined to her Aadhaar"), kind: "yes" },
  { name: "livelihoods", label: N_("Livelihoods"), kind: "list", most: 240 },
  { name: "nominee_name", label: N_("Nominee"), most: 120 },
  { name: "nominee_relation", label: N_("Nominee's relation"), kind: "choice", of: RELATIONS, never: "self" },
  { name: "is_insured", label: N_("Insured"), kind: "yes" },
  { name: "address", label: N_("Address"), most: 240 },
  { name: "pin_code", label: N_("PIN code"), kind: "digits", most: 6 },
];

/** What is written, as a person reads it. */
export function told({ kind, of }, value) {
  if (kind === "choice") return t(of[value] || String(value));
  if (kind === "yes") return value ? t("Yes") : t("No");
  if (kind === "day") return day(value);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** A field with what she has now or wrote; `set` gets what is written, null when it is emptied. */
export function asked(state, one, value, set, { on, isCovered } = {}) {
  const hint = isCovered && value === undefined ? t("filled in, not shown; write only to change it") : undefined;
  const label = t(one.label);
  const offered = () => Object.entries(one.of).filter(([key]) => key !== one.never || key === value);
  if (one.kind === "choice") return select(one.name, label, offered().map(([key, words]) => [key, t(words)]), value ?? "", (said) => set(said || null), { on, blank: hint || "–" });
  if (one.kind === "yes") return yesOrNo(one, label, value, set, on);
  if (one.kind === "day") return dayField(state, one.name, label, value, set, { on });
  if (one.kind === "year") return whole(one.name, label, value, set, { on, hint, maxlength: 4 });
  const typed = (said) => {
    if (one.kind === "list") return set(said.split(/[,،]/).map((part) => part.trim()).filter(Boolean).slice(0, 5));
    return set(one.kind === "digits" || one.isLatin ? latinDigits(said).toUpperCase().trim() || null : said || null);
  };
  return field(one.name, label, Array.isArray(value) ? value.join(", ") : value ?? "", typed, { on, hint, maxlength: one.most, ...(one.kind === "digits" ? { inputmode: "numeric", dir: "ltr" } : {}) });
}

const yesOrNo = (one, label, value, set, on) => h("div", { class: "stack stack-s", key: one.name }, h("span", { class: "strong" }, label), toldBeside(on), pills(label, [[true, t("Yes")], [false, t("No")]], value, (said) => set(said === value ? null : said)));

// What cannot be so ----------------------------------------------------------------------------------------------------

/** What she typed as a day and nobody can read, among some fields. */
const unreadDays = ({ typedDays }, names) => names.filter((name) => typedDays[name]?.trim() && !dayTyped(typedDays[name]));

/** Every reason against what stands in the fields: `own` of the rules, less those of a birth of which half cannot be read; days. */
export function against(state, own, days = ["born_on"]) {
  const unread = unreadDays(state, days);
  const isHalfRead = unread.some((name) => BIRTH.has(name));
  const rest = own.filter((one) => !unread.includes(one.field) && !(isHalfRead && BIRTH.has(one.field)));
  const seen = new Set();
  const isNew = (one) => {
    const mark = `${one.code} ${JSON.stringify(one.values)}`;
    return !seen.has(mark) && seen.add(mark);
  };
  return [...unread.map((name) => refusal(name, "unread", NO_DAY)), ...rest.filter((one) => one.code === "missing" || isNew(one))];
}

/** Reasons by field: the phone's own once she has tried, the server's of what she has not touched since. */
export function beside({ tried, sent, touched }, own) {
  const now = tried ? own : [];
  return (name) => {
    const here = now.filter((one) => one.field === name);
    const codes = new Set(here.map((one) => one.code));
    return [...here, ...sent.filter((one) => one.field === name && !touched.has(name) && !codes.has(one.code))];
  };
}

/** Above the fields: why it was sent back, every reason of it, or that some places are to be looked at. */
export function above({ isPressed, sent }, own) {
  const stops = hard(own);
  return [
    sent.length > 0 && notice("refuse", t("Why it was sent back"), [...new Set(sent.map(reason))].map((words) => h("p", { key: words }, words))),
    isPressed && stops.length > 0 && notice("refuse", plural("Look at one place before going on", "Look at %(count)s places before going on", stops.length)),
  ];
}

/** Whether it may be kept: what only tells is shown once before. What stands against it is brought into sight. */
export function mayBeKept(app, state, own) {
  if (!hard(own).length && (state.tried || !own.length)) return true;
  Object.assign(state, { tried: true, isPressed: true });
  app.redraw();
  app.drawn(() => document.querySelector("main .error, main .asks")?.scrollIntoView({ block: "center" }));
  return false;
}

/** Names without stray blanks, as the office keeps them. */
export const tidied = (said) => Object.fromEntries(Object.entries(said).map(([name, one]) => [name, typeof one === "string" ? one.split(/\s+/).filter(Boolean).join(" ") : one]));

export const saveButton = (app, save, more = {}) => h("div", { class: "ways" }, button(t("Save"), app.once(save), { kind: "big wide", ...more }));
