// Exact amounts become whole paise here and nowhere else. The same as books/rules/rounding.py.

import { exact } from "./fractions.js";

/** To multiples of `unit` paise (1, 100 for whole rupees, 1000 for tens); a half goes to the "even" one, or "up". */
export function rounding(unit = 1, halves = "even") {
  if (unit < 1) throw new RangeError(`amounts are rounded to one paisa or more, not to ${unit}`);
  return { unit, halves };
}

export const TO_THE_PAISA = Object.freeze(rounding());

/** Exact paise (a whole number or a fraction), rounded once. Negative amounts round like positive ones (away from
 *  nothing when up). */
export function rounded({ unit, halves }, paise) {
  const { n, d } = exact(paise);
  const [size, one] = [n < 0n ? -n : n, d * BigInt(unit)];
  const [whole, rest] = [size / one, (size % one) * 2n];
  const isUp = rest > one || (rest === one && (halves === "up" || whole % 2n === 1n));
  const units = isUp ? whole + 1n : whole;
  return Number((n < 0n ? -units : units) * BigInt(unit));
}

/** Parts of `total` in proportion to whole `weights`, which add up to it exactly (largest remainder).
 *
 *  Each part is within one paisa of its exact share; of equal remainders the larger weight gains, of equal weights the
 *  earlier. All weights nought: nothing can be shared. */
export function sharedOut(total, weights) {
  const whole = weights.reduce((sum, one) => sum + BigInt(one), 0n);
  if (whole === 0n || weights.some((one) => one < 0)) {
    throw new RangeError("weights are counts, at least one of them above nought");
  }
  const left = weights.map((one) => (((BigInt(total) * BigInt(one)) % whole) + whole) % whole);
  const parts = weights.map((one, at) => Number((BigInt(total) * BigInt(one) - left[at]) / whole));
  const lost = total - parts.reduce((sum, one) => sum + one, 0);
  const inTurn = weights.map((_one, at) => at).sort((a, b) =>
    left[a] !== left[b] ? (left[a] > left[b] ? -1 : 1) : weights[b] - weights[a] || a - b);
  for (const at of inTurn.slice(0, lost)) parts[at] += 1;
  return parts;
}
