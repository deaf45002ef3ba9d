import type { ShortcutKind } from "../graph/graph.ts";
import type { DType } from "../shape/dim.ts";
import type { Text } from "../text/text.ts";

/** A source range that a click can reveal; `line` is 1-based. */
export interface ViewPlace {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Last part of the file's name. */
  readonly name: string;
  readonly line: number | undefined;
}

/** A shape to show: its text (`[N, 64, 56, 56]`), and its axes where it is one tensor of known rank. */
export interface ViewShape {
  readonly text: string;
  readonly dims?: readonly string[];
  /** Rests on a recovery after an error. */
  readonly assumed?: true;
}

export interface ViewShortcut {
  readonly kind: ShortcutKind;
  /** What is written beside the arrow: `identity`, `1×1 /2`, `pad +64`. */
  readonly label: string;
  readonly style: "solid" | "dashed" | "dotted";
  readonly fits: boolean;
  /** Main branch's and shortcut's differing sizes. */
  readonly mismatch?: { readonly left: string; readonly right: string };
  readonly place: ViewPlace | undefined;
}

/** Bytes of values, weights aside, and their element types. */
export interface ViewMemory {
  readonly bytes: number;
  readonly dtypes: readonly string[];
}

/** He et al.'s four levels. */
export type Level = "network" | "stage" | "block" | "layer";

/** A value that flows between two of a node's children; `""` is the node's own border. */
export interface ViewEdge {
  readonly from: string;
  readonly to: string;
  readonly shape: string;
}

/** A residual add among a node's children: where the shortcut leaves, which children lie on it, where it joins. */
export interface ViewArc {
  readonly from: string;
  readonly to: string;
  readonly through: readonly string[];
  readonly shortcut: ViewShortcut;
}

/** A module call, an operator of a module's own code, a run of layers, or several equal blocks as one. */
export interface ViewNode {
  /** Stays the same from one analysis to the next while the paths do. */
  readonly id: string;
  /** `layer1.1–2`, `conv1`, `flatten`. */
  readonly label: string;
  /** For runs of layers that have no name of their own: the word for it, to be translated. */
  readonly title?: Text;
  /** What a reader wants to know beside the name: `7×7 /2`. */
  readonly detail: string;
  /** Class name; an operator's name for an operator. */
  readonly type: string;
  readonly level: Level;
  /** `add` for the sum at the end of a shortcut, drawn as ⊕. */
  readonly kind: "module" | "operator" | "run" | "add";
  /** Instance paths that this stands for; one, or as many as blocks were folded. */
  readonly paths: readonly string[];
  readonly count: number;
  readonly output: ViewShape;
  /** Of all folded instances together; undefined if unknown. */
  readonly params: number | undefined;
  /** Per example; of all folded instances together. */
  readonly madds: number | undefined;
  /** What its operators' outputs take, per example; of all folded instances together. */
  readonly memory: ViewMemory | undefined;
  /** Shortcuts that this node's own code adds. */
  readonly shortcuts: readonly ViewShortcut[];
  /** Every shortcut in and below it fits. */
  readonly fits: boolean;
  /** What a click reveals, and every place that highlights this node. */
  readonly place: ViewPlace | undefined;
  readonly places: readonly ViewPlace[];
  readonly expanded: boolean;
  /** False for a module that returned its input and applied no operator. */
  readonly drawn: boolean;
  readonly children: readonly ViewNode[];
  readonly edges: readonly ViewEdge[];
  readonly arcs: readonly ViewArc[];
}

/** What the panel shows of one root. Plain JSON; sentences are data, rendered by the page. */
export interface PreviewView {
  readonly head: {
    readonly root: string;
    readonly roots: readonly string[];
    readonly input: string;
    /** Other inputs to offer, as the user would type them. */
    readonly inputs: readonly string[];
    readonly example: boolean;
    readonly verdict: { readonly state: "ok" | "error" | "none"; readonly text: Text };
  };
  readonly totals: {
    readonly params: number | undefined;
    readonly madds: number | undefined;
    readonly output: ViewShape;
    /** The outputs of all operators together, and the most that is held at once in evaluation. */
    readonly memory: ViewMemory | undefined;
    readonly peak: number | undefined;
  };
  /** Names of the root's inputs and their shapes. */
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: ViewShape;
    /** As a forward pass takes it; left out where a size or the element type is not known. */
    readonly runs?: { readonly shape: readonly number[]; readonly dtype: DType };
  }[];
  readonly network: ViewNode;
  /** Stays the same while the model computes the same. */
  readonly key: string;
  /** The lines of source that nodes come from, by file and by 1-based line, without their indentation. */
  readonly code: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What was not understood, and other errors. */
  readonly notes: readonly {
    readonly severity: "error" | "warning" | "gap";
    readonly text: Text;
    readonly place: ViewPlace | undefined;
  }[];
}
