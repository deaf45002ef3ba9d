import type { Interp } from "../../eval/interp.ts";
import { type CallArgs, type InstanceValue, NONE, type TensorValue, type Value } from "../../eval/value.ts";
import { raw } from "../../lang/native.ts";
import type { DType } from "../../shape/dim.ts";
import { castValues } from "../../values/pointwise.ts";
import { isFloating, namedDtype } from "../dtypes.ts";
import { isModule, moduleClass, registry } from "../module.ts";
import { namedModules } from "./members.ts";

/** Another element type for what a module holds, in place: `module.half()`, `module.to(dtype)`, a layer's own `dtype`. */

/** Which type an argument asks for: undefined where that is not known. */
interface Asked {
  readonly dtype: DType | undefined;
}

function convert(interp: Interp, value: TensorValue, { dtype }: Asked): void {
  if (value.type.dtype === dtype) return;
  interp.journal.assign(value, "type", { ...value.type, dtype });
  if (value.weight !== undefined) interp.journal.assign(value.weight, "type", { ...value.weight.type, dtype });
  const { host } = value;
  if (host !== undefined)
    interp.journal.assign(value, "host", dtype === undefined ? undefined : castValues(host, dtype));
}

/** Converts a module's own parameters and buffers; `all`: those of whole numbers too. */
function convertOwn(interp: Interp, module: InstanceValue, asked: Asked, all = false): void {
  for (const key of ["_parameters", "_buffers"] as const)
    for (const [, value] of registry(module, key)?.entries.values() ?? [])
      if (value.kind === "tensor" && (all || value.type.dtype === undefined || isFloating(value.type.dtype)))
        convert(interp, value, asked);
}

/** What a `dtype` argument asks for; undefined: nothing. */
function asked(value: Value): Asked | undefined {
  return value.kind === "none" ? undefined : { dtype: namedDtype(value) };
}

/** A layer that is made with a `dtype` holds that type. */
export function convertMade(interp: Interp, self: InstanceValue, dtype: Value): void {
  const type = asked(dtype);
  if (type !== undefined) convertOwn(interp, self, type);
}

/** What `to(…)` asks for: a type, a device, both, or those of a tensor. */
function askedByTo(args: CallArgs): Asked | undefined {
  const keyword = args.keywords.find(([name]) => name === "dtype")?.[1].value;
  if (keyword !== undefined) return asked(keyword);
  for (const { value } of args.positional.slice(1)) {
    if (value.kind === "tensor") return { dtype: value.type.dtype };
    if (value.kind === "unknown") return { dtype: undefined };
    const dtype = value.kind === "opaque" && value.type === "dtype" ? namedDtype(value) : undefined;
    if (dtype !== undefined) return { dtype };
  }
  return undefined;
}

function conversion(name: string, read: (args: CallArgs) => Asked | undefined, all = false): void {
  moduleClass.attrs.set(
    name,
    raw(name, (interp, args) => {
      const self = args.positional[0]?.value ?? NONE;
      const type = read(args);
      if (isModule(self) && type !== undefined)
        for (const { module } of namedModules(self)) convertOwn(interp, module, type, all);
      return self;
    }),
  );
}
const FIXED: Readonly<Record<string, DType>> = {
  float: "float32",
  double: "float64",
  half: "float16",
  bfloat16: "bfloat16",
};
for (const [name, dtype] of Object.entries(FIXED)) conversion(name, () => ({ dtype }));
conversion("to", askedByTo);
conversion(
  "type",
  (args) => asked(args.positional[1]?.value ?? args.keywords.find(([name]) => name === "dst_type")?.[1].value ?? NONE),
  true,
);
