// Exact fractions, {n, d} of BigInt with d above nought. They are not brought to their least terms by themselves: what
// is counted with them is rounded once and forgotten.

/** n/d of whole numbers. */
export function fraction(n, d = 1) {
  const [above, below] = [BigInt(n), BigInt(d)];
  if (below === 0n) throw new RangeError("no fraction has nought below its line");
  return below < 0n ? { n: -above, d: -below } : { n: above, d: below };
}

/** A whole number as a fraction; a fraction as itself. */
export const exact = (value) => (typeof value === "object" ? value : { n: BigInt(value), d: 1n });

export function times(one, two) {
  const [a, b] = [exact(one), exact(two)];
  return { n: a.n * b.n, d: a.d * b.d };
}

export function over(one, two) {
  const [a, b] = [exact(one), exact(two)];
  return fraction(a.n * b.d, a.d * b.n);
}

export function minus(one, two) {
  const [a, b] = [exact(one), exact(two)];
  return { n: a.n * b.d - b.n * a.d, d: a.d * b.d };
}

/** The same in its least terms: for what is raised to a power. */
export function reduced(value) {
  let [one, two] = [value.n < 0n ? -value.n : value.n, value.d];
  while (two) [one, two] = [two, one % two];
  return { n: value.n / one, d: value.d / one };
}
