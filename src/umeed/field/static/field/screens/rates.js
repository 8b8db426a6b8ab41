// A rate of interest as people say and type it: per cent a month among women, a year of a bank or body. Pure.

import { plainNumber } from "../core/digits.js";
import { refusal } from "../core/refusals.js";
import { N_ } from "../core/words.js";
import { BP_A_MONTH, MOST_OF_GROUPS_BP, MOST_OF_OTHERS_BP } from "../rules/rates.js";

const NO_RATE = {
  month: N_("“%(written)s” is no rate: write per cent a month, like 1.5, at most 8."),
  year: N_("“%(written)s” is no rate. Write per cent a year, like 24 or 10.5."),
};
const UNITS = { month: [BP_A_MONTH, MOST_OF_GROUPS_BP], year: [100, MOST_OF_OTHERS_BP] };

/** Basis points a year of a rate as people write it; null of what is none. As `Rate` of pages/cutoff/forms.py. */
export function rateRead(written, unit) {
  const found = /^(\d*)(?:\.(\d*))?$/.exec(plainNumber(written).replace(/%$/, "").trim());
  if (!found || !(found[1] || found[2])) return null;
  const [parts, most] = UNITS[unit];
  const power = 10n ** BigInt((found[2] || "").length);
  const points = BigInt(`${found[1]}${found[2] || ""}`) * BigInt(parts);
  return points % power === 0n && points / power <= BigInt(most) ? Number(points / power) : null;
}

/** As it was typed, else as a person writes it. `one` {rate, typed}, basis points a year. */
export const rateShown = ({ rate, typed }, unit) =>
  typed ?? (rate === null ? "" : String(Number((rate / UNITS[unit][0]).toFixed(4))));

/** What is kept of what was typed, so that "1." is still there when 5 follows. */
export const rateTyped = (typed, unit) => ({ typed, rate: typed.trim() ? rateRead(typed, unit) : null });

/** The reason against what was typed, where it is no rate; nothing typed is for others to ask about. */
export function whyNoRate({ rate, typed }, unit, field) {
  const written = (typed ?? "").trim();
  return written && rate === null ? [refusal(field, "no_rate", NO_RATE[unit], { written: written.slice(0, 40) })] : [];
}
