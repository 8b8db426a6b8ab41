// Code lists, as in books/codes.py: the value that is kept, and its words, translated where they are shown.

import { N_ } from "../core/words.js";

/** Marks a text that means something else elsewhere; a catalogue keeps it under its context and this sign. */
export const inContext = (context, text) => `${context}\u0004${text}`;

// Each {value: msgid}, in the order in which they are offered.
export const MEETING_KIND = {
  regular: N_("Regular meeting"), extra: N_("Extra meeting"), missed: N_("Meeting not held"),
  undone: N_("Meeting taken back"),
};
export const ATTENDANCE = {
  present: inContext("attendance", "Present"), late: inContext("attendance", "Late"),
  absent: inContext("attendance", "Absent"), on_leave: inContext("attendance", "On leave"),
};
export const METHOD = {
  balance: N_("Per cent a month on what is still owed"), flat: N_("The same each time, on the whole loan"),
  declining: N_("Equal instalments"), bullet: N_("All at once, after the harvest"),
};
export const PART_MONTH = {
  days: N_("By the days"), whole: N_("A month begun counts whole"), due: N_("None before the due day"),
};
export const INSTALMENTS = {
  weekly: N_("Every week"), fortnightly: N_("Every fortnight"), monthly: N_("Every month"),
  quarterly: N_("Every quarter"), half_yearly: N_("Every half-year"), yearly: N_("Every year"),
};
export const STANDING = {
  regular: N_("Regular"), sma0: N_("SMA-0: late, less than 30 days"), sma1: N_("SMA-1: late 30 days or more"),
  sma2: N_("SMA-2: late 60 days or more"), npa: N_("NPA: late 90 days or more, until nothing is overdue"),
};
export const LOAN_HEAD = {
  loan_to_member: N_("Loan to a member"), loan_to_body: N_("Loan to a group or VO"),
  loan_from_bank: N_("Loan from a bank"), loan_from_vo: N_("Loan from the VO"), loan_from_clf: N_("Loan from the CLF"),
  loan_from_other: N_("Loan from others"),
};
export const SOURCE = {
  own: N_("Own fund"), rf: N_("Revolving fund"), cif: N_("Community investment fund"), bank: N_("Bank loan"),
  vrf: N_("Vulnerability reduction fund"),
};
export const PURPOSE = {
  food: N_("Food"), health: N_("Health"), education: N_("Education"), marriage: N_("Marriage or ritual"),
  house: N_("House repair"), debt: N_("Repaying a costly debt"), farm: N_("Seeds, fertiliser, farm inputs"),
  orchard: N_("Orchard"), cattle: N_("Dairy and livestock"), poultry: N_("Poultry"), land: N_("Leasing land"),
  shop: N_("Shop or trade"), craft: N_("Handicraft or manufacturing"), service: N_("Service"), vehicle: N_("Vehicle"),
  tools: N_("Tools"), migration: N_("Migration"), insurance: N_("Insurance premium"),
  onlending: N_("Lending on to members"), other: inContext("purpose", "Other"),
};
export const OUTCOME = {
  granted: N_("Granted"), refused: inContext("loan", "Refused"), deferred: N_("Put off"),
  withdrawn: N_("Withdrawn by her"),
};
export const DECIDING = { all: N_("All agreed"), majority: N_("By majority"), named: N_("By those named") };

const PARTS = { p: "penalty", i: "interest", r: "principal" };
/** What a repayment pays first, by the letters of its parts. */
export const ORDERS = Object.fromEntries(
  ["pir", "ipr", "irp", "pri", "rip", "rpi"].map((order) => [order, [...order].map((one) => PARTS[one])]),
);
