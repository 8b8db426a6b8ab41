// What a phone lacks: parts whose digests differ, sheets after the last one that it has, or row by row.

import { quickDigest, quickSum } from "./chance.js";

const AT_ONCE = 2;
const PARTS = ["self", "women", "meetings"];
const differences = (ids) => ids.map((id, at) => id - (at ? ids[at - 1] : 0));

/** As book/adding.js, of the parts that there are here. */
export const adding = {
  names: ["meetings"],
  added: ({ meetings }, { meetings: came = [] }) => {
    const known = new Set(meetings.map(([id]) => id));
    return { meetings: [...meetings, ...came.filter(([id]) => !known.has(id))] };
  },
  counted: ({ meetings }) => ({ meetings: meetings.length }),
};

/** From which day on sheets are told: as the phone says, or a whole year, and the month that runs. */
function sinceOf({ today }, has) {
  return has?.since && has.since <= today ? has.since : `${Number(today.slice(0, 4)) - 1}${today.slice(4, 8)}01`;
}

/** {groups, gone, more, stays}: what a phone that has `have` lacks of the groups that are `hers`. */
export function differenceOf(server, hers, have, touched, byRows = false) {
  const gone = Object.keys(have).filter((group) => !hers.has(group));
  const asked = [...hers].filter((group) => !have[group] || !touched || touched.has(group));
  asked.sort((one, other) => Number(Boolean(have[one])) - Number(Boolean(have[other])) || (one < other ? -1 : 1));
  // Row by row at the end: the cursor stays until they are told, and they would be told again.
  const isPlain = (group) => byRows && PARTS.every((name) => have[group]?.parts?.[name]) && touched?.get(group)?.isPlain;
  const groups = [];
  const whole = asked.filter((group) => !isPlain(group));
  for (const [at, group] of whole.entries()) {
    if (groups.length >= AT_ONCE) return { groups, gone, more: at < whole.length, stays: asked.some((one) => have[one]) };
    const found = lacking(server, group, have[group]);
    if (found) groups.push(found);
  }
  groups.push(...asked.filter(isPlain).map((group) => lacking(server, group, have[group], touched.get(group).since)));
  return { groups, gone, more: false };
}

/** The parts of a group with their digests, reckoned once for each time that it was written. */
function known(server, id) {
  if (!server.told.has(id)) {
    const parts = server.partsOf(id);
    server.told.set(id, { parts, digests: Object.fromEntries(PARTS.map((name) => [name, quickDigest(parts[name])])) });
  }
  return server.told.get(id);
}

// `since`: nothing but plain meetings came since then; these are told row by row, and nothing is compared.
function lacking(server, id, has, since = null) {
  const { parts: whole, digests } = known(server, id);
  const isByRows = since !== null;
  const parts = isByRows ? {} : Object.fromEntries(PARTS.filter((name) => has?.parts?.[name] !== digests[name]).map((name) => [name, whole[name]]));
  const from = sinceOf(server, has);
  const last = has?.since === from ? has.sheets : 0;
  const every = server.sheetsSince(id, from);
  const ids = every.map(([sheet]) => sheet);
  const fresh = every.filter(([sheet]) => sheet > last);
  const sheets = fresh.length || has?.since !== from
    ? { first: last === 0, since: from, ids: differences(fresh.map(([sheet]) => sheet)), paise: fresh.map(([, paise]) => paise) } : null;
  const counted = { sheets: ids.length, last: ids.at(-1) || 0, sum: quickSum(ids) };
  if (isByRows) return { id, parts, sheets, rows: { meetings: cameSince(server, id, since) }, has: { ...counted, rows: { meetings: whole.meetings.length } } };
  if (!Object.keys(parts).length && !sheets) return null;
  return { id, parts, sheets, has: counted };
}

function cameSince(server, id, since) {
  const { meetings } = server.kept.groups[id];
  return meetings.flatMap((meeting, at) => (meeting.xid >= since ? [known(server, id).parts.meetings[at]] : []));
}
