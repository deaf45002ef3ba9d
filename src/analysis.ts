import type { Diagnostic } from "./checks/diagnostic.ts";
import type { Graph, ShapeTree } from "./graph/graph.ts";
import type { InputSpec } from "./graph/input.ts";
import type { Why } from "./shape/dim.ts";
import type { Place, Span } from "./text/span.ts";
import type { Text } from "./text/text.ts";

/** What the analysis reads files through. Pure reads; a file that cannot be read is undefined. */
export interface FileSystem {
  readonly read: (file: string) => string | undefined;
  /** Whether a file or folder of that name exists. */
  readonly kind: (path: string) => "file" | "folder" | undefined;
  readonly list: (folder: string) => readonly string[];
  readonly join: (folder: string, name: string) => string;
  readonly parent: (path: string) => string;
}

export interface Options {
  /** Folders that imports are resolved from, after the file's own folder and package root. */
  readonly paths: readonly string[];
  /** site-packages folders. */
  readonly pythonPaths: readonly string[];
  /** Milliseconds for one root; default 10,000. */
  readonly timeout?: number;
  readonly train?: boolean;
}

export interface Root {
  readonly file: string;
  /** Expression that builds the model, in the file's own namespace: `resnet50()`. */
  readonly model: string;
  /** Input as given or guessed; undefined until analyzed when it is to be guessed. */
  readonly input: readonly InputSpec[] | undefined;
  /** Where the root was found: its comment, call, factory or class. */
  readonly place: Place;
  readonly kind: "comment" | "call" | "factory" | "class" | "given";
  /** Where `model` alone does not give it: the statements before its call are run first. */
  readonly setup?: Setup;
  /** The file that it was found for, where that is another: what its module reports counts too. */
  readonly opened?: string;
  /** The class that it stands for, in its file; analyzed only if no other root's run reaches that. */
  readonly spare?: Span;
}

/** The code that leads to a model's call. */
export interface Setup {
  /** Name of the function whose body it is in; undefined for the module's own statements. */
  readonly within: string | undefined;
  /** The call on an input, the expression in it that stands for the model, and the call that built that. */
  readonly call: Span;
  readonly model: Span;
  readonly built: Span;
}

/** A tensor-valued expression or binding of a user's file. */
export interface Observation {
  readonly span: Span;
  readonly role: "value" | "bind" | "parameter" | "return";
  /** `bind`, `parameter`: the name (`self.x` for an attribute). */
  readonly name?: string;
  /** Start offset of the statement that binds. */
  readonly statement?: number;
  /** One entry a module instance and evaluation, in order. `path`: the instance whose method runs. */
  readonly instances: readonly {
    readonly path: string;
    readonly value: ShapeTree;
    readonly text?: string;
    /** It is not known whether the evaluation takes place. */
    readonly maybe?: true;
  }[];
}

/** One forward pass: on a concrete input, or with symbolic sizes. */
export interface Run {
  readonly graph: Graph;
  /** By file; sorted by span start. */
  readonly observations: ReadonlyMap<string, readonly Observation[]>;
}

export interface Gap {
  readonly place: Place | undefined;
  readonly reason: Text;
}

export interface Analysis {
  readonly root: Root;
  readonly input: readonly InputSpec[];
  /** The example or solved-for size was not given by the user's code. */
  readonly example: boolean;
  readonly concrete: Run | undefined;
  readonly symbolic: Run | undefined;
  readonly status: "ok" | "partial" | "error";
  readonly gaps: readonly Gap[];
  readonly diagnostics: readonly Diagnostic[];
  /** Milliseconds. */
  readonly time: number;
  readonly unknown?: Why;
}

/** Every root of one file, and what they say together: the same mistake in ten roots is one diagnostic. */
export interface Report {
  readonly file: string;
  readonly roots: readonly Analysis[];
  /** But for those that a comment silences. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where the comments that silence one name its code, in whatever file. */
  readonly usedIgnores: readonly Place[];
}

/** A report before its fixes are proven. */
export interface Telling {
  readonly report: Report;
  /**
   * Proves fixes, an attempt a step, and returns the report with them: with fewer diagnostics where one fix removes several.
   * Between the steps the analyzer may be used; once a file has changed the steps are to be given up (`return`).
   */
  readonly prove: () => Generator<void, Report>;
}

export interface Analyzer {
  /** Roots that the file offers, best first. Cheap: from syntax and module-level evaluation, no forward pass. */
  readonly roots: (file: string) => readonly Root[];
  /** Classes of the file that code of its roots names: each is a root too where no root's run reaches it. */
  readonly spares: (file: string) => readonly Root[];
  /** Analyzes one root (cached until something it read changes). `input` overrides the root's own. */
  readonly analyze: (root: Root, input?: readonly InputSpec[]) => Analysis;
  /** Analyzes a root given as text (`--model`). */
  readonly analyzeModel: (file: string, model: string, input?: readonly InputSpec[]) => Analysis;
  /** Merges roots' diagnostics, adds those of code that no root reaches, and proves fixes. */
  readonly report: (file: string, roots: readonly Analysis[]) => Report;
  /** The same, without waiting for the fixes. */
  readonly tell: (file: string, roots: readonly Analysis[]) => Telling;
  /** The content of a file changed (or its existence). */
  readonly changed: (file: string) => void;
  /** Takes back what analyzed code wrote to the classes of ours, which outlive an analyzer. It can go on to be used. */
  readonly dispose: () => void;
}

export type { InputSpec } from "./graph/input.ts";
