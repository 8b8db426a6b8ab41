// The server, over HTTP. An answer that is not our JSON (the page of a hotel's network) counts as no network.

import { bytesOf, gzip } from "../core/bytes.js";
import { KIND, upright } from "./sideways.js";

const PATIENCE_MS = 90_000;
const WORTH_PACKING = 1000;

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
    const body = await answer.json();
    return body?.groups?.column ? { ...body, groups: upright(body.groups) } : body;
  } catch (error) {
    throw new NoNetwork("half an answer", { cause: error });
  }
}

/** `token` is the device's. What is larger is packed where the browser can. */
export function serverFor(token, base = "/field/api") {
  const who = token ? { Authorization: `Device ${token}` } : {};
  async function posted(path, value) {
    const plain = bytesOf(JSON.stringify(value));
    const isPacked = plain.length > WORTH_PACKING && typeof CompressionStream === "function";
    const headers = { ...who, Accept: `${KIND}, application/json`, "Content-Type": "application/json", ...(isPacked ? { "Content-Encoding": "gzip" } : {}) };
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
    carried: (bytes) => sentAsIs("carried", bytes, "application/octet-stream"),
  };
}
