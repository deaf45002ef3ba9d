import type { FunctionExpr, Parameter } from "../core/core.ts";
import type { Init, Ref, ShapeTree } from "../graph/graph.ts";
import type { Args } from "../ops/operator.ts";
import type { Dim, TensorType, Why } from "../shape/dim.ts";
import type { Size } from "../shape/size.ts";
import type { Place, Span } from "../text/span.ts";
import type { HostArray } from "../values/array.ts";
import type { Interp } from "./interp.ts";
import type { Scope } from "./scope.ts";

/**
 * An abstract value. Mutable ones (list, set, dict, instance, class, function, module, tensor) have identity: the
 * JavaScript object is the Python object. All writes to them go through the journal (journal.ts).
 */
export type Value =
  | NoneValue
  | EllipsisValue
  | NotImplementedValue
  | BoolValue
  | IntValue
  | FloatValue
  | ComplexValue
  | StrValue
  | BytesValue
  | ListValue
  | TupleValue
  | SetValue
  | DictValue
  | SliceValue
  | RangeValue
  | IteratorValue
  | ViewValue
  | FunctionValue
  | BuiltinValue
  | MethodValue
  | ClassValue
  | InstanceValue
  | PropertyValue
  | WrapperValue
  | SuperValue
  | ModuleValue
  | LazyValue
  | TensorValue
  | OpaqueValue
  | UnknownValue;

export interface NoneValue {
  readonly kind: "none";
}
export interface EllipsisValue {
  readonly kind: "ellipsis";
}
export interface NotImplementedValue {
  readonly kind: "not-implemented";
}
export interface BoolValue {
  readonly kind: "bool";
  readonly value: boolean;
}
/**
 * A whole number: known, symbolic or (size undefined) unknown but surely an int. One that no JavaScript number holds
 * exactly is in `big`, and its size is unknown to all that counts in sizes.
 */
export interface IntValue {
  readonly kind: "int";
  readonly dim: Dim;
  /** Another library's number that is used like one of Python's (`numpy.int64`): its operators come first. */
  readonly cls?: ClassValue;
  readonly big?: bigint;
}
/** A float; undefined: unknown but surely a float. */
export interface FloatValue {
  readonly kind: "float";
  readonly value: number | undefined;
  readonly why?: Why;
  /** Of a number that is not known: the size and the whole number from 1 on whose quotient it is, rounded once at most. */
  readonly quotient?: { readonly over: Size; readonly by: number };
  readonly cls?: ClassValue;
}
export interface ComplexValue {
  readonly kind: "complex";
  readonly re: number;
  readonly im: number;
}
export interface StrValue {
  readonly kind: "str";
  readonly value: string;
}
export interface BytesValue {
  readonly kind: "bytes";
  readonly value: string;
}
/** `why`: neither items nor length are known. */
export interface ListValue {
  readonly kind: "list";
  items: Value[];
  why?: Why;
}
export interface TupleValue {
  readonly kind: "tuple";
  readonly items: readonly Value[];
  /** A named tuple's class, and torch's `torch.Size`. */
  readonly cls?: ClassValue;
}
export interface SetValue {
  readonly kind: "set";
  items: Map<string, Value>;
  why?: Why;
  readonly frozen?: true;
}
/** Insertion-ordered, by hashed key. `cls` for OrderedDict, defaultdict, Counter and user subclasses. */
export interface DictValue {
  readonly kind: "dict";
  entries: Map<string, readonly [Value, Value]>;
  why?: Why;
  readonly cls?: ClassValue;
  /** defaultdict's factory. */
  readonly factory?: Value;
}
export interface SliceValue {
  readonly kind: "slice";
  readonly lower: Value;
  readonly upper: Value;
  readonly step: Value;
}
export interface RangeValue {
  readonly kind: "range";
  readonly start: IntValue;
  readonly stop: IntValue;
  readonly step: IntValue;
}
/**
 * An iterator. `next` gives the value at an index and undefined at the end; only `advance` calls it. Whatever else it
 * depends on stands in `state` or in other iterators, so that the journal can take a step back. `why`: what comes from
 * here on is not known.
 */
