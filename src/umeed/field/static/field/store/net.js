// The server, over HTTP. An answer that is not our JSON (the page of a hotel's network) counts as no network. `groups` of an answer is a
// list, or what is waited for: lists, one after the other, as they come.

import { bytesOf, gzip } from "../core/bytes.js";
import { KIND, upright } from "./sideways.js";

const PATIENCE_MS = 90_000;
const LEAVING_MS = 10_000;
const WORTH_PACKING = 1000;
const LINES = "application/vnd.umeed.lines2+json";
const LINES_TYPE = "json-lines";
const ACCEPTED = [LINES, KIND, "application/json"].join(", ");

/** There is no network, or what answered is not our server. */
export class NoNetwork extends Error {}

async function asked(path, init, patience = PATIENCE_MS) {
  try {
    return await fetch(path, { ...init, cache: "no-store", credentials: "omit", redirect: "error", signal: AbortSignal.timeout(patience) });
  } catch (error) {
    throw new NoNetwork(String(error), { cause: error });
  }
}

async function bodyOf(answer) {
  if (!(answer.headers.get("content-type") || "").includes("json")) {
    if (answer.ok) throw new NoNetwork("not our server");
    return null;
  }
  try {
    return (answer.headers.get("content-type") || "").includes(LINES_TYPE) ? await begun(answer.body) : whole(await answer.json());
  } catch (error) {
    throw new NoNetwork("half an answer", { cause: error });
  }
}

const whole = (body) => (body?.groups?.column ? { ...body, groups: upright(body.groups) } : body);

// Lines (field/lines.py says which): the first of them with `groups` to be waited for, some at a time. What came before the network
// went is good.
async function begun(stream) {
  const lines = linesOf(stream);
  const { value: head, done } = await lines.next();
  if (done) throw new Error("not a line");
  return { ...head, groups: someAtATime(lines) };
}

async function* someAtATime(lines) {
  let isWhole = false;
  try {
    for await (const line of lines) {
      isWhole = line.end === true;
      if (!isWhole) yield upright(line.groups);
    }
  } catch (error) {
    throw new NoNetwork("half an answer", { cause: error });
  }
  if (!isWhole) throw new NoNetwork("half an answer");
}

async function* linesOf(stream) {
  const [reader, decoder] = [stream.getReader(), new TextDecoder()];
  let begun = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const pieces = decoder.decode(value, { stream: true }).split("\n");
    begun.push(pieces.shift());
    for (const piece of pieces) {
      yield JSON.parse(begun.join(""));
      begun = [piece];
    }
  }
}

/** `token` is the device's. What is larger is packed where the browser can. */
export function serverFor(token, base = "/field/api") {
  const who = token ? { Authorization: `Device ${token}` } : {};
  async function posted(path, value) {
    const plain = bytesOf(JSON.stringify(value));
    const isPacked = plain.length > WORTH_PACKING && typeof CompressionStream === "function";
    const headers = { ...who, Accept: ACCEPTED, "Content-Type": "application/json", ...(isPacked ? { "Content-Encoding": "gzip" } : {}) };
    const answer = await asked(`${base}/${path}`, { method: "POST", headers, body: isPacked ? await gzip(plain) : plain });
    return { status: answer.status, body: await bodyOf(answer) };
  }
  async function sentAsIs(path, bytes, kind) {
    const answer = await asked(`${base}/${path}`, { method: "POST", headers: { ...who, "Content-Type": kind }, body: bytes });
    return { status: answer.status, body: await bodyOf(answer) };
  }
  return {
    sync: (request) => posted("sync", request),
    enrol: (request) => posted("enrol", request),
    page: (id, bytes) => sentAsIs(`page/${id}`, bytes, "image/jpeg"),
    leave: () => asked(`${base}/leave`, { method: "POST", headers: who }, LEAVING_MS),
  };
}
