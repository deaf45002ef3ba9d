import type { Interp } from "../eval/interp.ts";
import { type BuiltinValue, type TensorValue, tuple, type UnknownValue, unknown, type Value } from "../eval/value.ts";
import { toFloat } from "../lang/arithmetic.ts";
import { type Get, native } from "../lang/native.ts";
import type { Arg, Args } from "../ops/operator.ts";
import type { Dim, Why } from "../shape/dim.ts";
import { initAfter } from "./changed.ts";
import { tensorClass } from "./classes.ts";
import { dimList, dimOf, dimsOf, emitAll, tensorOf, writeInPlace } from "./convert.ts";

type Run = (interp: Interp, get: Get) => Value;

/** `torch.*` and `torch.nn.functional.*` functions by name. */
export const torchFunctions = new Map<string, Value>();
export const functional = new Map<string, Value>();

/** Where a function is found: `t` torch, `m` a tensor's method, `f` functional; `i`: also in place, with `_`. */
export function define(where: string, names: string, signature: string, run: Run): void {
  for (const name of names.split(" ")) {
    const made = native(name, signature, run, { free: true });
    if (where.includes("t")) torchFunctions.set(name, numpySpelling(withOut(name, signature, run)));
    if (where.includes("f")) functional.set(name, made);
    if (where.includes("m")) tensorClass.attrs.set(name, numpySpelling(native(name, signature, run)));
    if (!where.includes("i")) continue;
    const inPlace: BuiltinValue = native(`${name}_`, signature, (interp, get) => {
      const target = get(signature.split(",")[0]?.trim() ?? "input");
      const made = run(interp, get);
      if (target.kind !== "tensor" || made.kind !== "tensor") return made;
      if (target.weight !== undefined && interp.graph === undefined) {
        const [, second] = signature.split(",").map((one) => one.trim().split("=")[0] ?? "");
        const plain = !signature.includes("alpha") || toFloat(get("alpha")) === 1;
        const by = second === undefined || second === "*" || !plain ? undefined : toFloat(get(second));
        interp.journal.assign(target.weight, "init", initAfter(name, target.weight.init, by));
      }
      return writeInPlace(interp, target, made);
    });
    if (where.includes("t")) torchFunctions.set(`${name}_`, { ...inPlace, free: true });
    if (where.includes("f")) functional.set(`${name}_`, { ...inPlace, free: true });
    if (where.includes("m")) tensorClass.attrs.set(`${name}_`, inPlace);
  }
}

/** numpy's names of arguments, which torch takes too (`torch/csrc/utils/python_arg_parser.cpp`). */
const SPELLINGS: Readonly<Record<string, string>> = {
  axis: "dim",
  keepdims: "keepdim",
  x: "input",
  a: "input",
  x1: "input",
  x2: "other",
};

function numpySpelling(fn: BuiltinValue): BuiltinValue {
  const names = new Set(fn.params?.map(({ name }) => name));
  const ours = (key: string): string => {
    const other = SPELLINGS[key];
    return other === undefined || names.has(key) || !names.has(other) ? key : other;
  };
  return {
    ...fn,
    call: (interp, args) =>
      args.keywords.every(([key]) => ours(key) === key)
        ? fn.call(interp, args)
        : fn.call(interp, { ...args, keywords: args.keywords.map(([key, value]) => [ours(key), value] as const) }),
  };
}

/** A function of `torch` takes `out=`: the tensor that the result is written into, and that is returned. */
function withOut(name: string, signature: string, run: Run): BuiltinValue {
  const has = /\bout=/.test(signature);
  const taken = has ? signature : `${signature}${signature.includes("*") ? "" : ", *"}, out=None`;
  return native(
    name,
    taken.replace(/^, /, ""),
    (interp, get) => {
      const made = run(interp, get);
      const out = get("out");
      return out.kind === "tensor" && made.kind === "tensor" ? writeInPlace(interp, out, made) : made;
    },
    { free: true },
  );
}

/** The tensor that an argument must be. */
export const x = (interp: Interp, get: Get, fn: string, name = "input"): TensorValue | UnknownValue =>
  tensorOf(interp, get(name), fn, name);
export const lost = (why: Why): UnknownValue => unknown(why);
/** Axes as an operator's argument: null where none are given. */
export const axes = (interp: Interp, value: Value): Arg =>
  value.kind === "none" ? null : value.kind === "int" ? [dimOf(value)] : [...dimsOf(interp, value, 1)];
/** A list of lengths from `*size` or from one list. */
export const sizes = (interp: Interp, value: Value): readonly Dim[] | Why =>
  dimList(interp, value.kind === "tuple" ? value.items : [value]);
/** An operator with several outputs, as a tuple. */
export const several = (interp: Interp, op: string, source: TensorValue | UnknownValue, args: Args): Value => {
  const parts = emitAll(interp, op, [source], args);
  return Array.isArray(parts) ? tuple(parts) : (parts as UnknownValue);
};