export interface IteratorValue {
  readonly kind: "iterator";
  /** Name of its class. */
  readonly name: string;
  index: number;
  readonly next: (index: number) => Value | undefined;
  why?: Why;
  /** Of an iterator that is lost from its start: what each of its items is. */
  readonly sample?: Value;
  /** Of a range by steps of one: where it stops. */
  readonly stop?: Dim;
  state?: unknown;
  /** Of a generator: resumes it with a value sent or an exception thrown. */
  readonly resume?: (signal: Resumption) => Value | undefined;
  /** Of a generator: the function that made it. */
  readonly maker?: FunctionValue;
}
export type Resumption =
  | { readonly kind: "send"; readonly value: Value }
  | { readonly kind: "throw"; readonly value: Value }
  | { readonly kind: "close" };
/** `dict.keys()`, `dict.values()`, `dict.items()`. */
export interface ViewValue {
  readonly kind: "view";
  readonly of: "keys" | "values" | "items";
  readonly dict: DictValue;
}
export interface FunctionValue {
  readonly kind: "function";
  readonly expr: FunctionExpr;
  readonly module: ModuleValue;
  readonly closure: Scope;
  readonly defaults: ReadonlyMap<string, Value>;
  /** Class in whose body it was defined, for `super()`; filled when the class is made. */
  readonly cell: ClassCell | undefined;
  readonly qualname: string;
  /** Function attributes, `__name__` and `__wrapped__` among them. Created when first written. */
  attrs: Map<string, Value> | undefined;
  /** A compiler runs it, not Python: it binds no names that a reader of the run would see. */
  readonly compiled?: true;
}
export interface ClassCell {
  cls: ClassValue | undefined;
}

/** One argument as it was passed: the value and where its expression stands (the whole `name=value` for a keyword). */
export interface PassedArg {
  readonly value: Value;
  readonly span?: Span | undefined;
  /** An imported name that nothing has read yet; `value` reads it. */
  readonly later?: LazyValue;
}
export interface CallArgs {
  readonly positional: readonly PassedArg[];
  readonly keywords: readonly (readonly [string, PassedArg])[];
  /** Unknown further positional (`*unknown`) or keyword arguments. */
  readonly more?: Why | undefined;
}
export type Native = (interp: Interp, args: CallArgs) => Value;
/** A function of ours. `self` comes first when it is looked up on an instance, unless `free`. */
export interface BuiltinValue {
  readonly kind: "builtin";
  readonly name: string;
  readonly call: Native;
  /** Not a method: never bound to an instance. */
  readonly free?: true;
  readonly params?: readonly Parameter[];
}
export interface MethodValue {
  readonly kind: "method";
  readonly self: Value;
  readonly fn: Value;
}
export interface ClassValue {
  readonly kind: "class";
  readonly name: string;
  readonly qualname: string;
  /** Dotted module name. */
  readonly moduleName: string;
  readonly bases: readonly ClassValue[];
  /** Itself first. */
  readonly mro: readonly ClassValue[];
  attrs: Map<string, Value>;
  /** Classes of the analyzed code that derive from it directly, in the order they were made. */
  subclasses?: ListValue;
  readonly meta: ClassValue | undefined;
  readonly place: Place | undefined;
  /** A base could not be followed: a name that is not found is unknown. */
  readonly unknownBase?: Why | undefined;
  /** Special methods of a builtin class, for code that names them: what operators do without them. */
  slotMethods?: ReadonlyMap<string, Value>;
  /** `__slots__` of the class itself. */
  readonly slots?: readonly string[] | undefined;
  /** It or a base of the analyzed code defines `__getattribute__`. */
  readonly readsByMethod?: true;
  /** How a class of ours makes its value; user classes inherit the nearest one. Default: a plain instance. */
  readonly construct?: (interp: Interp, cls: ClassValue, args: CallArgs) => Value;
}
export interface InstanceValue {
  readonly kind: "instance";
  cls: ClassValue;
  attrs: Map<string, Value>;
  /** Order of creation; smaller than a run's first serial means made before the run. */
  readonly serial: number;
  /** Innermost own place at which it was created. */
  readonly place: Place | undefined;
  /** Of a module: the calls that led to its construction, and where the loops stop in which it was built. */
  built?: readonly Place[];
  repeated?: readonly Dim[];
  /** Payload of a user class that inherits from a builtin one (`class Config(dict)`). */
  readonly payload?: Value;
  /** Control was lost while it was set up: an attribute that is not found is unknown. */
  tainted?: Why;
  /** Code that is not known may have set attributes: one that is not found is unknown. */
  touched?: Why;
}
export interface PropertyValue {
  readonly kind: "property";
  readonly get: Value;
  readonly set: Value | undefined;
  readonly delete?: Value | undefined;
  readonly doc?: Value | undefined;
  readonly cached?: true;
}
/** `staticmethod` and `classmethod` objects. */
export interface WrapperValue {
  readonly kind: "wrapper";
  readonly type: "static" | "class";
  readonly fn: Value;
}
export interface SuperValue {
  readonly kind: "super";
  readonly after: ClassValue;
  readonly self: Value;
}
/** A Python module. `load` runs it on first need (imports.ts). */
export interface ModuleValue {
  readonly kind: "module";
  readonly name: string;
  /** Undefined for a module of ours (`torch`, `math`). */
  readonly file: string | undefined;
  readonly own: boolean;
  scope: Scope;
  state: "unloaded" | "loading" | "loaded";
  /** The attribute is not in the scope: submodules, lazily made names of a module of ours. */
  readonly missing?: (interp: Interp, name: string) => Value | undefined;
  /** A package: where its submodules lie. */
  readonly folders?: readonly string[];
  /** False: the name could also mean another module. */
  readonly sure?: boolean;
  /** A module of ours of which nothing but its names is known. */
  readonly standIn?: true;
  /** Names and signatures alone. */
  readonly stub?: true;
  /** It stands for something that could not be found. */
  readonly unknown?: Why | undefined;
}
/** What `from m import n` bound, before its first read. */
export interface LazyValue {
  readonly kind: "lazy";
  readonly resolve: (interp: Interp) => Value;
}

