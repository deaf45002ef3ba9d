import type { Interp } from "../../eval/interp.ts";
import {
  bool,
  type ClassValue,
  type InstanceValue,
  intOf,
  NONE,
  str,
  type TensorValue,
  type Value,
} from "../../eval/value.ts";
import { abstractOf } from "../../lang/classes.ts";
import { native, nativeClass } from "../../lang/native.ts";
import { objectClass } from "../../lang/types.ts";
import type { Dim, Why } from "../../shape/dim.ts";
import { printUser } from "../../shape/size.ts";
import { t } from "../../text/text.ts";
import { tensorClass } from "../classes.ts";
import { dimOf, flagOf } from "../convert.ts";
import { initModule, type Registry, registry } from "../module.ts";
import { convolutions } from "./convolution.ts";
import { argumentsOf, noParameter, setUp, specOf } from "./layer.ts";
import { linears } from "./linear.ts";
import { norms } from "./normalization.ts";

/** Why an uninitialized parameter has no shape yet. */
const UNINITIALIZED: Why = { reason: t("a lazy layer's parameters are made at its first call") };

/** A lazy layer: the layer that it becomes, and the argument that its first input gives. */
interface Lazy {
  readonly becomes: ClassValue;
  readonly argument: string;
  /** The axis of the input that gives it, and the ranks that the input may have: without a batch, with one. */
  readonly axis: number | undefined;
  readonly ranks: readonly [number, number] | undefined;
}

const lazy = new Map<ClassValue, Lazy>();

function define(
  becomes: ClassValue | undefined,
  argument: string,
  options: Partial<Lazy>,
): readonly [string, ClassValue][] {
  const spec = becomes === undefined ? undefined : specOf(becomes);
  if (becomes === undefined || spec === undefined) return [];
  const name = `Lazy${becomes.name}`;
  const cls = nativeClass(name, "torch.nn", [mixin, becomes]);
  // A lazy norm of any kind has weights and running statistics unless told otherwise.
  const init = spec.init
    .split(", ")
    .filter((part) => part !== argument)
    .map((part) => part.replace(/^(affine|track_running_stats)=False$/, "$1=True"));
  cls.attrs.set(
    "__init__",
    native("__init__", `self, ${init.join(", ")}`, (interp, get) => {
      const self = get("self");
      if (self.kind !== "instance") return NONE;
      initModule(interp, self);
      for (const key of argumentsOf(spec))
        interp.journal.set(self.attrs, key, key === argument ? intOf(ZERO) : get(key));
      interp.journal.set(self.attrs, ARGUMENTS, {
        kind: "dict",
        entries: new Map(argumentsOf(spec).map((key) => [`s:${key}`, Object.freeze([str(key), get(key)] as const)])),
      });
      uninitialized(interp, self, get);
      return NONE;
    }),
  );
  lazy.set(cls, { becomes, argument, axis: options.axis, ranks: options.ranks });
  return [[name, cls]];
}

const ZERO: Dim = { size: 0 };
const ARGUMENTS = "_lazy_arguments";
const mixin = nativeClass("LazyModuleMixin", "torch.nn.modules.lazy", [objectClass]);
mixin.attrs.set(
  "has_uninitialized_params",
  native("has_uninitialized_params", "self", (_interp, get) => {
    const self = get("self");
    return bool(self.kind === "instance" && lazyOf(self) !== undefined);
  }),
);

/** `nn.Lazy…`, by name. */
export const lazyLayers: ReadonlyMap<string, ClassValue> = new Map([
  ...define(linears.get("Linear"), "in_features", { axis: -1 }),
  ...[1, 2, 3].flatMap((n) => [
    ...define(convolutions.get(`Conv${n}d`), "in_channels", { ranks: [n + 1, n + 2] }),
    ...define(convolutions.get(`ConvTranspose${n}d`), "in_channels", { ranks: [n + 1, n + 2] }),
    ...define(norms.get(`BatchNorm${n}d`), "num_features", { axis: 1 }),
    ...define(norms.get(`InstanceNorm${n}d`), "num_features", { ranks: [n + 1, n + 2] }),
  ]),
]);

