import { noteUnknown } from "../../eval/builder.ts";
import { callValue } from "../../eval/evaluate.ts";
import { gap, type Interp } from "../../eval/interp.ts";
import {
  bool,
  type ClassValue,
  type InstanceValue,
  NONE,
  type TensorValue,
  tensor,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { whyOf } from "../../lang/arithmetic.ts";
import { type Get, native, nativeClass } from "../../lang/native.ts";
import type { Arg } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import { dimOf, emitAll, tensorOf } from "../convert.ts";

const free = (name: string, signature: string, body: (interp: Interp, get: Get) => Value): Value =>
  native(name, signature, body, { free: true });

/** An argument of the catalogue's from a value of Python's. */
function argumentOf(value: Value): Arg {
  switch (value.kind) {
    case "none":
      return null;
    case "int":
      return value.dim;
    case "bool":
    case "str":
      return value.value;
    case "float":
      return value.value ?? { size: undefined, why: value.why ?? { reason: t("a number that is not known") } };
    case "list":
    case "tuple":
      return value.items.map(argumentOf);
    default:
      return { size: undefined, why: whyOf(value) ?? { reason: t("a number that is not known") } };
  }
}

function outputsOf(interp: Interp, get: Get): readonly Value[] {
  const [name, tensors, args] = [get("name"), get("tensors"), get("args")];
  const op = name.kind === "str" ? name.value : "";
  const inputs = (tensors.kind === "tuple" ? tensors.items : []).map((value) => tensorOf(interp, value, op, "input"));
  const given = args.kind === "dict" ? [...args.entries.values()] : [];
  const outputs = emitAll(
    interp,
    op,
    inputs,
    Object.fromEntries(given.flatMap(([key, value]) => (key.kind === "str" ? [[key.value, argumentOf(value)]] : []))),
  );
  return "kind" in outputs ? [outputs] : outputs;
}

/** The class of a module that has a parametrized tensor: the tensor's name is a property that computes it. */
function withProperty(interp: Interp, module: InstanceValue, name: string): void {
  const property: Value = {
    kind: "property",
    get: native(name, "self", (now, get) => {
      const list = now.lang.getAttribute(now, get("self"), "parametrizations", undefined);
      const one = now.lang.getItem(now, list, { kind: "str", value: name });
      return callValue(now, one, { positional: [], keywords: [] });
    }),
    set: native(name, "self, value", () => NONE),
  };
  if (injected.has(module.cls)) {
    interp.journal.set(module.cls.attrs, name, property);
    return;
  }
  const made = nativeClass(`Parametrized${module.cls.name}`, module.cls.moduleName, [module.cls], [[name, property]]);
  const cls: ClassValue = Object.assign(made, { place: module.cls.place });
  injected.add(cls);
  interp.journal.assign(module as { cls: ClassValue }, "cls", cls);
}

const injected = new WeakSet<ClassValue>();

/** What is noted about tensors: of the `batch_sizes` of a packed sequence the list of lengths. */
export const remembered = new WeakMap<TensorValue, Value>();

/** What the parts of torch that are written in Python call of ours. */
export const NATIVES: Readonly<Record<string, Value>> = {
  // torch's own refusal of an argument; evaluation goes on behind it.
  refuse: free("refuse", "exception, message", (interp, get) => {
    const [exception, message] = [get("exception"), get("message")];
    if (exception.kind === "str") interp.reject(interp, exception.value, message.kind === "str" ? message.value : "");
    return NONE;
  }),
  // Calls a function as one kernel of torch's: its counter of operations sees nothing of it.
  fused: free("fused", "function, *args, **kwargs", (interp, get) => {
    const [args, kwargs] = [get("args"), get("kwargs")];
    const outer = interp.store.get("fused");
    interp.store.set("fused", true);
    try {
      return callValue(interp, get("function"), {
        positional: (args.kind === "tuple" ? args.items : []).map((value) => ({ value })),
        keywords: [...(kwargs.kind === "dict" ? kwargs.entries.values() : [])].flatMap(([key, value]) =>
          key.kind === "str" ? [[key.value, { value }] as const] : [],
        ),
      });
    } finally {
      interp.store.set("fused", outer);
    }
  }),
  // The catalogue's operator of that name: its first output, or all of them.
  operator: free("operator", "name, *tensors, **args", (interp, get) => outputsOf(interp, get)[0] ?? NONE),
  operators: free("operators", "name, *tensors, **args", (interp, get) => {
    const outputs = outputsOf(interp, get);
    return outputs[0]?.kind === "unknown" ? outputs[0] : tuple(outputs);
  }),
  // A tensor of the first one's type and of those sizes, of which no values are known; what computes it is not followed.
  without_values: free("without_values", "like, sizes", (interp, get) => {
    const [like, sizes] = [get("like"), get("sizes")];
    if (like.kind !== "tensor") return like;
    if (sizes.kind !== "tuple") return unknown(whyOf(sizes) ?? { reason: t("a shape that is not known") });
    if (interp.graph !== undefined) noteUnknown(interp, interp.graph);
    const { dtype } = like.type;
    return tensor({ shape: sizes.items.map(dimOf), dtype, ...(like.type.assumed ? { assumed: true } : {}) });
  }),
  // Notes something about a tensor, and reads it again: None where nothing is noted.
  remember: free("remember", "tensor, what", (_interp, get) => {
    const key = get("tensor");
    if (key.kind === "tensor") remembered.set(key, get("what"));
    return NONE;
  }),
  recall: free("recall", "tensor", (_interp, get) => {
    const key = get("tensor");
    return (key.kind === "tensor" ? remembered.get(key) : undefined) ?? NONE;
  }),
  // Whether a test is known to hold.
  surely: free("surely", "test", (_interp, get) => {
    const test = get("test");
    return bool(test.kind === "bool" && test.value);
  }),
  not_followed: free("not_followed", "what", (interp, get) => {
    const what = get("what");
    return unknown(gap(interp, t("{0} is not followed", what.kind === "str" ? what.value : "")));
  }),
  parametrized: free("parametrized", "module, name", (interp, get) => {
    const [module, name] = [get("module"), get("name")];
    if (module.kind === "instance" && name.kind === "str") withProperty(interp, module, name.value);
    return NONE;
  }),
  // Takes a parametrized tensor's property away, and the class with the last of them.
  plain: free("plain", "module, name", (interp, get) => {
    const [module, name] = [get("module"), get("name")];
    if (module.kind !== "instance" || name.kind !== "str" || !injected.has(module.cls)) return NONE;
    const { cls } = module;
    interp.journal.remove(cls, "attrs", cls.attrs, name.value);
    const [base] = cls.bases;
    if (cls.attrs.size === 0 && base !== undefined) interp.journal.assign(module as { cls: ClassValue }, "cls", base);
    return NONE;
  }),
};
