import { type Atom, floorQuotient, type Poly } from "./poly.ts";

/**
 * Sizes of some symbols to look for examples in, nearest to what is wished first. What an expression is at each of them
 * is worked out once, and only where somebody asks.
 */
export interface Samples {
  readonly symbols: readonly string[];
  /** By sample, in the order in which they are wanted: a size for each symbol. */
  readonly sizes: readonly (readonly number[])[];
  readonly atoms: Map<Atom, Float64Array>;
}

/** Square inputs are tried up to this size. */
const MAX_SQUARE = 600;
/** Other sizes are combined from these: small ones, and common ones with their neighbours. */
const COMMON: readonly number[] = [
  ...Array.from({ length: 12 }, (_, i) => i + 1),
  ...[16, 17, 31, 32, 33, 48, 56, 64, 65, 96, 128, 224, 225, 256, 299, 320, 512],
];
/** Combinations tried, at most: enough for all pairs of samples. */
const MAX_COMBINATIONS = 1200;
/** Sets of samples that are kept; a model asks for one or two. */
const MAX_KEPT = 4;
/** Atoms whose values are kept in one set of samples, 14 KB each. */
const MAX_ATOMS = 400;

const kept = new Map<string, Samples>();

/** Samples for some symbols: nearest to `near`, or where nothing is wished square ones and the smallest first. */
export function samplesFor(symbols: readonly string[], near: ReadonlyMap<string, number>): Samples {
  const key = symbols.map((name) => `${name} ${near.get(name) ?? ""}`).join(", ");
  const known = kept.get(key);
  const samples = known ?? made(symbols, near);
  kept.delete(key);
  kept.set(key, samples);
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEPT) break;
    kept.delete(oldest);
  }
  if (MAX_ATOMS < samples.atoms.size) samples.atoms.clear();
  return samples;
}

function made(symbols: readonly string[], near: ReadonlyMap<string, number>): Samples {
  const wanted = symbols.map((name) => near.get(name) ?? 0);
  const distance = (sizes: readonly number[]): number =>
    sizes.reduce((sum, size, i) => sum + Math.abs(size - (wanted[i] ?? 0)), 0);
  const all = [...candidates(symbols, near)];
  const sizes =
    near.size === 0
      ? all
      : all
          .map((each) => ({ each, far: distance(each) }))
          .sort((a, b) => a.far - b.far)
          .map(({ each }) => each);
  return { symbols, sizes, atoms: new Map() };
}

function* candidates(symbols: readonly string[], near: ReadonlyMap<string, number>): Generator<readonly number[]> {
  for (let size = 1; size <= MAX_SQUARE; size++) yield symbols.map(() => size);
  const lists = symbols.map((name) => {
    const at = near.get(name);
    return at === undefined ? COMMON : [at, at + 1, ...(1 < at ? [at - 1] : []), ...COMMON];
  });
  const total = Math.min(
    MAX_COMBINATIONS,
    lists.reduce((product, list) => product * list.length, 1),
  );
  for (let index = 0; index < total; index++) {
    let left = index;
    yield lists.map((list) => {
      const size = list[left % list.length] ?? 1;
      left = Math.floor(left / list.length);
      return size;
    });
  }
}

/** Stands where nobody has asked yet. */
const UNASKED = Number.POSITIVE_INFINITY;

/** The polynomial at one sample; NaN where it has no value: a divisor is 0, or it passes 2^53. */
export function valueAt(samples: Samples, { terms, constant }: Poly, at: number): number {
  let sum = constant;
  for (const { coef, monomial } of terms) {
    let product = coef;
    for (const atom of monomial.factors) product *= atomAt(samples, atom, at);
    if (!Number.isSafeInteger(product)) return Number.NaN;
    sum += product;
  }
  return Number.isSafeInteger(sum) ? sum : Number.NaN;
}

function atomAt(samples: Samples, atom: Atom, at: number): number {
  if (atom.kind === "symbol") return samples.sizes[at]?.[samples.symbols.indexOf(atom.name)] ?? Number.NaN;
  let values = samples.atoms.get(atom);
  if (values === undefined) {
    values = new Float64Array(samples.sizes.length).fill(UNASKED);
    samples.atoms.set(atom, values);
  }
  const before = values[at] ?? Number.NaN;
  if (before !== UNASKED) return before;
  const value = computed(samples, atom, at);
  values[at] = value;
  return value;
}

function computed(samples: Samples, atom: Exclude<Atom, { readonly kind: "symbol" }>, at: number): number {
  switch (atom.kind) {
    case "floor":
      return floorQuotient(valueAt(samples, atom.num, at), atom.den);
    case "quotient": {
      const num = valueAt(samples, atom.num, at);
      const den = valueAt(samples, atom.den, at);
      return den < 0 ? floorQuotient(-num, -den) : floorQuotient(num, den);
    }
    case "max":
      return Math.max(...atom.args.map((arg) => valueAt(samples, arg, at)));
    case "min":
      return Math.min(...atom.args.map((arg) => valueAt(samples, arg, at)));
  }
}