/** State of a parameter or buffer, shared by all graphs of an analysis. Mutable only through the journal. */
export interface WeightCell {
  type: TensorType;
  readonly trainable: boolean;
  /** A buffer that no checkpoint holds. */
  readonly transient?: true;
  init: Init;
}
export interface TensorValue {
  readonly kind: "tensor";
  type: TensorType;
  /** The node of the graph under construction that made it. */
  ref?: Ref | undefined;
  readonly weight?: WeightCell | undefined;
  /** Its values, where they are known: for the arithmetic that designs networks. */
  host?: HostArray | undefined;
  /** Tensors that may share its memory. */
  aliases?: Set<TensorValue> | undefined;
  /** Which operator's output it is, if surely a view: of what, by which arguments, and that one's lengths. */
  view?:
    | {
        readonly source: TensorValue;
        readonly op: string;
        readonly args: Args;
        readonly output: number;
        readonly shape: readonly number[];
      }
    | undefined;
  /** `nn.Parameter` (registers itself on a module) or a lazily shaped one. */
  readonly parameter?: true | undefined;
  /** `nn.Buffer`: registers itself on a module as one. */
  readonly buffer?: true | undefined;
  /** It as a tree of shapes, as it was when that was asked for. */
  shown?: ShapeTree;
}
/** A value of ours that is only handed around: a dtype, a device, a generator. Compared by `name`. */
export interface OpaqueValue {
  readonly kind: "opaque";
  readonly type: string;
  readonly name: string;
  readonly attrs?: ReadonlyMap<string, Value>;
}
/** Not known, and why. `name` is what is not known, for messages: `register_model`. */
export interface UnknownValue {
  readonly kind: "unknown";
  readonly why: Why;
  readonly name?: string | undefined;
}

export const NONE: NoneValue = { kind: "none" };
export const ELLIPSIS: EllipsisValue = { kind: "ellipsis" };
export const NOT_IMPLEMENTED: NotImplementedValue = { kind: "not-implemented" };
export const TRUE: BoolValue = { kind: "bool", value: true };
export const FALSE: BoolValue = { kind: "bool", value: false };
export const bool = (value: boolean): BoolValue => (value ? TRUE : FALSE);
const smallInts: IntValue[] = Array.from({ length: 257 }, (_, size) => ({ kind: "int", dim: { size } }));
/** A known whole number without an origin. */
export function int(size: number): IntValue {
  return smallInts[size] ?? { kind: "int", dim: { size } };
}
export const intOf = (dim: Dim): IntValue => ({ kind: "int", dim });
export const float = (value: number): FloatValue => ({ kind: "float", value });
export const str = (value: string): StrValue => ({ kind: "str", value });
export const list = (items: Value[]): ListValue => ({ kind: "list", items });
export const tuple = (items: readonly Value[]): TupleValue => ({ kind: "tuple", items });
export const unknown = (why: Why, name?: string): UnknownValue =>
  name === undefined ? { kind: "unknown", why } : { kind: "unknown", why, name };
export const tensor = (type: TensorType, ref?: Ref): TensorValue => ({ kind: "tensor", type, ref });
export const opaque = (type: string, name: string): OpaqueValue => ({ kind: "opaque", type, name });
