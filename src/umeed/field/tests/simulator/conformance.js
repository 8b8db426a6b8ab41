// The small server of the simulator, asked the same as the real one: by test_conformance.py.

import { Server } from "./server.js";

const GROUP = "g";

function done(work) {
  for (;;) {
    const { done: isDone, value } = work.next();
    if (isDone) return value;
  }
}

const ACTS = {
  // `taken`: what each phone took last. `isHeard`: whether it takes this answer, too.
  sync(server, { device, commands, open, isHeard }, { taken }) {
    const last = taken.get(device);
    const request = { cursor: "", have: {}, commands, open, counts: { waiting: 0, refused: 0 }, told: last?.told };
    const { body } = done(server.sync(device, request));
    if (isHeard) taken.set(device, body);
    return { isOther: Boolean(last && last.server !== body.server), answers: body.answers.map(brief).sort((one, other) => (one.id < other.id ? -1 : 1)) };
  },
  backup(server, _, { days }) {
    days.push({ text: server.backup(), keeps: [...server.keeps].map(([owner, groups]) => [owner, [...groups]]), ended: [...server.devices].map(([name, { isEnded }]) => [name, isEnded]) });
  },
  putBack(server, { day }, { days }) {
    days.splice(day + 1);
    const { text, keeps, ended } = days[day];
    server.restore(text, true);
    for (const [owner, groups] of keeps) server.keeps.set(owner, new Set(groups));
    for (const [name, isEnded] of ended) Object.assign(server.devices.get(name), { isEnded });
  },
  settle(server, { id, isReplaced }) {
    const row = server.allRows().find((one) => one.id === id);
    if (row?.state === "conflict" && row.clash) done(server.settle(GROUP, id, isReplaced));
  },
  decide(server, { id, isYes }) {
    const row = server.allRows().find((one) => one.id === id);
    if (row?.state === "held") done(isYes ? server.tryAgain(row, true) : server.refuse(row));
  },
  posting(server, { owner, isHers }) {
    if (isHers) server.keeps.get(owner).add(GROUP);
    else server.keeps.get(owner).delete(GROUP);
  },
  end(server, { device }) {
    server.devices.get(device).isEnded = true;
  },
};

/** Of an answer what both servers say alike: that it is new is said by one of them only. */
const brief = ({ id, try: attempt, state, for: waits, with: other, receipt, number }) => ({
  id, try: attempt ?? null, state: state === "known" ? "accepted" : state, for: waits ? [...waits].sort() : null,
  with: other?.number ?? null, number: number ?? null, has_receipt: receipt !== undefined,
});

/** The answers to every request of every story, a story being [acts] in order. */
export function answersTo(stories, { owners, devices, women }) {
  return stories.map((acts) => {
    const server = new Server();
    server.addGroup(GROUP, women);
    for (const owner of owners) server.keeps.set(owner, new Set([GROUP]));
    for (const [token, owner] of Object.entries(devices)) server.enrol(token, owner);
    const story = { taken: new Map(), days: [] };
    return acts.map(({ act, ...said }) => ACTS[act](server, said, story) ?? null);
  });
}
