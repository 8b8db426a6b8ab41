// QR codes (ISO/IEC 18004): texts in alphanumeric mode where all signs allow it, else in byte mode; versions 1–25, levels L and M.
// qrOf(text) answers rows of booleans, true for dark; the quiet zone of four modules around it is the drawing's matter.

import { bytesOf } from "../core/bytes.js";

const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
// By version, from 1: codewords of error correction a block, and blocks.
const LEVELS = {
  L: {
    bits: 1,
    correcting: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26],
    blocks: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12],
  },
  M: {
    bits: 0,
    correcting: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28],
    blocks: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21],
  },
};
export const MOST_VERSION = 25;

/** No version holds so much. */
export class TooLong extends Error {}

const sizeOf = (version) => version * 4 + 17;

/** Centres of the alignment patterns, the same on both axes. */
export function centres(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const rest = Array.from({ length: count - 1 }, (_, at) => sizeOf(version) - 7 - at * step);
  return [6, ...rest.reverse()];
}

/** Codewords of data and correction together: all modules but those of the patterns, by eight. */
function codewords(version) {
  const count = version > 1 ? Math.floor(version / 7) + 2 : 0;
  const aligned = count ? (25 * count - 10) * count - 55 : 0;
  return Math.floor(((16 * version + 128) * version + 64 - aligned - (version >= 7 ? 36 : 0)) / 8);
}

function capacity(version, level) {
  const { correcting, blocks } = LEVELS[level];
  return codewords(version) - correcting[version - 1] * blocks[version - 1];
}

function modeOf(text) {
  const isPlain = [...text].every((sign) => SIGNS.includes(sign));
  if (!isPlain) {
    const bytes = bytesOf(text);
    return { mark: 4, length: bytes.length, widths: [8, 16], fill: (push) => bytes.forEach((byte) => push(byte, 8)) };
  }
  const fill = (push) => {
    for (let at = 0; at < text.length; at += 2) {
      const one = SIGNS.indexOf(text[at]);
      if (at + 1 < text.length) push(one * 45 + SIGNS.indexOf(text[at + 1]), 11);
      else push(one, 6);
    }
  };
  return { mark: 2, length: text.length, widths: [9, 11], fill };
}

function bitsOf(mode, version) {
  const bits = [];
  const push = (value, width) => {
    for (let at = width - 1; at >= 0; at -= 1) bits.push((value >>> at) & 1);
  };
  push(mode.mark, 4);
  push(mode.length, mode.widths[version < 10 ? 0 : 1]);
  mode.fill(push);
  return bits;
}

/** The smallest version that holds the text, and its data codewords, filled up. */
function filled(text, level) {
  const mode = modeOf(text);
  for (let version = 1; version <= MOST_VERSION; version += 1) {
    const bits = bitsOf(mode, version);
    const room = capacity(version, level) * 8;
    if (bits.length > room) continue;
    for (let at = Math.min(4, room - bits.length); at > 0; at -= 1) bits.push(0);
    while (bits.length % 8) bits.push(0);
    const data = [];
    for (let at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8).join(""), 2));
    for (let pad = 0xec; data.length < room / 8; pad ^= 0xec ^ 0x11) data.push(pad);
    return { version, data };
  }
  throw new TooLong();
}

// Reed and Solomon's codes over GF(256) with 0x11d.
const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (one, other) => (one && other ? EXP[LOG[one] + LOG[other]] : 0);

function divisor(degree) {
  let factors = [1];
  for (let root = 0; root < degree; root += 1) {
    const next = [...factors, 0];
    factors.forEach((factor, at) => { next[at + 1] ^= times(factor, EXP[root]); });
    factors = next;
  }
  return factors.slice(1);
}

function remainder(data, by) {
  const left = new Array(by.length).fill(0);
  for (const byte of data) {
    const factor = byte ^ left.shift();
    left.push(0);
    by.forEach((one, at) => { left[at] ^= times(one, factor); });
  }
  return left;
}

/** Blocks of data, each with its correction, taken by turns. */
function interleaved(data, version, level) {
  const { correcting, blocks } = LEVELS[level];
  const count = blocks[version - 1];
  const by = divisor(correcting[version - 1]);
  const short = Math.floor(data.length / count);
  const longFrom = count - (data.length % count);
  let at = 0;
  const parts = Array.from({ length: count }, (_, block) => {
    const own = data.slice(at, (at += short + (block >= longFrom ? 1 : 0)));
    return { own, extra: remainder(own, by) };
  });
  const out = [];
  for (let column = 0; column <= short; column += 1) for (const { own } of parts) if (column < own.length) out.push(own[column]);
  for (let column = 0; column < by.length; column += 1) for (const { extra } of parts) out.push(extra[column]);
  return out;
}

