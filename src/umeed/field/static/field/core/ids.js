// Ids made on the phone. Version 7 sorts by the time of making (kernel/ids.py); version 5 is the same for the same name.

import { bytesOf, hexOf, joined } from "./bytes.js";

const dashed = (hex) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;

const marked = (bytes, version) => {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return dashed(hexOf(bytes.subarray(0, 16)));
};

export const uuid4 = () => marked(crypto.getRandomValues(new Uint8Array(16)), 4);

let lastMs = -1;
let counter = 0;

/** A UUID of version 7, greater than every one made before in this page, also when the clock steps back. */
export function uuid7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  if (now > lastMs) {
    lastMs = now;
    counter = ((bytes[6] << 8) | bytes[7]) & 0x7ff; // the top bit clear: room for at least 2,048 more
  } else if ((counter += 1) > 0xfff) {
    lastMs += 1; // the millisecond is full: borrow the next one
    counter = 0;
  }
  let ms = lastMs;
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = counter >> 8;
  bytes[7] = counter & 0xff;
  return marked(bytes, 7);
}

/** The id that stands for a name within a namespace (another id), as Python's uuid.uuid5. */
export function uuid5(namespace, name) {
  const space = Uint8Array.from(namespace.replace(/-/g, "").match(/../g), (pair) => parseInt(pair, 16));
  return marked(sha1(joined(space, bytesOf(name))), 5);
}

export const isUuid = (text) =>
  typeof text === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

// SHA-1 is what version 5 is made with (RFC 9562); nothing is kept safe by it. Here because crypto.subtle only promises.
function sha1(bytes) {
  const words = padded(bytes);
  const sum = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  for (let at = 0; at < words.length; at += 16) mixed(sum, words.subarray(at, at + 16));
  const out = new DataView(new ArrayBuffer(20));
  sum.forEach((word, at) => out.setUint32(at * 4, word));
  return new Uint8Array(out.buffer);
}

function padded(bytes) {
  const view = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64));
  bytes.forEach((byte, at) => view.setUint8(at, byte));
  view.setUint8(bytes.length, 0x80);
  view.setUint32(view.byteLength - 4, bytes.length * 8);
  return Uint32Array.from({ length: view.byteLength / 4 }, (_, at) => view.getUint32(at * 4));
}

const turned = (word, by) => (word << by) | (word >>> (32 - by));

const ROUNDS = [
  [0x5a827999, (b, c, d) => (b & c) | (~b & d)],
  [0x6ed9eba1, (b, c, d) => b ^ c ^ d],
  [0x8f1bbcdc, (b, c, d) => (b & c) | (b & d) | (c & d)],
  [0xca62c1d6, (b, c, d) => b ^ c ^ d],
];

function mixed(sum, block) {
  const words = new Uint32Array(80);
  words.set(block);
  for (let at = 16; at < 80; at += 1) {
    words[at] = turned(words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16], 1);
  }
  let [a, b, c, d, e] = sum;
  for (let at = 0; at < 80; at += 1) {
    const [constant, choose] = ROUNDS[Math.floor(at / 20)];
    const next = (turned(a, 5) + choose(b, c, d) + e + constant + words[at]) >>> 0;
    [a, b, c, d, e] = [next, a, turned(b, 30) >>> 0, c, d];
  }
  [a, b, c, d, e].forEach((word, at) => { sum[at] += word; });
}
