// A woman who was entered or corrected on the phone, folded into a Book. Two of one name are told apart by the server
// when it has heard of both.

import { inOrder } from "../core/days.js";
import { keptOf } from "./parts.js";

const PLAIN = { kept: null, revision: 1, profile: {}, covered: [] };
// What she is asked and the phone does not keep: only that it is filled in.
const COVERED = new Set([
  "phone", "account_number", "account_name", "ifsc", "identity_last4", "social_category", "religion", "disability",
  "guardian_name",
]);

// What is said with a new woman and stands elsewhere than in her record.
const BESIDE = new Set(["group", "membership", "head_name", "house", "poverty"]);

/** `said` {woman, name, joined_on, …}: she belongs from that day on. */
export function foldAdding(book, { id, said, made_at: madeAt }) {
  const { woman, name, joined_on: joinedOn, ...more } = said;
  const rest = Object.fromEntries(Object.entries(more).filter(([field]) => !BESIDE.has(field)));
  if (!woman || !name || book.women.some((one) => one.id === woman)) return null;
  const { profile, covered } = changed(PLAIN, { name, ...rest });
  const since = joinedOn ?? madeAt?.slice(0, 10) ?? book.since;
  const row = { ...PLAIN, id: woman, name, during: [[since, null]], profile, covered, command: id };
  const at = book.women.findIndex((one) => one.during.length === 0 || one.name.localeCompare(name) > 0);
  return { ...book, women: at < 0 ? [...book.women, row] : [...book.women.slice(0, at), row, ...book.women.slice(at)] };
}

/** `said` {woman, revision, changes: {field: value}}; `revision` stays that of the parts: what she has seen of others' work is no
 *  more than before. What others correct of her meanwhile, in other fields, holds too;
 *  of the same field the server tells what stands. */
export function foldCorrecting(book, { id, said }) {
  const kept = keptOf(book, said.woman);
  const known = book.women.find((one) => one.id === kept);
  if (!known) return null;
  const name = said.changes.name && known.name === known.profile.name ? said.changes.name : known.name;
  const row = { ...known, ...changed(known, said.changes), name, command: id };
  return { ...book, women: book.women.map((one) => (one === known ? row : one)) };
}

/** {profile, covered} after some changes; what is empty is left out. */
function changed({ profile, covered }, changes) {
  const [next, filled] = [{ ...profile }, new Set(covered)];
  for (const [field, value] of Object.entries(changes)) {
    const isEmpty = value === null || value === "" || value === undefined || (Array.isArray(value) && !value.length);
    if (COVERED.has(field)) filled[isEmpty ? "delete" : "add"](field);
    else if (isEmpty) delete next[field];
    else next[field] = value;
  }
  return { profile: next, covered: [...filled].sort(inOrder) };
}
