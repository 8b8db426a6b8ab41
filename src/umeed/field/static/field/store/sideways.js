// What came turned on its side (field/sideways.py says how) turned back: columns become the values that they tell of.

import { fromBase64, hexOf } from "../core/bytes.js";

export const KIND = "application/vnd.umeed.sideways2+json";

/** The values of {ids, column}. */
export function upright({ ids, column }) {
  return valuesOf(column, idsIn(fromBase64(ids)));
}

// All first bytes, each less the one before it, then all second ones, …
function idsIn(steps) {
  const many = steps.length / 16;
  const known = Array.from({ length: many }, () => new Uint8Array(16));
  steps.forEach((step, at) => {
    const [place, nth] = [Math.floor(at / many), at % many];
    known[nth][place] = step + (nth ? known[nth - 1][place] : 0);
  });
  return known.map((bytes) => idOf(hexOf(bytes)));
}

const idOf = (hex) => [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");

function valuesOf([kind, ...told], ids) {
  return KINDS[kind](ids, ...told);
}

const KINDS = {
  value: (ids, values) => values,
  id: (ids, places) => places.map((at) => (at < 0 ? null : ids[at])),
  list: (ids, lengths, column) => cut(valuesOf(column, ids), lengths),
  record: (ids, many, keys) => records(many, keys, ids),
  map: (ids, lengths, keys, values) => {
    const [named, held] = [cut(valuesOf(keys, ids), lengths), cut(valuesOf(values, ids), lengths)];
    return named.map((each, at) => Object.fromEntries(each.map((key, nth) => [key, held[at][nth]])));
  },
  mixed: (ids, which, columns) => {
    const parts = columns.map((column) => valuesOf(column, ids).values());
    return which.map((at) => parts[at].next().value);
  },
};

/** Pieces of so many values each. */
function cut(values, lengths) {
  let at = 0;
  return lengths.map((length) => values.slice(at, (at += length)));
}

function records(many, keys, ids) {
  const made = Array.from({ length: many }, () => ({}));
  for (const [key, column, has] of keys) {
    const values = valuesOf(column, ids);
    let next = 0;
    made.forEach((one, at) => { if (!has || has[at]) one[key] = values[next++]; });
  }
  return made;
}
