import type { BinaryOp, ClassStmt, CompareOp, Expr, FunctionExpr } from "../core/core.ts";
import type { Frame } from "../graph/graph.ts";
import type { Dim, Why } from "../shape/dim.ts";
import type { Place, Span } from "../text/span.ts";
import { type Text, t } from "../text/text.ts";
import type { GraphBuilder } from "./builder.ts";
import type { Journal } from "./journal.ts";
import type { Loader } from "./loader.ts";
import type { Recorder } from "./record.ts";
import type { Scope } from "./scope.ts";
import {
  type CallArgs,
  type ClassValue,
  type InstanceValue,
  type IteratorValue,
  type ModuleValue,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.ts";

/** Known, or why not. */
export type Truth = true | false | Why;

/** What is a language's own: Python's rules stand in `src/lang`. Every function reports its own errors and never throws but {@link Raised}. */
export interface Language {
  readonly truth: (interp: Interp, value: Value) => Truth;
  readonly unary: (interp: Interp, op: "-" | "+" | "~", operand: Value) => Value;
  readonly binary: (interp: Interp, op: BinaryOp, left: Value, right: Value, inPlace: boolean) => Value;
  readonly compare: (interp: Interp, op: CompareOp, left: Value, right: Value) => Value;
  readonly getAttribute: (interp: Interp, object: Value, name: string, scope: Scope | undefined) => Value;
  readonly setAttribute: (interp: Interp, object: Value, name: string, value: Value) => void;
  readonly deleteAttribute: (interp: Interp, object: Value, name: string) => void;
  readonly getItem: (interp: Interp, object: Value, index: Value) => Value;
  readonly setItem: (interp: Interp, object: Value, index: Value, value: Value) => void;
  readonly deleteItem: (interp: Interp, object: Value, index: Value) => void;
  /** Calls anything but a function of the analyzed code. */
  readonly call: (interp: Interp, callee: Value, args: CallArgs) => Value;
  /** Binds arguments; a misfit is reported and bound as far as it goes. */
  readonly bind: (
    interp: Interp,
    fn: FunctionExpr,
    name: string,
    defaults: ReadonlyMap<string, Value>,
    args: CallArgs,
    module: ModuleValue,
    callerFile: string | undefined,
  ) => Map<string, Value>;
  readonly iterate: (interp: Interp, value: Value) => IteratorValue;
  readonly makeClass: (interp: Interp, stmt: ClassStmt, scope: Scope) => Value;
  readonly format: (interp: Interp, value: Value, conversion: string, spec: string) => Value;
  /** What was meant by a name that a module does not have. */
  readonly memberRepairs: (interp: Interp, module: ModuleValue, name: string) => readonly Repair[];
  readonly missingName: (interp: Interp, name: string, span: Span, scope: Scope, local: boolean) => Value;
  readonly enter: (interp: Interp, manager: Value) => Value;
  /** Leaves a `with`; true: the exception is swallowed. */
  readonly exit: (interp: Interp, manager: Value, raised: Value | undefined) => boolean;
  /** Whether a manager may swallow an exception, so that one raised inside is on its way to a handler. */
  readonly swallows: (interp: Interp, manager: Value) => boolean;
  /** Notes on a raised value which one was being handled, and its `from`. */
  readonly chain: (interp: Interp, raised: Value, context: Value | undefined, cause: Value | undefined) => void;
  /** Whether a raised value is an instance of the handler's type. */
  readonly matches: (interp: Interp, raised: Value, type: Value) => Truth;
  /** `args` instead of the message alone, where Python's exception carries other values. */
  readonly makeException: (interp: Interp, name: string, message: string, args?: readonly Value[]) => Value;
  readonly raised: (interp: Interp, value: Value) => Value;
  readonly typeName: (interp: Interp, value: Value) => string;
  /** How messages about a call's arguments name what is called: `module.Class.method()`. */
  readonly calleeName: (interp: Interp, callee: Value) => string;
  readonly superOf: (interp: Interp, cls: ClassValue, self: Value) => Value;
  readonly builtins: ReadonlyMap<string, Value>;
}

/** A change of the source that would repair a problem, and the value the expression would then have. */
export interface Repair {
  readonly title: Text;
  readonly edits: readonly { readonly place: Place; readonly text: string }[];
  readonly value?: Value;
}

/** A mistake met while running, as data. Refusals of operators stand in the graph's nodes. */
export type Problem =
  | {
      readonly kind: "python";
      readonly exception: string;
      readonly message: string;
      readonly place: Place | undefined;
      readonly frames: readonly Frame[];
      readonly repairs: readonly Repair[];
      /** The model's own `raise` or `assert`. */
      readonly raised: boolean;
      /** A library's refusal of its own arguments. */
      readonly argument?: true;
      readonly phase: Phase;
    }
  | {
      readonly kind: "not-called";
      readonly layer: string;
      readonly place: Place | undefined;
      readonly frames: readonly Frame[];
      readonly repairs: readonly Repair[];
      readonly phase: Phase;
    };

export type Phase = "module" | "build" | "forward";

/** One activation of a function, a class body or a module. */
/** A loop over `range(stop)` or `range(start, stop)`. */
export interface RangeLoop {
  readonly stop: Dim;
  readonly outer: RangeLoop | undefined;
}

export interface FrameState {
  readonly function: string;
  readonly module: ModuleValue;
  readonly scope: Scope;
  /** Span of the call or operator under evaluation. */
  span: Span | undefined;
  /** Start of the statement under execution. */
  statement: number;
  /** The innermost loop over a range whose body runs. */
  loop?: RangeLoop | undefined;
  /** The frame as plain data, where it last stood when that was asked for. */
  shown?: Frame;
  readonly path: string | undefined;
  /** The function that runs, and how many speculations were open when it was called. */
  readonly code?: FunctionExpr;
  readonly speculating?: number;
  /** Qualified name of what is defined here, up to its own name; undefined in a module. */
  readonly qualname?: string | undefined;
  /** The function's first argument and class cell, for `super()`. */
  readonly self: Value | undefined;
  readonly cls: ClassValue | undefined;
}

export interface Limits {
  readonly steps: number;
  readonly depth: number;
  readonly nodes: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** The state of one evaluation. */
export interface Interp {
  readonly lang: Language;
  readonly journal: Journal;
  readonly loader: Loader;
  /** Reports an exception that nothing caught, at the user's own line. */
  readonly reportRaised: (interp: Interp, raised: Raised) => void;
  /** Absence from real torch and the standard library: only then a missing attribute of theirs is the user's mistake. */
  readonly really: {
    readonly absent: (module: string, name: string) => boolean;
    /** All public names of a module of theirs, or undefined where that is not recorded. */
    readonly names: (module: string) => readonly string[] | undefined;
  };
  limits: Limits;
  steps: number;
  phase: Phase;
  frames: FrameState[];
  /** Enclosing `try` bodies that have handlers. */
  handlers: number;
  /** Enclosing speculations: errors end the way and report nothing. */
  speculating: number;
  graph: GraphBuilder | undefined;
  recorder: Recorder | undefined;
  /** Instance path of the module whose method runs. */
  path: string | undefined;
  problems: Problem[];
  /** What loading a module reported, by file: a module is loaded once for all roots. */
  readonly moduleProblems: Map<string, readonly Problem[]>;
  gaps: Map<string, { readonly reason: Text; readonly place: Place | undefined }>;
  /** What could not be followed while a module was loaded, by file. */
  readonly moduleGaps: Map<string, Interp["gaps"]>;
  /** The call whose arguments are being evaluated: for repairs that know the parameter. */
  argument:
    | {
        readonly callee: Value;
        readonly index: number;
        readonly keyword: string | undefined;
        readonly span: Span;
        readonly scope: Scope;
      }
    | undefined;
  /** Modules of which it is not known whether they are installed are taken to be absent. */
  absentModules: boolean;
  serial: number;
  /** Classes of tensors and parameters, the framework's own. */
  readonly tensorClass: ClassValue;
  readonly parameterClass: ClassValue;
  readonly ownPlace: () => Place | undefined;
  /** A framework's own `__getattr__` without an error: registered submodules and parameters. */
  readonly quietAttribute: (interp: Interp, instance: InstanceValue, name: string) => Value | undefined;
  /** Names that `quietAttribute` finds. */
  readonly registeredNames: (instance: InstanceValue) => readonly string[];
  /** An import or a definition for a name that exists nowhere, inserted at `offset` of the file under evaluation. */
  readonly suggest: (
    interp: Interp,
    name: string,
  ) => { readonly text: string; readonly offset: number; readonly define: boolean; readonly value: Value } | undefined;
  /** A library's own refusal of its arguments (`ValueError: in_channels must be divisible by groups`). */
  readonly reject: (interp: Interp, exception: string, message: string) => void;
  /** What the argument under evaluation could have meant instead: a name in scope that fits the parameter. */
  readonly argumentRepairs: (interp: Interp) => readonly Repair[];
  readonly training: boolean;
  /** Told of every expression that is about to be evaluated, where somebody looks for values there. */
  probe: ((expr: Expr, scope: Scope) => void) | undefined;
  /** What front ends keep between calls, by their own keys. */
  readonly store: Map<string, unknown>;
}

/** A Python exception on its way to a handler. */
export class Raised extends Error {
  readonly value: Value;
  readonly frames: readonly Frame[];
  readonly place: Place | undefined;
  /** Why it is not known what is raised: then it is no mistake of the code's. */
  readonly doubt: Text | undefined;
  constructor(value: Value, interp: Interp, doubt?: Text) {
    super("raised");
    this.value = value;
    this.doubt = doubt;
    this.frames = framesNow(interp);
    this.place = ownPlace(interp);
  }
}

/** A budget is used up; the run ends as a gap. */
export class Exhausted extends Error {
  readonly reason: Text;
  constructor(reason: Text) {
    super("exhausted");
    this.reason = reason;
  }
}

Error.stackTraceLimit = 10;

/** Counts one step. Throws {@link Exhausted} past the budget. */
export function step(interp: Interp): void {
  interp.steps++;
  if (interp.limits.steps < interp.steps) throw new Exhausted(t("stopped after {0} steps", interp.limits.steps));
  if ((interp.steps & 1023) === 0 && interp.limits.deadline < Date.now())
    throw new Exhausted(t("stopped after the time that one root may take"));
}

/** Where the evaluation stands, in the innermost frame. */
export function here(interp: Interp): Place | undefined {
  const frame = interp.frames[interp.frames.length - 1];
  if (frame?.span === undefined || frame.module.file === undefined) return undefined;
  return { file: frame.module.file, span: frame.span };
}

/** Where the evaluation stands, in the innermost frame of the user's own files. */
export function ownPlace(interp: Interp): Place | undefined {
  for (let i = interp.frames.length - 1; i >= 0; i--) {
    const frame = interp.frames[i];
    if (frame?.module.own && frame.span !== undefined && frame.module.file !== undefined)
      return { file: frame.module.file, span: frame.span };
  }
  return undefined;
}

/** The call stack as plain data, outermost first. */
export function framesNow(interp: Interp): readonly Frame[] {
  const frames: Frame[] = [];
  for (const frame of interp.frames) {
    if (frame.span === undefined || frame.module.file === undefined) continue;
    // Most frames stand where they stood when the operator before was met.
    if (frame.shown?.place.span !== frame.span)
      frame.shown = {
        place: { file: frame.module.file, span: frame.span },
        function: frame.function,
        path: frame.path,
        own: frame.module.own,
      };
    frames.push(frame.shown);
  }
  return frames;
}

/** Notes something that could not be followed; the same reason at the same place is noted once. */
export function gap(interp: Interp, reason: Text, place: Place | undefined = ownPlace(interp) ?? here(interp)): Why {
  if (interp.speculating === 0 || interp.phase !== "module") {
    const key = `${reason.template}|${reason.args.map((a) => (typeof a !== "object" ? a : "template" in a ? a.template : a.line)).join("|")}|${place?.file ?? ""}:${place?.span.start ?? -1}`;
    if (!interp.gaps.has(key)) interp.gaps.set(key, { reason, place });
  }
  return place === undefined ? { reason } : { reason, place };
}

/** An unknown value whose reason is noted as a gap here. */
export function unknownHere(interp: Interp, reason: Text, name?: string): UnknownValue {
  return unknown(gap(interp, reason), name);
}

/**
 * A Python error of the analyzed code: raised where a handler may catch it, else reported, and evaluation goes on with
 * the first repair's value.
 */
export function fail(
  interp: Interp,
  exception: string,
  message: string,
  options: {
    readonly span?: Span;
    readonly repairs?: readonly Repair[];
    readonly value?: Value;
    readonly args?: readonly Value[];
  } = {},
): Value {
  const frame = interp.frames[interp.frames.length - 1];
  if (options.span !== undefined && frame !== undefined) frame.span = options.span;
  if (0 < interp.handlers || 0 < interp.speculating)
    throw new Raised(interp.lang.makeException(interp, exception, message, options.args), interp);
  const repairs = options.repairs ?? [];
  interp.problems.push({
    kind: "python",
    exception,
    message,
    place: ownPlace(interp),
    frames: framesNow(interp),
    repairs,
    raised: false,
    phase: interp.phase,
  });
  const value = options.value ?? repairs.find((repair) => repair.value !== undefined)?.value;
  const place = ownPlace(interp);
  const reason = t("{0}: {1}", exception, message);
  return value === undefined ? unknown(place === undefined ? { reason } : { reason, place }) : assumed(value);
}

/** The same value, marked as resting on a recovery. */
function assumed(value: Value): Value {
  switch (value.kind) {
    case "int":
      return { ...value, dim: { ...value.dim, assumed: true } };
    case "tensor":
      return { ...value, type: { ...value.type, assumed: true } };
    case "tuple":
      return { ...value, items: value.items.map(assumed) };
    default:
      return value;
  }
}

export function isWhy(value: unknown): value is Why {
  return typeof value === "object" && value !== null && "reason" in value;
}

/** The frame on top. There is one whenever code runs. */
export function topFrame(interp: Interp): FrameState {
  const frame = interp.frames[interp.frames.length - 1];
  if (frame === undefined) throw new Exhausted(t("no code is running"));
  return frame;
}
