// Chance that is the same again for the same seed.

export class Chance {
  constructor(seed, step = 0) {
    this.state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(step + 1, 0xc2b2ae35)) >>> 0;
    this.number();
  }

  /** 0 ≤ … < 1 (mulberry32) */
  number() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** 0 … most − 1 */
  below(most) {
    return Math.floor(this.number() * most);
  }

  is(share) {
    return this.number() < share;
  }

  of(list) {
    return list[this.below(list.length)];
  }
}

/** A digest for the simulator, where nobody forges: quick, the same on both sides. */
export function quickDigest(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
  }
  return ((one >>> 0) * 1048576 + ((two >>> 0) % 1048576)).toString(36);
}

export const quickSum = (numbers) => quickDigest(numbers.join(","));
