// One history: chaos, then quiet, then the question whether anything was lost, doubled, or is not the same on both sides.

import { Chance } from "./chance.js";
import { Kept } from "../../static/field/store/kept.js";
import { Outbox } from "../../static/field/store/outbox.js";
import { Sync } from "../../static/field/store/sync.js";
import { mergedAmiss } from "./book.js";
import { isPutAway } from "./server.js";
import { bringFile, decideOne, happen, renew, wakeWorker } from "./events.js";
import { World } from "./world.js";

export const PRODUCT = { Outbox, Kept, Sync };
const MOST_STEPS = 60;
const MOST_ROUNDS = 24;
const MOST_MONTHS = 15;
const FINAL = new Set(["accepted", "aside"]);

/** Mostly few steps, now and then many. */
export function stepsOf(seed) {
  const chance = new Chance(seed, -2);
  return 6 + chance.below(1 + chance.below(MOST_STEPS - 6));
}

/** What is wrong in the end, in words; empty when all is well. `skipped`: steps that do not happen; `until`: chaos ends there. */
export async function history(seed, { parts = PRODUCT, skipped = new Set(), until = stepsOf(seed), trace = false } = {}) {
  const world = new World(seed, parts, trace);
  await begin(world);
  for (let step = 0; step < until; step += 1) {
    if (skipped.has(step)) continue;
    world.chance = new Chance(seed, step);
    await happen(world);
  }
  const early = wrongAtAnyTime(world);
  world.chance = new Chance(seed, -3);
  const isQuiet = await quiet(world);
  const atRest = isQuiet ? wrongAtRest(world) : ["it never comes to rest"];
  const wrong = [...early, ...atRest, ...world.errors.map((error) => `thrown: ${error.stack || error}`)];
  for (const phone of world.phones) world.close(phone);
  return { wrong, trace: world.trace, told: world.told.size, steps: until - skipped.size };
}

/** Most phones were used before: they have what the server says. */
async function begin(world) {
  for (const phone of world.phones) {
    await world.open(phone);
    if (world.chance.is(0.9)) world.talk(phone);
  }
  await world.finish();
}

// Quiet --------------------------------------------------------------------------------------------------------------------

/** Everything works, officers decide, she mends or puts away; until nobody has anything to do. */
async function quiet(world) {
  world.say(() => "— quiet —");
  for (const phone of world.phones) {
    Object.assign(phone, { isLocked: false });
    if (phone.worker) phone.worker.fuse = Infinity;
    if (world.server.devices.get(phone.token).isUnknown) renew(world, phone);
    phone.disk.isFull = false;
    if (phone.app) phone.app.life.fuse = null;
  }
  Object.assign(world, { slowShare: 0, isQuiet: true });
  await world.finish();
  for (const file of world.files) bringFile(world, file);
  for (const group of world.groups) world.office(`renames ${group}`, world.server.office(group, (there) => { there.name += "!"; }));
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await world.finish();
    const isBusy = await everybodyActs(world, round > MOST_ROUNDS / 2);
    await world.finish();
    const before = pictureOf(world);
    for (const phone of world.phones) {
      if (world.hasWorkers && world.chance.is(0.5)) wakeWorker(world, phone);
      await world.open(phone);
      world.talk(phone);
      await world.finish();
    }
    const back = world.phones.filter((phone) => comesBack(world, phone));
    if (!isBusy && !back.length && before === pictureOf(world)) return true;
  }
  return false;
}

function pictureOf({ server, phones }) {
  const onPhones = phones.flatMap(({ disk }) => [...disk.box("commands").values(), ...disk.box("parts").values()]);
  return [server.kept.nextReceipt, server.kept.marks.length, ...onPhones].join();
}

/** `isLate`: officers do not say any more that one holds which never can. */
async function everybodyActs(world, isLate) {
  const open = world.server.allRows().filter((row) => row.state === "held" || (row.state === "conflict" && row.clash));
  for (const row of open) decideOne(world, row, world.chance.is(0.5) && !isLate);
  let isBusy = open.length > 0;
  for (const phone of world.phones) {
    await world.open(phone);
    for (const record of phone.app.outbox.list()) {
      const isStuck = record.state === "refused" || (record.state === "conflict" && record.kind !== "close_meeting")
        || (record.state === "waits" && phone.app.outbox.brokenBelow(record.id).length > 0);
      if (!isStuck) continue;
      isBusy = true;
      world.say(() => `${phone.name} puts away ${record.id} in the end`);
      world.does(phone, ({ outbox }) => outbox.putAway(record.id, "in the end"));
    }
  }
  return isBusy;
}

