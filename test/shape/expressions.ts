import fc from "fast-check";
import { add, ceilDiv, floorDiv, max, min, mod, mul, type Size, sub, symbol } from "../../src/shape/size.ts";

/** An expression tree whose value is computed here by plain arithmetic, without a normal form. */
export type Tree =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "+" | "-" | "*" | "max" | "min"; readonly left: Tree; readonly right: Tree }
  | { readonly kind: "//" | "ceil" | "%"; readonly left: Tree; readonly by: number };

export function plainValue(tree: Tree, env: ReadonlyMap<string, number>): number {
  switch (tree.kind) {
    case "number":
      return tree.value;
    case "symbol":
      return env.get(tree.name) ?? Number.NaN;
    case "//":
      return Math.floor(plainValue(tree.left, env) / tree.by);
    case "ceil":
      return Math.ceil(plainValue(tree.left, env) / tree.by);
    case "%": {
      const value = plainValue(tree.left, env);
      return value - tree.by * Math.floor(value / tree.by);
    }
    default: {
      const left = plainValue(tree.left, env);
      const right = plainValue(tree.right, env);
      switch (tree.kind) {
        case "+":
          return left + right;
        case "-":
          return left - right;
        case "*":
          return left * right;
        case "max":
          return Math.max(left, right);
        case "min":
          return Math.min(left, right);
      }
    }
  }
}

export function sizeOf(tree: Tree): Size {
  switch (tree.kind) {
    case "number":
      return tree.value;
    case "symbol":
      return symbol(tree.name);
    case "//":
      return known(floorDiv(sizeOf(tree.left), tree.by));
    case "ceil":
      return known(ceilDiv(sizeOf(tree.left), tree.by));
    case "%":
      return known(mod(sizeOf(tree.left), tree.by));
    default: {
      const f = { "+": add, "-": sub, "*": mul, max, min }[tree.kind];
      return f(sizeOf(tree.left), sizeOf(tree.right));
    }
  }
}

export function known(size: Size | undefined): Size {
  if (size === undefined) throw new Error("undefined for a divisor that is not 0");
  return size;
}

/** Random trees over the symbols; `mixed` adds products and extremes. */
export function trees(symbols: readonly string[], depth: number, mixed: boolean): fc.Arbitrary<Tree> {
  const leaf: fc.Arbitrary<Tree> = fc.oneof(
    { arbitrary: fc.constantFrom(...symbols).map((name): Tree => ({ kind: "symbol", name })), weight: 3 },
    { arbitrary: fc.integer({ min: -9, max: 12 }).map((value): Tree => ({ kind: "number", value })), weight: 2 },
  );
  if (depth === 0) return leaf;
  const inner = trees(symbols, depth - 1, mixed);
  const pairs = mixed ? (["+", "-", "*", "max", "min"] as const) : (["+", "-"] as const);
  return fc.oneof(
    { arbitrary: leaf, weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...pairs), inner, inner)
        .map(([kind, left, right]): Tree => ({ kind, left, right })),
      weight: 3,
    },
    {
      arbitrary: fc
        .tuple(
          fc.constantFrom("//" as const, "ceil" as const, "%" as const),
          inner,
          fc.constantFrom(2, 2, 3, 4, 5, 6, 8),
        )
        .map(([kind, left, by]): Tree => ({ kind, left, by })),
      weight: 3,
    },
  );
}
