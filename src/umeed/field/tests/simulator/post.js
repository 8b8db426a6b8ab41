// How an open app leaves letters for its worker and collects what was answered: the product's own device.js and postbox.js, each life of
// an app with its own of both. Only what they stand on is here: a database on the phone's flash, an envelope that is not sealed.

import { bytesOf } from "../../static/field/core/bytes.js";
import { made as deviceOf } from "../../made/static/field/store/device.js";
import { made as postboxOf } from "../../made/static/field/store/postbox.js";

class NotOurs extends Error {}

/** The bytes of an envelope are its words. */
async function sealEnvelope({ commands, device, seq }) {
  const epk = `${device} ${seq}`;
  return { bytes: JSON.stringify({ device, epk, commands }), epk, answerKey: epk };
}

async function openAnswers(bytes, answerKeyOf) {
  const { epk, ...said } = JSON.parse(bytes);
  if ((await answerKeyOf(epk)) !== epk) throw new NotOurs("the answer to no file of this phone");
  return said;
}

/** The database of letters, as an open app has it: on the same flash, never within what the worker does in one transaction. */
function openedBy(life, counted) {
  const { disk } = life;
  const store = life.store();
  const alone = async (work) => {
    while (disk.holder) {
      counted.calls += 1;
      await null;
    }
    return work();
  };
  return async (_name, { boxes }) => {
    for (const box of boxes) disk.box(box);
    return {
      get: (box, key) => alone(() => store.get(box, key)), all: (box) => alone(() => store.all(box)),
      write: (changes) => alone(() => store.write(changes)), close: () => {},
    };
  };
}

/** {post, withdraw, collectPost} of one life of an app. */
export function postOf(life, counted) {
  const postbox = postboxOf({ openDb: openedBy(life, counted) }, { navigator: {} });
  return deviceOf({ ...postbox, bytesOf, NotOurs, sealEnvelope, openAnswers }, { navigator: {} });
}
