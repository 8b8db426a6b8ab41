// What is asked about a rate of interest that is unusual: much lower or higher than this group, or others, charge. The
// same as books/rules/rates.py.
//
// It is said in the unit of the field: a group's own loans per cent a month, all others per cent a year. Whoever writes
// 2 a month where 24 a year is asked for, or the other way about, is asked in time.

import { refusal, warning } from "../core/refusals.js";
import { N_ } from "../core/words.js";

/** Per cent a year above which a rate is asked about (SHG profile form of LokOS: 0 to 36, warn above 24). */
export const USUAL_RATE_BP = 2_400;
/** What VOs and CLFs usually take of their groups, in basis points a year (CIF is lent on at 1 per cent a month). */
export const USUAL_OF_BODIES_BP = 1_200;
/** What women's groups pay a bank at least (NABARD on interest subvention, 30 July 2025: 7 per cent up to ₹3 lakh). */
export const LEAST_OF_BANKS_BP = 700;
export const BP_A_MONTH = 1_200;
/** Above these nothing is a rate, in basis points a year: 8 per cent a month, 100 per cent a year. */
export const MOST_OF_GROUPS_BP = 9_600;
export const MOST_OF_OTHERS_BP = 10_000;

const NEGATIVE = N_("This cannot be less than nothing.");
const MOST_RATE = N_("More than 8 per cent a month is no rate of a group.");
const NO_RATE = N_("A rate is from 0 to 100 per cent a year.");

// Each of a rate a month, and of one a year.
const LOW = [
  N_("%(rate)s per cent a month is far below the usual %(usual)s. Is it right?"),
  N_("%(rate)s per cent a year is far below the usual %(usual)s. Is it right?"),
];
const HIGH = [
  N_("%(rate)s per cent a month is more than the usual %(usual)s. Is it right?"),
  N_("%(rate)s per cent a year is more than the usual %(usual)s. Is it right?"),
];
const LOW_HERE = [
  N_("%(rate)s per cent a month is far below the %(usual)s that this group charges. Is it right?"),
  N_("%(rate)s per cent a year is far below the %(usual)s that this group charges. Is it right?"),
];
const HIGH_HERE = [
  N_("%(rate)s per cent a month is far above the %(usual)s that this group charges. Is it right?"),
  N_("%(rate)s per cent a year is far above the %(usual)s that this group charges. Is it right?"),
];

/** Why a rate is none at all; else the question about it, if there is one. */
export function whyNotRate(bpAYear, field, { aMonth, charges = null, usual = USUAL_RATE_BP }) {
  if (aMonth && bpAYear < 0) return [refusal(field, "negative", NEGATIVE)];
  if (aMonth && bpAYear > MOST_OF_GROUPS_BP) return [refusal(field, "most_rate", MOST_RATE)];
  if (!(bpAYear >= 0 && bpAYear <= MOST_OF_OTHERS_BP)) return [refusal(field, "no_rate", NO_RATE)];
  return unusualRate(bpAYear, field, { aMonth, charges, usual });
}

/** The question about a rate, if there is one. `charges` is what the group itself charges, where it has said so; else
 *  less than half of the `usual` is low. More than 24 per cent a year is high of anybody. */
export function unusualRate(bpAYear, field, { aMonth, charges = null, usual = USUAL_RATE_BP }) {
  const asked = (code, texts, than) =>
    [warning(field, code, texts[aMonth ? 0 : 1], { rate: said(bpAYear, aMonth), usual: said(than, aMonth) })];
  if (charges !== null && 2 * bpAYear < charges) return asked("low_rate", LOW_HERE, charges);
  if (charges !== null && bpAYear > charges && bpAYear >= 2 * charges) return asked("high_rate", HIGH_HERE, charges);
  if (charges === null && 2 * bpAYear < usual) return asked("low_rate", LOW, usual);
  return bpAYear > Math.max(USUAL_RATE_BP, charges ?? 0) ? asked("high_rate", HIGH, USUAL_RATE_BP) : [];
}

/** As people type it: 2, 1.5, 0.1667. */
const said = (bp, aMonth) => String(Number((bp / (aMonth ? BP_A_MONTH : 100)).toFixed(4)));