/** Of a phone that was ended the server hears nothing that was put away: it gets a new code where that is still to be told. */
function comesBack(world, phone) {
  const isUntold = phone.app && phone.disk.read("meta", "sync")?.ended && phone.app.outbox.toSend().length > 0;
  const { token } = phone;
  if (isUntold) renew(world, phone);
  return phone.token !== token;
}

// What must hold -------------------------------------------------------------------------------------------------------------

/** At any time: nothing that she was told is kept is nowhere; nothing was written twice; what is accepted on a phone is on the server. */
function wrongAtAnyTime(world) {
  const wrong = [];
  for (const id of world.told.keys()) if (!world.lost.has(id) && !world.isSomewhere(id)) wrong.push(`lost: ${id}`);
  for (const [id, count] of world.server.applied) if (count > 1) wrong.push(`doubled: ${id} is written ${count} times`);
  for (const group of Object.values(world.server.kept.groups)) {
    const { meetings } = group;
    wrong.push(...mergedAmiss(group).map((two) => `doubled: ${two} may be one meeting`));
    if (new Set(meetings.map((one) => one.number)).size < meetings.length) wrong.push("doubled: a number stands twice");
    if (new Set(meetings.map((one) => one.id)).size < meetings.length) wrong.push("doubled: a meeting stands twice");
  }
  for (const phone of world.phones) wrong.push(...unseen(world, phone), ...misheard(world, phone));
  return wrong;
}

/** A refusal is about the try that was refused: a server that was never put back to an earlier day has it. */
function misheard(world, phone) {
  if (world.wasRestored) return [];
  const refused = phone.disk.values("commands").filter((record) => record.state === "refused");
  const isKnown = (record) => world.server.rows(phone.owner, record.id).some((row) => row.try === record.try);
  return refused.filter((record) => !isKnown(record)).map((record) => `misheard: try ${record.try} of ${record.id} was never refused`);
}

/** What was accepted and is not folded in any more stands in the parts; else she would look at a book without it. */
function unseen(world, phone) {
  const wrong = [];
  if (world.wasRestored) return wrong; // until the phone has heard of it; at rest the parts are compared
  for (const record of phone.disk.values("commands")) {
    const isIn = record.state !== "accepted" || !record.is_settled || record.is_doubted || record.kind !== "close_meeting";
    if (isIn || phone.disk.read("kept", record.group)?.isAnew !== false) continue;
    const stands = world.server.kept.groups[record.group].meetings.some((meeting) => meeting.id === record.id);
    const isSeen = (phone.disk.read("parts", `${record.group} meetings`) || []).some(([id]) => id === record.id);
    if (stands && !isSeen) wrong.push(`unseen: ${record.id} of ${phone.name}`);
  }
  return wrong;
}

function wrongAtRest(world) {
  const wrong = wrongAtAnyTime(world);
  const ended = (phone) => world.server.devices.get(phone.token).isEnded || world.server.devices.get(phone.token).mustForget;
  for (const phone of world.phones) {
    for (const record of phone.disk.values("commands")) wrong.push(...wrongOf(world, phone, record));
    if (!ended(phone)) wrong.push(...differences(world, phone), ...lettersOfNothing(phone));
    else if (phone.disk.values("parts").length) wrong.push(`${phone.name} was to forget and has parts`);
  }
  for (const [id, { owner }] of world.told) {
    if (world.lost.has(id)) continue;
    const row = world.server.last(owner, id);
    if (!row) wrong.push(`lost: ${id} never reached the server`);
    else if (!FINAL.has(row.state) && row.state !== "refused" && isOnAPhone(world, id)) wrong.push(`undecided: ${id} is ${row.state} on the server`);
  }
  return wrong;
}

/** Letters that lie there carry what waits, and nothing else. */
function lettersOfNothing({ name, disk, app }) {
  const letters = disk.values("letters").flat().filter(({ what }) => what.some((one) => !app.outbox.isToSend(one.split(" ")[0])));
  return letters.map(({ what }) => `diverged: on ${name} lies a letter of ${what}`);
}

/** What is on no phone any more, or there by its receipt only, waits for the office: she can say it no otherwise. */
const isOnAPhone = (world, id) => world.phones.some((phone) => phone.disk.values("commands").some((record) => record.id === id && record.said !== null));

