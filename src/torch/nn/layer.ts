import { type Interp, isWhy } from "../../eval/interp.ts";
import {
  type ClassValue,
  type InstanceValue,
  intOf,
  NONE,
  str,
  type TensorValue,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import type { Init } from "../../graph/graph.ts";
import { truth } from "../../lang/arithmetic.ts";
import { findAttribute } from "../../lang/attributes.ts";
import { native, nativeClass } from "../../lang/native.ts";
import type { Dim } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { dimsOf, tensorOf } from "../convert.ts";
import { initModule, moduleClass, registry } from "../module.ts";
import { convertMade } from "./conversion.ts";
import { setModuleAttribute } from "./registration.ts";

/** Attribute of a layer at call time: what the user's code has changed counts. */
export const attr = (interp: Interp, self: InstanceValue, name: string): Value =>
  self.attrs.get(name) ?? findAttribute(interp, self, name) ?? NONE;

export interface LayerSpec {
  readonly init: string;
  readonly forward: string;
  readonly make?: (interp: Interp, self: InstanceValue, get: (name: string) => Value) => void;
  readonly run: (interp: Interp, self: InstanceValue, get: (name: string) => Value) => Value;
}

const specs = new WeakMap<ClassValue, LayerSpec>();

/** What defines a layer of ours. */
export function specOf(cls: ClassValue): LayerSpec | undefined {
  return specs.get(cls);
}

/** The names of a layer's constructor arguments. */
export function argumentsOf({ init }: LayerSpec): readonly string[] {
  return init === ""
    ? []
    : init
        .split(/,\s*(?![^(]*\))/)
        .map((part) => part.split("=")[0]?.trim() ?? "")
        .filter((part) => part !== "*" && part !== "device" && part !== "dtype");
}

/** Sets a layer's arguments as attributes and registers what it holds. */
export function setUp(interp: Interp, self: InstanceValue, spec: LayerSpec, get: (name: string) => Value): void {
  for (const name of argumentsOf(spec)) interp.journal.set(self.attrs, name, get(name));
  spec.make?.(interp, self, get);
  convertMade(interp, self, get("dtype"));
}

/** A layer of `torch.nn`: its arguments become attributes, `make` registers what it holds, `run` is its forward. */
export function layer(name: string, spec: LayerSpec, base: ClassValue = moduleClass): ClassValue {
  const cls = nativeClass(name, "torch.nn", [base]);
  specs.set(cls, spec);
  cls.attrs.set(
    "__init__",
    native("__init__", `self${spec.init === "" ? "" : `, ${spec.init}`}`, (interp, get) => {
      const self = get("self");
      if (self.kind !== "instance") return NONE;
      initModule(interp, self);
      setUp(interp, self, spec, get);
      return NONE;
    }),
  );
  cls.attrs.set(
    "forward",
    native("forward", `self, ${spec.forward}`, (interp, get) => {
      const self = get("self");
      return self.kind === "instance"
        ? spec.run(interp, self, get)
        : unknown({ reason: t("a layer that is not known") });
    }),
  );
  cls.attrs.set(
    "reset_parameters",
    native("reset_parameters", "self", () => NONE),
  );
  return cls;
}

export const ZERO: Init = { kind: "constant", value: 0 };
export const ONE: Init = { kind: "constant", value: 1 };

/** A parameter of a layer, registered on it. */
export function parameter(interp: Interp, self: InstanceValue, name: string, shape: readonly Dim[], init: Init): void {
  interp.journal.remove(self, "attrs", self.attrs, name);
  const type = { shape, dtype: "float32" as const };
  setModuleAttribute(interp, self, name, {
    kind: "tensor",
    type,
    parameter: true,
    weight: { type, trainable: true, init },
  });
}

/** A parameter that a flag asks for; where the flag is not known, neither is what the layer holds. */
export function parameterIf(
  interp: Interp,
  self: InstanceValue,
  flag: Value,
  name: string,
  shape: readonly Dim[],
  init: Init,
): void {
  const wanted = truth(interp, flag);
  const entries = registry(self, "_parameters");
  if (isWhy(wanted) && entries !== undefined) interp.journal.assign(entries, "why", wanted);
  if (wanted === true) parameter(interp, self, name, shape, init);
  else noParameter(interp, self, name);
}

export function noParameter(interp: Interp, self: InstanceValue, name: string): void {
  interp.journal.remove(self, "attrs", self.attrs, name);
  const entries = registry(self, "_parameters");
  if (entries !== undefined) interp.journal.setEntry(entries, `s:${name}`, Object.freeze([str(name), NONE] as const));
}

export function buffer(
  interp: Interp,
  self: InstanceValue,
  name: string,
  shape: readonly Dim[],
  init: Init,
  dtype: "float32" | "int64" = "float32",
): void {
  const entries = registry(self, "_buffers");
  const type = { shape, dtype };
  if (entries !== undefined)
    interp.journal.setEntry(
      entries,
      `s:${name}`,
      Object.freeze([str(name), { kind: "tensor", type, weight: { type, trainable: false, init } }] as const),
    );
}

/** PyTorch's default: uniform within 1/sqrt(fan_in). */
export function fanIn(dims: readonly Dim[]): Init {
  let fan = 1;
  for (const dim of dims) {
    if (typeof dim.size !== "number")
      return { kind: "unknown", why: dim.why ?? { reason: t("the fan-in is not known") } };
    fan *= dim.size;
  }
  const bound = fan === 0 ? 0 : 1 / Math.sqrt(fan);
  return { kind: "uniform", low: -bound, high: bound };
}

export const input = (interp: Interp, get: (name: string) => Value, fn: string): ReturnType<typeof tensorOf> =>
  tensorOf(interp, get("input"), fn, "input");
export const optional = (value: Value): TensorValue[] => (value.kind === "tensor" ? [value] : []);
export const pair = (dims: readonly Dim[]): Value => tuple(dims.map(intOf));

export function normalizeTuple(interp: Interp, self: InstanceValue, n: number, names: readonly string[]): void {
  for (const name of names) {
    const value = attr(interp, self, name);
    // A padding may be a word; of another word torch takes the letters, and of anything else n times the same.
    if (value.kind === "str") {
      if (name !== "padding") interp.journal.set(self.attrs, name, tuple([...value.value].map(str)));
    } else if (ONE_VALUE.has(value.kind)) {
      interp.journal.set(self.attrs, name, tuple(Array.from({ length: n }, () => value)));
    } else if (
      (value.kind === "tuple" || value.kind === "list") &&
      value.items.some(({ kind }) => ONE_VALUE.has(kind))
    ) {
      interp.journal.set(self.attrs, name, tuple(value.items));
    } else interp.journal.set(self.attrs, name, pair(dimsOf(interp, value, n)));
  }
}

const ONE_VALUE: ReadonlySet<Value["kind"]> = new Set(["none", "float", "class", "function"]);

/** A layer's weight and bias, as far as it has them. */
export function weights(interp: Interp, self: InstanceValue): TensorValue[] {
  return [...optional(attr(interp, self, "weight")), ...optional(attr(interp, self, "bias"))];
}
