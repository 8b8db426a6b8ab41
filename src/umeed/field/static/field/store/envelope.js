// Commands that are carried by hand: sealed to the server, signed by the phone; the same bytes as a file and as a row of QR codes.
//
//   "UMEED1\n" + {device, key, epk, iv, n} + "\n" + AES-256-GCM(gzip({commands, made_at, seq})) + signature over all before it
//
// key: the server key's id; epk: this envelope's own public key (P-256, raw, base64); n: how many commands. ECDH(epk, server's)
// → HKDF-SHA256
// (info "umeed envelope 1") → the key; the header line is its additional data. The signature is ECDSA-P256-SHA256, 64 bytes (r, s).
//
// What the office gives back is sealed by the same secret (info "umeed answers 1"), so that only this phone reads it and only
// that server can have
// written it: "UMEED-ANSWERS1\n" + {device, epk, iv} + "\n" + AES-256-GCM(gzip({answers, today})). The phone keeps that key
// with the envelope's epk.

import { base45Of, base64Of, bytesOf, fromBase45, fromBase64, gunzip, gzip, hexOf, joined, sha256, textOf } from "../core/bytes.js";

const MAGIC = "UMEED1\n";
const ANSWERS = "UMEED-ANSWERS1\n";
export const EXTENSION = "umeed";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const NEWLINE = 10;

/** The file is none of ours, not for this phone, or was changed on the way. */
export class NotOurs extends Error {}

const SIGNS = { name: "ECDSA", namedCurve: "P-256" };

/** The pair by which a bookkeeper signs, as a JWK: it is kept sealed by her PIN, so that nobody else at her phone writes as her. */
export async function makeSigningKey() {
  const { privateKey } = await crypto.subtle.generateKey(SIGNS, true, ["sign", "verify"]);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  return { kty, crv, x, y, d };
}

/** {signingKey, publicKey} of that: a key that the page can use and not read, and what the server is told of it. */
export async function openSigningKey({ kty, crv, x, y, d }) {
  return { signingKey: await crypto.subtle.importKey("jwk", { kty, crv, x, y, d }, SIGNS, false, ["sign"]), publicKey: { kty, crv, x, y } };
}

async function keyFor(root, info) {
  const what = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: bytesOf(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(what, root, 256));
}

const aes = (raw, use) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, [use]);

/** {bytes, epk, answerKey}: the last (base64) opens what the office gives back for this envelope. */
export async function sealEnvelope({ commands, device, serverKey, serverKeyId, signingKey, made_at, seq }) {
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const theirs = await crypto.subtle.importKey("raw", fromBase64(serverKey), CURVE, false, []);
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const root = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const epk = base64Of(new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey)));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const header = bytesOf(JSON.stringify({ device, key: serverKeyId, epk, iv: base64Of(iv), n: commands.length }));
  const inside = await gzip(bytesOf(JSON.stringify({ commands, made_at, seq })));
  const key = await aes(await keyFor(root, "umeed envelope 1"), "encrypt");
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: header }, key, inside));
  const whole = joined(bytesOf(MAGIC), header, Uint8Array.of(NEWLINE), sealed);
  const signature = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signingKey, whole));
  return { bytes: joined(whole, signature), epk, answerKey: base64Of(await keyFor(root, "umeed answers 1")) };
}

/** {device, epk, iv, …} of a file's header, and where it ends. */
export function headerOf(bytes, magic = ANSWERS) {
  const start = magic.length;
  const end = bytes.indexOf(NEWLINE, start);
  try {
    if (textOf(bytes.subarray(0, start)) !== magic || end < 0) throw new NotOurs();
    return { header: JSON.parse(textOf(bytes.subarray(start, end))), line: bytes.subarray(start, end), rest: bytes.subarray(end + 1) };
  } catch (error) {
    throw new NotOurs("not a file of ours", { cause: error });
  }
}

/** {answers, today} of a file that the office gave back. `answerKeyOf(epk)` finds the key that was kept with the envelope. */
export async function openAnswers(bytes, answerKeyOf) {
  const { header, line, rest } = headerOf(bytes);
  const raw = await answerKeyOf(header.epk);
  if (!raw) throw new NotOurs("the answer to no file of this phone");
  try {
    const key = await aes(fromBase64(raw), "decrypt");
    const inside = await crypto.subtle.decrypt({ name: "AES-GCM", iv: fromBase64(header.iv), additionalData: line }, key, rest);
    return JSON.parse(textOf(await gunzip(new Uint8Array(inside))));
  } catch (error) {
    throw new NotOurs("changed on the way", { cause: error });
  }
}

/** How much of a QR code may be lost in the glass of two phones; codes are drawn at it. */
export const QR_LEVEL = "M";
/** Bytes of a QR code's share: at that level a code of version 17, which a phone's screen shows and a cheap camera reads. */
const BYTES_A_CODE = 460;

/**
 * The texts of a row of QR codes: "UM1:" + who + ":" + which + ":" + of how many + ":" + base45. `who` begins the SHA-256 of
 * the whole, so that codes of
 * two envelopes do not mix and a wrong one is found. All signs are of QR's alphanumeric mode.
 */
export async function piecesOf(bytes, most = BYTES_A_CODE) {
  const who = hexOf((await sha256(bytes)).subarray(0, 4)).toUpperCase();
  const count = Math.ceil(bytes.length / most);
  return Array.from({ length: count }, (_, at) => `UM1:${who}:${at + 1}:${count}:${base45Of(bytes.subarray(at * most, (at + 1) * most))}`);
}

/** What was read so far of a row of codes, in any order and as often as one likes: {missing: [numbers], bytes: of the whole or null}. */
export async function joinedPieces(texts) {
  const read = texts.map((text) => /^UM1:([0-9A-F]{8}):(\d+):(\d+):(.*)$/s.exec(text.trim())).filter(Boolean);
  if (!read.length) throw new NotOurs("no code of ours");
  const [, who, , count] = read.at(-1);
  const pieces = new Map(read.filter((found) => found[1] === who && found[3] === count).map((found) => [Number(found[2]), found[4]]));
  const numbers = Array.from({ length: Number(count) }, (_, at) => at + 1);
  const missing = numbers.filter((number) => !pieces.has(number));
  if (missing.length) return { missing, bytes: null };
  const bytes = joined(...numbers.map((number) => fromBase45(pieces.get(number))));
  if (hexOf((await sha256(bytes)).subarray(0, 4)).toUpperCase() !== who) throw new NotOurs("a code was misread");
  return { missing, bytes };
}
