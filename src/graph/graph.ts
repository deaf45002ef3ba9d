import type { Arg, Args, Refusal } from "../ops/operator.ts";
import type { Dim, DType, TensorType, Why } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import type { Size } from "../shape/size.ts";
import type { Place } from "../text/span.ts";

/** One output of one node. */
export interface Ref {
  readonly node: number;
  readonly output: number;
}

/** How a parameter or buffer gets its first value, resolved to a distribution. */
export type Init =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | {
      readonly kind: "normal";
      readonly mean: number;
      readonly std: number;
      readonly truncate?: readonly [number, number];
    }
  | { readonly kind: "values"; readonly values: readonly number[] }
  /** Rows (or columns, whichever are fewer) at right angles, `gain` long; axes behind the first count as one. */
  | { readonly kind: "orthogonal"; readonly gain: number }
  /** Of a convolution that gives its first input channels, `value` times, in each group. */
  | { readonly kind: "dirac"; readonly groups: number; readonly value: number }
  /** Normal, with `zeros` elements of each column of a matrix 0. */
  | { readonly kind: "sparse"; readonly zeros: number; readonly std: number }
  | { readonly kind: "unknown"; readonly why: Why };

/** A parameter or buffer. `keys` are all its names in the state dict, the first in registration order first. */
export interface Weight {
  readonly keys: readonly string[];
  readonly shape: readonly Dim[];
  readonly dtype: DType;
  readonly trainable: boolean;
  /** False for a non-persistent buffer, which no checkpoint holds. */
  readonly persistent: boolean;
  readonly init: Init;
}

/** A call frame in the user's or a library's code: where the call stands, and in which function. */
export interface Frame {
  readonly place: Place;
  readonly function: string;
  /** Instance path of the module whose method runs here; undefined outside of modules. */
  readonly path: string | undefined;
  /** The file is the user's own (workspace, given files), not a library's. */
  readonly own: boolean;
}

/**
 * One application of an operator, or a source of data: op `input` (args.index) or `weight` (`weight` is its index).
 * Nodes stand in execution order; a node's inputs have smaller ids.
 */
export interface GraphNode {
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly Ref[];
  readonly args: Args;
  readonly outputs: readonly TensorType[];
  /** Index into `Graph.weights` for op `weight`. */
  readonly weight?: number;
  /** Instance path of the module whose `forward` applied it (`layer2.0.conv1`; `""` for the root's own code). */
  readonly path: string;
  /** Class of that module (`Conv2d`). */
  readonly type: string;
  /** Frames, outermost first. The last is where the operator stands. */
  readonly frames: readonly Frame[];
  /** The innermost place in the user's own files. */
  readonly place: Place | undefined;
  readonly refusal?: Refusal;
  readonly guards?: readonly Guard[];
  /** Multiply-adds, batch included. */
  readonly madds?: Size;
  /** How often it multiplies is not known: for lack of a size, or because it may never run. */
  readonly uncounted?: true;
}

/** A value of the forward pass, as far as tensors are concerned. */
export type ShapeTree =
  | { readonly kind: "tensor"; readonly type: TensorType; readonly ref?: Ref }
  | { readonly kind: "seq"; readonly items: readonly (ShapeTree | null)[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [string, ShapeTree | null])[] }
  | { readonly kind: "unknown"; readonly why: Why };

/** One registered module. */
export interface ModuleInfo {
  /** First name in `named_modules()`; the root is `""`. */
  readonly path: string;
  readonly aliases: readonly string[];
  /** Class name. */
  readonly type: string;
  /** The framework's own layer (`nn.Conv2d`), not a class of a file that was read. */
  readonly builtin: boolean;
  /** Where it was constructed (innermost place in the user's own files), and where its class stands. */
  readonly place: Place | undefined;
  readonly classPlace: Place | undefined;
  /** The calls in the user's own files that led there, outermost first; the last stands at `place`. */
  readonly built?: readonly Place[];
  /** Where the loops over ranges stop in which it was constructed, the innermost first. */
  readonly repeated?: readonly Dim[];
  readonly children: readonly string[];
  /** `sum(p.numel() for p in m.parameters())`; undefined if unknown. */
  readonly params: number | undefined;
  /** The constructor's arguments that matter to a reader, as text: `7×7 /2`. */
  readonly hint: string;
  /** One entry a call through `__call__`, in call order: what it returned and the nodes made meanwhile `[from, to)`. */
  readonly calls: readonly {
    readonly output: ShapeTree;
    readonly from: number;
    readonly to: number;
    readonly inputs: readonly (ShapeTree | null)[];
    /** It is not known whether the call takes place. */
    readonly maybe?: true;
  }[];
}

export type ShortcutKind = "identity" | "projection" | "zero-padding" | "other";

/** An elementwise add of two activations that depend on one earlier activation (He et al.). */
export interface ResidualAdd {
  readonly node: number;
  /** Operand indices (0 or 1) of the add. */
  readonly main: 0 | 1;
  readonly shortcut: 0 | 1;
  /** The last activation that both depend on. */
  readonly fork: Ref;
  readonly kind: ShortcutKind;
  /** Total stride of each branch between fork and add, per spatial axis, where known. */
  readonly mainStride: readonly number[] | undefined;
  readonly shortcutStride: readonly number[] | undefined;
  /** Node ids on each branch, in execution order. */
  readonly mainNodes: readonly number[];
  readonly shortcutNodes: readonly number[];
  /** Instance path and class of the module in whose forward the add stands. */
  readonly path: string;
  readonly type: string;
  readonly fits: boolean;
}

/** The model as its forward pass built it. Plain data. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly weights: readonly Weight[];
  readonly modules: readonly ModuleInfo[];
  readonly inputs: readonly { readonly name: string; readonly node: number; readonly type: TensorType }[];
  readonly output: ShapeTree | undefined;
  readonly residualAdds: readonly ResidualAdd[];
  /** Total parameters of the root, undefined if unknown. */
  readonly params: number | undefined;
  readonly madds: Size | undefined;
}

export type { Arg };