/** Modules and which of them are patterns. */
function drawnPatterns(version) {
  const size = sizeOf(version);
  const dark = Array.from({ length: size }, () => new Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => new Array(size).fill(false));
  const set = (x, y, isDark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    dark[y][x] = isDark;
    fixed[y][x] = true;
  };
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(set, x, y, 4, [2, 4]);
  const middles = centres(version);
  const last = middles.length - 1;
  middles.forEach((x, one) => middles.forEach((y, other) => {
    const isCorner = (one === 0 && other === 0) || (one === 0 && other === last) || (one === last && other === 0);
    if (!isCorner) square(set, x, y, 2, [1]);
  }));
  if (version >= 7) drawVersion(set, version, size);
  return { size, dark, fixed, set };
}

/** Rings around a centre; light are those at the distances `light`. */
function square(set, x, y, reach, light) {
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
  }
}

const checked = (value, width, by) => {
  let left = value;
  for (let at = 0; at < width; at += 1) left = (left << 1) ^ ((left >>> (width - 1)) * by);
  return (value << width) | left;
};

function drawVersion(set, version, size) {
  const bits = checked(version, 12, 0x1f25);
  for (let at = 0; at < 18; at += 1) {
    const isDark = ((bits >>> at) & 1) === 1;
    const [far, near] = [size - 11 + (at % 3), Math.floor(at / 3)];
    set(far, near, isDark);
    set(near, far, isDark);
  }
}

function drawFormat({ set, size }, level, mask) {
  const bits = checked((LEVELS[level].bits << 3) | mask, 10, 0x537) ^ 0x5412;
  const bit = (at) => ((bits >>> at) & 1) === 1;
  for (let at = 0; at <= 5; at += 1) set(8, at, bit(at));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let at = 9; at < 15; at += 1) set(14 - at, 8, bit(at));
  for (let at = 0; at < 8; at += 1) set(size - 1 - at, 8, bit(at));
  for (let at = 8; at < 15; at += 1) set(8, size - 15 + at, bit(at));
  set(8, size - 8, true);
}

/** Codewords in columns of two, upwards and downwards by turns, from the lower right. */
function drawData({ size, dark, fixed }, data) {
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y][x] || at >= data.length * 8) continue;
        dark[y][x] = ((data[at >>> 3] >>> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
    }
  }
}

const MASKS = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

function masked({ size, dark, fixed }, mask) {
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) if (!fixed[y][x] && MASKS[mask](x, y) === 0) dark[y][x] = !dark[y][x];
  }
}

/** How hard it is to read: long runs, blocks of one colour, what looks like a finder, too dark or too light. */
function penalty({ size, dark }) {
  const lines = [...dark, ...dark[0].map((_, x) => dark.map((row) => row[x]))];
  let sum = 0;
  for (const line of lines) sum += runs(line);
  for (let y = 1; y < size; y += 1) {
    for (let x = 1; x < size; x += 1) {
      if (dark[y][x] === dark[y - 1][x] && dark[y][x] === dark[y][x - 1] && dark[y][x] === dark[y - 1][x - 1]) sum += 3;
    }
  }
  const share = dark.reduce((all, row) => all + row.filter(Boolean).length, 0) / (size * size);
  return sum + Math.floor(Math.abs(share * 100 - 50) / 5) * 10;
}

function runs(line) {
  let sum = 0;
  let length = 1;
  for (let at = 1; at <= line.length; at += 1) {
    if (at < line.length && line[at] === line[at - 1]) {
      length += 1;
    } else {
      if (length >= 5) sum += length - 2;
      length = 1;
    }
  }
  const text = line.map(Number).join("");
  for (const shape of ["10111010000", "00001011101"]) sum += 40 * (text.split(shape).length - 1);
  return sum;
}

/** {version, rows: booleans by row} of the smallest code for a text. */
export function qrOf(text, level = "M") {
  const { version, data } = filled(text, level);
  const code = drawnPatterns(version);
  drawFormat(code, level, 0); // its place is taken before the data are set
  drawData(code, interleaved(data, version, level));
  let best = { mask: 0, cost: Infinity };
  for (let mask = 0; mask < 8; mask += 1) {
    masked(code, mask);
    drawFormat(code, level, mask);
    const cost = penalty(code);
    if (cost < best.cost) best = { mask, cost };
    masked(code, mask);
  }
  masked(code, best.mask);
  drawFormat(code, level, best.mask);
  return { version, rows: code.dark };
}

/** The path of an SVG of `size` modules with its quiet zone: `<svg viewBox="0 0 ${size} ${size}"><path d="${path}"/></svg>`. */
export function qrPath({ rows }, quiet = 4) {
  const dark = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : "")));
  return { size: rows.length + 2 * quiet, path: dark.join("") };
}
