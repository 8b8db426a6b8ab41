// A group's own rules, as plain values: books/rules/bylaws.py.

import { ORDERS } from "./codes.js";

/** What holds where a group has said nothing. Fines in paise, rates in basis points a year. */
const USUAL = Object.freeze({
  savings: new Map(), takesOptional: true, rateBpAYear: 2_400, method: "balance", partMonth: "days",
  frequency: "monthly", instalments: 10, multiple: 100, rounding: Object.freeze({ unit: 100, halves: "up" }),
  order: Object.freeze([...ORDERS.pir]), fineLate: 0, fineAbsent: 0, penalty: 0, quorumPercent: 50, most: null,
  lendsToOverdue: false,
});

const camelled = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The rules of plain values with the names of Python; `savings` {head: paise each meeting} becomes a Map. */
export function bylawsOf(said) {
  const named = Object.entries(said).map(([name, value]) => [camelled(name), value]).filter(([name]) => name in USUAL);
  const rules = { ...USUAL, ...Object.fromEntries(named) };
  return Object.freeze({ ...rules, savings: new Map(Object.entries(said.savings ?? {})) });
}

/** Heads of the savings that this group keeps, in the order of the chart. */
export function kept(bylaws) {
  const regular = [...bylaws.savings].filter(([, amount]) => amount).map(([head]) => head);
  return bylaws.takesOptional ? [...regular, "saving_optional"] : regular;
}