export const uninitializedParameterClass = nativeClass("UninitializedParameter", "torch.nn.parameter", [tensorClass]);
export const uninitializedBufferClass = nativeClass("UninitializedBuffer", "torch.nn.parameter", [tensorClass]);
for (const [cls, parameter] of [
  [uninitializedParameterClass, true],
  [uninitializedBufferClass, undefined],
] as const)
  abstractOf.set(
    cls,
    (value) => value.kind === "tensor" && value.type.why === UNINITIALIZED && value.parameter === parameter,
  );

/** The parameters and buffers that the layer will have, without a shape. */
function uninitialized(interp: Interp, self: InstanceValue, get: (name: string) => Value): void {
  const hold = (key: Registry, name: string, trainable: boolean): void => {
    const entries = registry(self, key);
    const type = { shape: undefined, why: UNINITIALIZED, dtype: "float32" as const };
    const value: TensorValue = {
      kind: "tensor",
      type,
      weight: { type, trainable, init: { kind: "unknown", why: UNINITIALIZED } },
      ...(trainable ? { parameter: true } : {}),
    };
    if (entries !== undefined)
      interp.journal.setEntry(entries, `s:${name}`, Object.freeze([str(name), value] as const));
  };
  const norm = self.attrs.has("momentum");
  const weighted = !norm || flagOf(interp, get("affine"));
  for (const name of ["weight", "bias"]) {
    const wanted = norm || name === "weight" ? weighted : flagOf(interp, get("bias"));
    if (wanted) {
      interp.journal.remove(self, "attrs", self.attrs, name);
      hold("_parameters", name, true);
    } else noParameter(interp, self, name);
  }
  if (norm && flagOf(interp, get("track_running_stats")))
    for (const name of ["running_mean", "running_var"]) hold("_buffers", name, false);
}

function lazyOf(self: InstanceValue): Lazy | undefined {
  const cls = self.cls.mro.find((one) => lazy.has(one));
  return cls === undefined ? undefined : lazy.get(cls);
}

/** A lazy layer's first call: its parameters are made from the input, and it becomes the plain layer. */
export function initializeLazy(interp: Interp, self: InstanceValue, x: Value | undefined): void {
  if (self.cls.place === undefined && !self.cls.mro.includes(mixin)) return;
  const found = lazyOf(self);
  const stored = self.attrs.get(ARGUMENTS);
  const spec = found === undefined ? undefined : specOf(found.becomes);
  if (found === undefined || spec === undefined || stored?.kind !== "dict" || x === undefined) return;
  const dim = givenDim(interp, self, found, x);
  interp.journal.remove(self, "attrs", self.attrs, ARGUMENTS);
  setUp(interp, self, spec, (name) =>
    name === found.argument ? intOf(dim) : (stored.entries.get(`s:${name}`)?.[1] ?? NONE),
  );
  interp.journal.assign(self as { cls: ClassValue }, "cls", found.becomes);
}

function givenDim(interp: Interp, self: InstanceValue, { axis, ranks }: Lazy, x: Value): Dim {
  const shape = x.kind === "tensor" ? x.type.shape : undefined;
  if (shape === undefined)
    return dimOf(x.kind === "tensor" ? { kind: "unknown", why: x.type.why ?? UNINITIALIZED } : x);
  if (ranks !== undefined && !ranks.includes(shape.length)) {
    const sizes = shape.map(({ size }) => (size === undefined ? "?" : printUser(size))).join(", ");
    interp.reject(
      interp,
      "RuntimeError",
      `Expected ${ranks[0]}D (unbatched) or ${ranks[1]}D (batched) input to ${self.cls.name}, but got input of size: torch.Size([${sizes}])`,
    );
  }
  const at = ranks === undefined ? axis : shape.length === ranks[1] ? 1 : 0;
  return shape.at(at ?? 0) ?? { size: undefined, why: UNINITIALIZED };
}
