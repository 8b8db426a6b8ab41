// What may happen, how often, and what it does. Each takes the world; one that cannot happen now does nothing.

import { Worker } from "./worker.js";
import { YEAR_MS } from "./world.js";

const phoneOf = (world) => world.chance.of(world.phones);
const openOne = (world) => {
  const open = world.phones.filter((phone) => phone.app);
  return open.length ? world.chance.of(open) : null;
};

function standing(phone, group) {
  const { outbox } = phone.app;
  return outbox.standing(group);
}

/** The last number and the last day that a phone knows of: what the server said, and what waits here. */
function lastKnown(phone, group) {
  const meetings = phone.disk.read("parts", `${group} meetings`) || [];
  const own = phone.app.outbox.unfolded(group).filter((record) => record.kind === "close_meeting");
  const rows = [...meetings.map(([, number, on]) => [number, on]), ...own.map(({ said, told }) => [told.number ?? said.number, said.on])];
  return { number: Math.max(0, ...rows.map(([number]) => number)), on: Math.max(0, ...rows.map(([, on]) => on)) };
}

// Mostly a week later; a day early or late, an extra one between, weeks in which another phone was there, one that was forgotten.
const DAYS = [7, 7, 7, 7, 6, 8, 3, 1, 14, 14, 15, 21, -3, -9];

const keep = (world, phone, command) => {
  world.say(() => `${phone.name} ${command.kind} ${command.id} ${JSON.stringify(command.said)} after [${command.after}]`);
  world.does(phone, ({ outbox }) => outbox.add(command), () => { world.told.set(command.id, { owner: phone.owner, phone }); });
};

function closeMeeting(world) {
  const phone = openOne(world);
  const group = phone && world.chance.of(world.groups);
  if (!phone?.app.kept.groups().includes(group)) return;
  const last = lastKnown(phone, group);
  const said = { number: last.number + 1, on: Math.max(1, last.on + world.chance.of(DAYS)) };
  const paise = world.chance.is(0.25) ? -1 : world.chance.below(1000);
  const after = world.chance.is(0.6) ? standing(phone, group).slice(-2) : [];
  keep(world, phone, { id: `m${(world.nextId += 1)}${phone.owner[0]}`, kind: "close_meeting", group, after, said: { ...said, paise } });
}

function correctWoman(world) {
  const phone = openOne(world);
  const group = phone && world.chance.of(world.groups);
  const women = phone && phone.disk.read("parts", `${group} women`);
  if (!women?.length || !phone.app.kept.groups().includes(group)) return;
  const woman = world.chance.of(women);
  keep(world, phone, {
    id: `c${(world.nextId += 1)}${phone.owner[0]}`, kind: "correct_woman", group, after: [],
    said: { woman: woman.id, revision: woman.revision, phone: String(world.chance.below(90)) },
  });
}

/** Comes to a group, and perhaps something is corrected of her at once, before any server has heard of her. */
function addWoman(world) {
  const phone = openOne(world);
  const group = phone && world.chance.of(world.groups);
  if (!phone?.app.kept.groups().includes(group)) return;
  const woman = world.chance.is(0.8) ? `${group}n${(world.nextId += 1)}` : `${group}n`;
  const command = { id: `a${(world.nextId += 1)}${phone.owner[0]}`, kind: "add_woman", group, after: [], said: { woman, name: `${woman} ${phone.name}` } };
  keep(world, phone, command);
  if (world.chance.is(0.5)) return;
  const said = { woman, revision: 1, phone: String(world.chance.below(90)) };
  keep(world, phone, { id: `c${(world.nextId += 1)}${phone.owner[0]}`, kind: "correct_woman", group, after: [command.id], said });
}

/** What is said the second time: better, mostly. */
function mended(world, phone, record) {
  const { kind, said, told, group } = record;
  if (kind === "correct_woman") return { ...said, revision: told.with?.revision || said.revision };
  if (kind === "add_woman") return { ...said, name: told.with?.name || said.name };
  const last = lastKnown(phone, group);
  const isElsewhere = told.reasons?.some((reason) => reason !== "less than nothing") && world.chance.is(0.8);
  const place = isElsewhere ? { number: last.number + 1, on: told.reasons.includes("later ones stand") ? said.on : last.on + 7 } : {};
  return { ...said, ...place, paise: world.chance.is(0.9) ? Math.abs(said.paise) : -2 };
}