/** A command on a phone against what the server has of it. */
function wrongOf(world, phone, record) {
  const row = world.server.last(phone.owner, record.id);
  const what = `${phone.name} ${record.id} try ${record.try} is ${record.state}`;
  // Of one that was accepted long ago only the receipt is left: a server that was put back may have forgotten it.
  if (record.said === null && world.wasRestored) return [];
  if (record.state === "waiting") return [`diverged: ${what}, the server has ${row?.state}`];
  if (!row) return [`diverged: ${what}, the server has nothing`];
  if (record.state === "put_away") return isPutAway(row) && record.put_away.is_told ? [] : [`diverged: ${what}, on the server ${row.state} try ${row.try}`];
  if (row.state !== record.state) return [`diverged: ${what}, on the server ${row.state} try ${row.try}`];
  if (record.state !== "accepted") return [];
  const wrong = [];
  if (row.told.number !== record.told.number) wrong.push(`diverged: ${what} as number ${record.told.number}, on the server ${row.told.number}`);
  wrong.push(...otherNumber(world, record));
  if (row.receipt !== record.told.receipt) wrong.push(`diverged: ${what} with receipt ${record.told.receipt}, on the server ${row.receipt}`);
  if (!record.is_settled) wrong.push(`unsettled: ${what}`);
  if (!record.told.try && record.said !== null && JSON.stringify(row.said) !== JSON.stringify(record.said)) wrong.push(`diverged: ${what}, but says something else`);
  return wrong;
}

/** A meeting stands under the number that its phone was told, or that it says. */
function otherNumber(world, record) {
  if (record.kind !== "close_meeting" || record.said === null || record.told.try) return [];
  const stands = world.server.kept.groups[record.group].meetings.find((meeting) => meeting.id === record.id);
  const number = record.told.number ?? record.said.number;
  return !stands || stands.number === number ? [] : [`diverged: ${record.id} is meeting ${number} on its phone, and stands as ${stands.number}`];
}

/** The parts of a phone against the server's, group by group. */
function differences(world, phone) {
  const hers = world.server.keeps.get(phone.owner);
  const has = [...phone.disk.box("kept").keys()];
  const wrong = has.filter((group) => !hers.has(group)).map((group) => `diverged: ${phone.name} has ${group}, which is not hers`);
  for (const group of hers) {
    if (!has.includes(group)) {
      wrong.push(`diverged: ${phone.name} lacks ${group}`);
      continue;
    }
    const whole = world.server.partsOf(group);
    for (const [name, part] of Object.entries(whole)) {
      if (JSON.stringify(phone.disk.read("parts", `${group} ${name}`)) !== JSON.stringify(part)) wrong.push(`diverged: ${name} of ${group} on ${phone.name}`);
    }
    const { since } = phone.disk.read("kept", group);
    if (monthsBetween(since, world.server.today) > MOST_MONTHS) wrong.push(`${phone.name} keeps ${group} since ${since}`);
    const sheets = world.server.sheetsSince(group, since).map(([id, paise]) => [id, paise]);
    if (sheetsOn(phone, group) !== JSON.stringify(sheets)) wrong.push(`diverged: sheets of ${group} on ${phone.name}: ${sheetsOn(phone, group)}`);
  }
  if (phone.disk.read("meta", "sync")?.today !== world.server.today) wrong.push(`${phone.name} was never told the day`);
  return wrong;
}

function monthsBetween(one, other) {
  const [first, last] = [one, other].map((day) => 12 * Number(day.slice(0, 4)) + Number(day.slice(5, 7)));
  return last - first;
}

function sheetsOn(phone, group) {
  const sheets = [];
  for (const piece of phone.disk.read("parts", `${group} sheets`) || []) {
    let id = 0;
    piece.ids.forEach((step, at) => sheets.push([(id += step), piece.paise[at]]));
  }
  return JSON.stringify(sheets);
}

// Many -------------------------------------------------------------------------------------------------------------------------

/** Histories of the seeds from `first` on: {done, told, failed: [{seed, wrong}]}; ends at the first `most` failures. */
export async function histories(first, count, { parts = PRODUCT, most = 1 } = {}) {
  const found = { done: 0, told: 0, failed: [] };
  for (let seed = first; seed < first + count && found.failed.length < most; seed += 1) {
    const { wrong, told } = await history(seed, { parts });
    found.done += 1;
    found.told += told;
    if (wrong.length) found.failed.push({ seed, wrong });
  }
  return found;
}

/** The shortest telling of a failure: chaos ends earlier, steps are left out, as long as something is still wrong. */
export async function shortest(seed, { parts = PRODUCT } = {}) {
  const isWrong = async (how) => (await history(seed, { parts, ...how })).wrong.length > 0;
  let until = stepsOf(seed);
  while (until > 0 && await isWrong({ until: until - 1 })) until -= 1;
  const skipped = new Set();
  for (let step = until - 1; step >= 0; step -= 1) if (await isWrong({ until, skipped: new Set([...skipped, step]) })) skipped.add(step);
  return { seed, ...(await history(seed, { parts, skipped, until, trace: true })) };
}
