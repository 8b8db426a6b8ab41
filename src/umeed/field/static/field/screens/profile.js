// What a bookkeeper may say of a woman: the fields in their order, how each is asked and told. Some are never shown on a phone that
// others hold too: only that they are filled in.

import { N_, t } from "../core/words.js";
import { latinDigits } from "../core/digits.js";
import { dayField, field, h, pills, select, whole } from "./parts.js";
import { day } from "./shown.js";

const RELATIONS = {
  husband: N_("Husband"), father: N_("Father"), mother: N_("Mother"), wife: N_("Wife"), son: N_("Son"), daughter: N_("Daughter"), brother: N_("Brother"), sister: N_("Sister"),
  father_in_law: N_("Father-in-law"), mother_in_law: N_("Mother-in-law"), brother_in_law: N_("Brother-in-law"), self: "relation\u0004Self", other: N_("Other"),
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
  { name: "relation", label: N_("Relation"), kind: "choice", of: RELATIONS },
  { name: "born_on", label: N_("Born on"), kind: "day" },
  { name: "born_year", label: N_("Year of birth"), kind: "year" },
  { name: "marital", label: N_("Marital status"), kind: "choice", of: MARITAL },
  { name: "is_household_head", label: N_("Head of the household"), kind: "yes" },
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
  { name: "is_account_seeded", label: N_("Account seeded"), kind: "yes" },
  { name: "livelihoods", label: N_("Livelihoods"), kind: "list", most: 240 },
  { name: "nominee_name", label: N_("Nominee"), most: 120 },
  { name: "nominee_relation", label: N_("Nominee's relation"), kind: "choice", of: RELATIONS },
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
  if (one.kind === "choice") return select(one.name, label, Object.entries(one.of).map(([key, words]) => [key, t(words)]), value ?? "", (said) => set(said || null), { on, blank: hint || "–" });
  if (one.kind === "yes") return yesOrNo(one, label, value, set);
  if (one.kind === "day") return dayField(state, one.name, label, value, set, { on });
  if (one.kind === "year") return whole(one.name, label, value, set, { on, hint, maxlength: 4 });
  const typed = (said) => {
    if (one.kind === "list") return set(said.split(/[,،]/).map((part) => part.trim()).filter(Boolean).slice(0, 5));
    return set(one.kind === "digits" || one.isLatin ? latinDigits(said).toUpperCase().trim() || null : said || null);
  };
  return field(one.name, label, Array.isArray(value) ? value.join(", ") : value ?? "", typed, { on, hint, maxlength: one.most, ...(one.kind === "digits" ? { inputmode: "numeric", dir: "ltr" } : {}) });
}

const yesOrNo = (one, label, value, set) => h("div", { class: "stack stack-s", key: one.name }, h("span", { class: "strong" }, label), pills(label, [[true, t("Yes")], [false, t("No")]], value, (said) => set(said === value ? null : said)));
