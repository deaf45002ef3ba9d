import type { DType } from "../shape/dim.ts";
import type { Place } from "../text/span.ts";
import type { Init, Ref } from "./graph.ts";

/** JSON value of an operator's argument: dims are numbers. */
export type PlainArg = number | string | boolean | null | readonly PlainArg[];

/** A graph with every size known, ready to run: JSON, self-contained, without source origins. */
export interface Program {
  readonly inputs: readonly {
    readonly node: number;
    readonly name: string;
    readonly shape: readonly number[];
    readonly dtype: DType;
  }[];
  readonly weights: readonly {
    readonly keys: readonly string[];
    readonly shape: readonly number[];
    readonly dtype: DType;
    readonly persistent: boolean;
    readonly init: Init;
  }[];
  /** In execution order; `inputs` refer to earlier nodes. Ops `input` and `weight` (with `weight`) are sources. */
  readonly nodes: readonly ProgramNode[];
  readonly output: OutputTree;
  /** For each module path, the output of its last call, where that is one tensor: what taps and stage statistics read. */
  readonly taps: readonly { readonly path: string; readonly type: string; readonly ref: Ref }[];
}

export interface ProgramNode {
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly Ref[];
  readonly args: Readonly<Record<string, PlainArg>>;
  readonly outputs: readonly { readonly shape: readonly number[]; readonly dtype: DType }[];
  readonly weight?: number;
  readonly path: string;
  readonly type: string;
  readonly place?: Place;
}

export type OutputTree =
  | { readonly kind: "tensor"; readonly ref: Ref }
  | { readonly kind: "seq"; readonly items: readonly (OutputTree | null)[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [string, OutputTree | null])[] };