function mend(world) {
  const phone = openOne(world);
  const found = phone?.app.outbox.list().filter((record) => record.state === "refused" || record.state === "conflict" || record.state === "waits");
  if (!found?.length) return;
  const record = world.chance.of(found);
  world.say(() => `${phone.name} mends ${record.id} (${record.state}, try ${record.try})`);
  world.does(phone, ({ outbox }) => outbox.mend(record.id, mended(world, phone, record)));
}

function putAway(world) {
  const phone = openOne(world);
  const found = phone?.app.outbox.list().filter((record) => record.state === "refused" || record.state === "waits" || record.state === "conflict");
  if (!found?.length) return;
  const record = world.chance.of(found);
  world.say(() => `${phone.name} puts away ${record.id}`);
  world.does(phone, ({ outbox }) => outbox.putAway(record.id, "it was wrong"));
}

function carry(world) {
  const phone = openOne(world);
  const commands = phone?.app.outbox.toSend({ most: 99 });
  if (!commands?.length) return;
  const file = { token: phone.token, phone, commands: JSON.parse(JSON.stringify(commands)) };
  world.say(() => `${phone.name} gives ${commands.map((one) => one.id)} into a file`);
  world.files.push(file);
  world.does(phone, ({ outbox }) => outbox.carriedBy(commands.map((one) => one.id), `f${world.files.length}`));
}

export function bringFile(world, file) {
  world.office(`file of ${file.phone.name}: ${file.commands.map((one) => one.id)}`, world.server.carried(file.token, file.commands), (answers) => {
    world.answerFiles.push({ phone: file.phone, disk: file.phone.disk, answers: JSON.stringify(answers) });
  });
}

function readAnswers(world) {
  const file = world.answerFiles.length && world.chance.of(world.answerFiles);
  const { phone } = file || {};
  if (!file || !phone.app || phone.disk !== file.disk || phone.app.sync.isTalking) return;
  const { answers, today } = JSON.parse(file.answers);
  world.say(() => `${phone.name} reads a file of answers ${file.answers}`);
  world.does(phone, ({ outbox }) => outbox.apply(world.chance.is(0.5) ? answers : answers.reverse(), { on: today, isByFile: true }));
}

function talk(world) {
  const phone = openOne(world);
  if (!phone || phone.app.sync.isTalking) return;
  world.say(() => `${phone.name} talks`);
  world.talk(phone);
}

/** A phone talks, and for once everything works, for it and for whoever else was on the way. */
async function smoothly(world) {
  talk(world);
  await world.finish();
}

function wireEvent(world) {
  if (!world.wires.length) return;
  const at = world.chance.below(world.wires.length);
  const wire = world.wires[at];
  const fate = world.chance.number();
  if (fate < 0.15) { // the request never arrives
    world.say(() => `the request of ${wire.phone.name} is lost`);
    world.wires.splice(at, 1);
    wire.reject(new Error("lost"));
  } else if (fate < 0.25) { // it arrives, and will again, long after the phone gave up
    world.say(() => `the request of ${wire.phone.name} arrives, unheard, and will again`);
    world.arrive(wire, false);
    wire.reject(new Error("cut"));
    if (world.chance.is(0.5)) world.wires.splice(at, 1);
  } else {
    world.say(() => `the request of ${wire.phone.name} arrives`);
    world.wires.splice(at, 1);
    world.arrive(wire, true);
    if (fate < 0.35) world.arrive(wire, false); // twice at once
  }
}

function serverStep(world) {
  for (let steps = 1 + world.chance.below(6); steps > 0 && world.jobs.length; steps -= 1) world.advance(world.chance.of(world.jobs));
}

function cutAnswer(world) {
  const job = world.jobs.find((one) => one.wire);
  if (!job) return;
  world.say(() => `the answer to ${job.wire.phone.name} will be cut`);
  job.wire.reject(new Error("half an answer"));
  job.wire = null;
}

function backup(world) {
  world.backups.push(world.server.backup());
}

function restore(world) {
  if (!world.backups.length) return;
  world.say(() => "the server is put back from a backup");
  world.restore(world.chance.of(world.backups));
}

