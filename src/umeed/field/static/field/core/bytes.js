// Bytes and the texts that they travel as: UTF-8, hex, base64, base45 (for QR codes), gzip; JSON in one spelling and its digest.

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder("utf-8", { fatal: true });

export const bytesOf = (text) => utf8.encode(text);
export const textOf = (bytes) => fromUtf8.decode(bytes);

export function joined(...pieces) {
  const all = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

export const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function base64Of(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** Base64, also as URLs spell it (a JWK), with or without padding. */
export function fromBase64(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
}

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** RFC 9285: two bytes as three signs of a QR code's alphanumeric mode, a last single byte as two. */
export function base45Of(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let value = isPair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
    for (let sign = 0; sign < (isPair ? 3 : 2); sign += 1) {
      text += BASE45[value % 45];
      value = Math.floor(value / 45);
    }
  }
  return text;
}

export function fromBase45(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const signs = [...text.slice(at, at + 3)].map((sign) => BASE45.indexOf(sign));
    const value = signs.reduceRight((sum, sign) => sum * 45 + sign, 0);
    const isPair = signs.length === 3;
    if (signs.length === 1 || signs.includes(-1) || value > (isPair ? 65535 : 255)) throw new RangeError("not base45");
    if (isPair) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Uint8Array.from(bytes);
}

const through = async (bytes, stream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

export const gzip = (bytes) => through(bytes, new CompressionStream("gzip"));
export const gunzip = (bytes) => through(bytes, new DecompressionStream("gzip"));

/** One spelling for one value, as Python's json.dumps(sort_keys=True, separators=(",", ":"), ensure_ascii=False). */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** The first 16 hex digits of SHA-256 of a text. */
export const shortOf = async (text) => hexOf((await sha256(bytesOf(text))).subarray(0, 8));

/** What a part is recognised by, as bundles/digests.py says it. */
export const digestOf = (part) => shortOf(canonical(part));

/** What the sheets of a window are compared by: their numbers, in order. */
export const sumOf = (numbers) => shortOf(numbers.join(","));
