import { ATTENTION } from "./attention.ts";
import { BINARY } from "./binary.ts";
import { CLASS_LOSSES } from "./class-losses.ts";
import { COMPLEX } from "./complex.ts";
import { CONVOLUTIONS } from "./conv.ts";
import { CREATION } from "./create.ts";
import { EINSUM } from "./einsum.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { INDEXING } from "./indexing.ts";
import { JOINS } from "./join.ts";
import { LAYOUTS } from "./layout.ts";
import { PRODUCTS } from "./linear.ts";
import { NORMS } from "./norm.ts";
import type { Operator } from "./operator.ts";
import { ORDERING } from "./ordering.ts";
import { PADS } from "./pad.ts";
import { PICKING } from "./picking.ts";
import { POOLS } from "./pool.ts";
import { RECURRENT } from "./recurrent.ts";
import { REDUCTIONS } from "./reduce.ts";
import { RESHAPES } from "./reshape.ts";
import { RESIZES } from "./resize.ts";
import { SAMPLING, VISION } from "./sampling.ts";
import { SLICES } from "./slice.ts";
import { TRIANGLES } from "./triangle.ts";
import { fold, UNPOOLS } from "./unpool.ts";

const OPERATORS: readonly Operator[] = [
  ...CONVOLUTIONS,
  ...PRODUCTS,
  ...NORMS,
  ...POOLS,
  ...ELEMENTWISE,
  ...BINARY,
  ...REDUCTIONS,
  ...RESHAPES,
  ...LAYOUTS,
  ...JOINS,
  ...SLICES,
  ...INDEXING,
  ...PICKING,
  ...TRIANGLES,
  ...ORDERING,
  ...COMPLEX,
  ...SAMPLING,
  ...VISION,
  ...PADS,
  ...RESIZES,
  ...CREATION,
  ...ATTENTION,
  ...EINSUM,
  ...RECURRENT,
  ...UNPOOLS,
  fold,
  ...CLASS_LOSSES,
];

const BY_NAME: ReadonlyMap<string, Operator> = new Map(OPERATORS.map((entry) => [entry.name, entry]));

/** The catalogue's entry of that name. */
export function operator(name: string): Operator | undefined {
  return BY_NAME.get(name);
}

/** Every operator's name, in the catalogue's order. */
export const operatorNames: readonly string[] = [...BY_NAME.keys()];