/** Its disk, as it was on an earlier day: it bears the name that it had then, and counts its transactions from there. */
function putBackUnderItsName(world) {
  if (!world.backups.length) return;
  world.say(() => "the server's disk is put back");
  world.restore(world.chance.of(world.backups), true);
}

function killPhone(world) {
  const phone = openOne(world);
  if (!phone) return;
  if (world.chance.is(0.3)) {
    world.say(() => `${phone.name} is killed`);
    world.close(phone);
    return;
  }
  Object.assign(phone.app.life, { fuse: world.chance.below(6), isAfter: world.chance.is(0.5) });
  world.say(() => `${phone.name} will die ${phone.app.life.isAfter ? "after" : "before"} write ${phone.app.life.fuse + 1} from now`);
}

function endWrite(world) {
  const writing = world.phones.filter((phone) => phone.app?.life.pending.length);
  if (!writing.length) return;
  world.happened += 1;
  world.chance.of(writing).app.life.endWrite();
}

function lock(world) {
  const phone = phoneOf(world);
  world.say(() => `${phone.name} ${phone.isLocked ? "is unlocked" : "is locked"}`);
  if (!phone.isLocked) world.close(phone);
  phone.isLocked = !phone.isLocked;
}

function full(world) {
  const phone = phoneOf(world);
  phone.disk.isFull = !phone.disk.isFull;
  world.say(() => `${phone.name} has ${phone.disk.isFull ? "no" : ""} room`);
}

function evict(world) {
  const phone = phoneOf(world);
  world.say(() => `the browser of ${phone.name} throws everything away; it is enrolled anew`);
  world.evict(phone);
}

function clock(world) {
  const phone = phoneOf(world);
  phone.skewMs = (world.chance.below(2000) / 100 - 10) * YEAR_MS;
}

function reassign(world) {
  const owner = world.chance.of(world.owners);
  const group = world.chance.of(world.groups);
  const keeps = world.server.keeps.get(owner);
  world.say(() => `${group} ${keeps.has(group) ? "is no more" : "is now"} ${owner}'s`);
  if (!keeps.delete(group)) keeps.add(group);
}

function revoke(world) {
  const phone = phoneOf(world);
  world.say(() => `${phone.name} is ended`);
  world.server.devices.get(phone.token).isEnded = true;
}

function unknown(world) {
  const phone = phoneOf(world);
  world.say(() => `the server does not know ${phone.name} any more`);
  world.server.devices.get(phone.token).isUnknown = true;
}

/** She lays the phone down: what waits is left for the worker, and mostly the app is closed. */
async function layDown(world) {
  const phone = openOne(world);
  if (!phone) return;
  const isClosed = world.chance.is(0.7);
  world.say(() => `${phone.name} is laid down${isClosed ? ", and closed" : ""}`);
  world.leavePost(phone);
  await world.drain();
  if (isClosed) world.close(phone);
}

/** The browser wakes the worker of a phone, whether or not the app is open; now and then it soon kills it. */
function wake(world) {
  const lying = world.phones.filter((phone) => phone.disk.values("letters").flat().length);
  if (!lying.length) return;
  wakeWorker(world, world.chance.of(lying), world.chance.is(0.3) ? world.chance.below(12) : Infinity);
}

/** `fuse`: it dies at that of its steps. */
export function wakeWorker(world, phone, fuse = Infinity) {
  if (phone.worker || !phone.disk.values("letters").flat().length) return;
  const lie = () => phone.disk.values("letters").flat().map(({ what }) => what.join());
  world.say(() => `the worker of ${phone.name} is woken${fuse < Infinity ? `, to die at step ${fuse}` : ""}: ${lie().join("; ")}`);
  phone.worker = new Worker(phone, fuse, world);
  phone.worker.wake().catch((error) => {
    if (error instanceof TypeError || error instanceof ReferenceError) world.errors.push(error);
  });
}

/** The browser ends a worker that takes long; what it has sent goes its way. */
function killWorker(world) {
  const working = world.phones.filter((phone) => phone.worker);
  if (!working.length) return;
  const phone = world.chance.of(working);
  world.say(() => `the worker of ${phone.name} is killed`);
  phone.worker.die();
}

/** With a new code it is at home again, with all that it has: when the server does not know it, or it was ended and forgot the rest. */
export function renew(world, phone) {
  const sync = phone.disk.read("meta", "sync");
  const { isUnknown, isEnded } = world.server.devices.get(phone.token);
  if (!isUnknown && !(isEnded && sync?.ended)) return;
  world.say(() => `${phone.name} is enrolled anew, with all that it has`);
  world.close(phone);
  if (sync?.ended) phone.disk.keep([["put", "meta", "sync", JSON.stringify({ ...sync, ended: false, cursor: "" })]]);
  phone.token = `${phone.token}+`;
  if (isEnded) phone.device = phone.token;
  world.server.enrol(phone.token, phone.owner, phone.device);
}

function months(world) {
  world.server.now += 40 + world.chance.below(200);
  world.say(() => `months go by: ${world.server.today}`);
}

function wipe(world) {
  const phone = phoneOf(world);
  world.say(() => `${phone.name} is asked to forget`);
  world.server.devices.get(phone.token).mustForget = true;
}

function atDesk(world) {
  const { chance, server } = world;
  const group = chance.of(world.groups);
  const women = Object.keys(server.kept.groups[group].women);
  const works = [
    () => world.office(`closes ${group}`, server.closeMonth(group, 1 + chance.below(30))),
    () => world.office(`writes a meeting of ${group}`, server.write(group, `o${(world.nextId += 1)}`, 1 + chance.below(9), 7)),
    () => world.office(`corrects ${women[0]}`, server.correct(group, women[0], "office")),
    () => world.office(`merges ${women[1]}`, server.merge(group, women[1], women[0])),
  ];
  chance.of(works)();
}

function decide(world) {
  const { chance, server } = world;
  const open = server.allRows().filter((row) => row.state === "held" || (row.state === "conflict" && row.clash));
  if (!open.length) return;
  decideOne(world, chance.of(open), chance.is(0.5));
}

/** An officer settles a conflict, lets in what is held, or refuses it. */
export function decideOne(world, row, isYes) {
  const { server } = world;
  if (row.state === "conflict") world.office(`settles ${row.id}: ${isYes ? "it holds" : "the first holds"}`, server.settle(row.group, row.id, isYes));
  else if (isYes) world.office(`lets in ${row.id}`, server.tryAgain(row, true));
  else world.office(`refuses ${row.id}`, server.refuse(row));
}

const EVENTS = [
  [14, closeMeeting], [7, correctWoman], [2, addWoman], [0.7, unknown], [1.5, (world) => renew(world, phoneOf(world))], [1, months], [6, mend], [2, putAway], [14, talk], [9, smoothly], [24, wireEvent], [26, serverStep], [5, carry],
  [5, (world) => world.files.length && bringFile(world, world.chance.of(world.files))], [5, readAnswers], [3, cutAnswer], [5, killPhone],
  [9, endWrite], [2, (world) => world.crashServer()], [1, backup], [0.8, restore], [0.5, putBackUnderItsName], [2, lock], [1, full], [0.6, evict], [1, clock],
  [2, reassign], [0.5, revoke], [0.8, wipe], [5, atDesk], [5, decide],
];
// Where the browser has Background Sync.
const OF_WORKERS = [[8, layDown], [14, wake], [1, killWorker]];
const every = (events) => ({ events, total: events.reduce((sum, [weight]) => sum + weight, 0) });
const [WITHOUT, WITH] = [every(EVENTS), every([...EVENTS, ...OF_WORKERS])];

/** One step: something happens, and everybody goes on as far as they can. */
export async function happen(world) {
  if (world.chance.is(0.15)) {
    const closed = world.phones.filter((phone) => !phone.app && !phone.isLocked);
    if (closed.length) await world.open(world.chance.of(closed));
  }
  world.slowShare = 0.06;
  const before = world.happened;
  for (let tries = 0; tries < 4 && world.happened === before; tries += 1) {
    const { events, total } = world.hasWorkers ? WITH : WITHOUT;
    let at = world.chance.number() * total;
    const [, event] = events.find(([weight]) => (at -= weight) < 0) || events.at(-1);
    await event(world);
  }
  await world.drain();
}
