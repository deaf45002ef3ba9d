import { type Interp, isWhy } from "../eval/interp.ts";
import { bool, type ModuleValue, NONE, opaque, str, unknown, type Value } from "../eval/value.ts";
import { toFloat } from "../lang/arithmetic.ts";
import { instanceOf } from "../lang/builtins.ts";
import { native, raw } from "../lang/native.ts";
import { type Names, nativeModule } from "../lang/stdlib/module.ts";
import { standardLibrary } from "../lang/stdlib.ts";
import { numpyModules } from "../numpy/namespace.ts";
import { t } from "../text/text.ts";
import { sizeClass, tensorClass } from "./classes.ts";
import { composedTensors } from "./composed.ts";
import { torchFunctions } from "./define.ts";
import { deviceValue, dtypeNames } from "./dtypes.ts";
import { autogradFunction, environment, torchvisionKernels, transparent } from "./environment.ts";
import "./functions/arithmetic.ts";
import "./functions/attributes.ts";
import "./functions/casts.ts";
import { fft } from "./functions/complex.ts";
import { typedTensors } from "./functions/creation.ts";
import "./functions/elementwise.ts";
import "./functions/indexing.ts";
import "./functions/neural.ts";
import "./functions/picking.ts";
import { linalg } from "./functions/products.ts";
import "./functions/random.ts";
import "./functions/reductions.ts";
import "./functions/shapes.ts";
import { special } from "./functions/special.ts";

import { nnModule } from "./nn/names.ts";
import { platformModules } from "./platform.ts";
import realNames from "./real-names.json" with { type: "json" };

const table: Readonly<Record<string, string>> = realNames;
const sets = new Map<string, ReadonlySet<string>>();

/** Whether real torch (or the standard library) surely has no such name there. Nothing is claimed of places not recorded. */
export function absentForReal(place: string, name: string): boolean {
  if (name.startsWith("_")) return false;
  const names = recorded(place);
  return names !== undefined && !names.has("*") && !names.has(name);
}

/** The public names of a module of torch or of the standard library; undefined where they are not recorded. */
export function namesForReal(place: string): readonly string[] | undefined {
  const names = recorded(place);
  return names === undefined || names.has("*") ? undefined : [...names];
}

function recorded(place: string): ReadonlySet<string> | undefined {
  const known = sets.get(place);
  if (known !== undefined) return known;
  const listed = table[place] ?? (isLayer(place) ? `${table["torch.nn.Module"]} ${table["torch.nn.*"]}` : undefined);
  if (listed === undefined) return undefined;
  const names = new Set(listed.split(" "));
  sets.set(place, names);
  return names;
}

/** A layer of `torch.nn` without a list of its own has no attribute that none of them has. */
function isLayer(place: string): boolean {
  const [, name] = /^torch\.nn\.([A-Z]\w*)$/.exec(place) ?? [];
  return name !== undefined && recorded("torch.nn")?.has(name) === true;
}

const unhandled =
  (module: string) =>
  (_interp: Interp, name: string): Value | undefined =>
    absentForReal(module, name)
      ? undefined
      : unknown({ reason: t("{0}.{1} is not known", module, name) }, `${module}.${name}`);

const standard = new Set((table.python ?? "").split(" "));

/** Whether a module is the standard library's or torch's, by its dotted name. */
export function isPythons(name: string): boolean {
  const top = name.split(".")[0] ?? name;
  return top === "torch" || standard.has(top);
}

/** A module of the standard library or of torch of which nothing is known but its recorded names. */
export function standIn(name: string): ModuleValue {
  return { ...nativeModule(name, {}, unhandled(name)), standIn: true };
}

const autocast = raw("autocast", () => opaque("quiet", "quiet"), { free: true });

/** `torch.jit.script`: a module or a class stays as it is, a function is compiled. */
const script = native(
  "script",
  "obj, optimize=None, _frames_up=0, _rcb=None, example_inputs=None",
  (_interp, get) => {
    const obj = get("obj");
    return obj.kind === "function" ? { ...obj, compiled: true } : obj;
  },
  { free: true },
);

const CONTAINERS: ReadonlySet<string> = new Set(["list", "dict", "tuple", "set"]);

/** `torch.jit.isinstance`: of a container it also looks at the items, which is not followed. */
const refinement = native(
  "isinstance",
  "obj, target_type",
  (interp, get) => {
    const asked = get("target_type");
    const known = instanceOf(interp, get("obj"), asked);
    if (isWhy(known)) return unknown(known);
    const options = asked.kind === "tuple" ? asked.items : [asked];
    const plain = options.every((cls) => cls.kind === "class" && !CONTAINERS.has(cls.name));
    return known && !plain ? unknown({ reason: t("isinstance with {0} is not followed", "torch.jit") }) : bool(known);
  },
  { free: true },
);

/** The modules of torch and of the standard library, by dotted name. */
export function nativeModules(): ReadonlyMap<string, ModuleValue> {
  const modules = new Map(standardLibrary());
  const add = (name: string, names: Names | ReadonlyMap<string, Value>): ModuleValue => {
    const module = nativeModule(name, names, unhandled(name));
    modules.set(name, module);
    return module;
  };
  const nn = nnModule(add, (name) => modules.get(name));
  const identity = raw("identity", (_interp, args) => args.positional[0]?.value ?? NONE, { free: true });
  // With options alone it makes a decorator.
  const decorator = raw("identity", (_interp, args) => args.positional[0]?.value ?? identity, { free: true });
  const jit = add("torch.jit", {
    is_scripting: native("is_scripting", "", () => bool(false), { free: true }),
    is_tracing: native("is_tracing", "", () => bool(false), { free: true }),
    script,
    unused: identity,
    ignore: decorator,
    export: identity,
    _script_if_tracing: identity,
    script_if_tracing: identity,
    script_method: identity,
    Final: opaque("typing", "Final"),
    isinstance: refinement,
    annotate: native("annotate", "the_type, the_value", (_i, get) => get("the_value"), { free: true }),
  });
  const checkpoint = native(
    "checkpoint",
    "function, *args, **kwargs",
    (interp, get) => {
      const args = get("args");
      return interp.lang.call(interp, get("function"), {
        positional: (args.kind === "tuple" ? args.items : []).map((value) => ({ value })),
        keywords: [],
      });
    },
    { free: true },
  );
  const utilsCheckpoint = add("torch.utils.checkpoint", { checkpoint });
  const torchUtils = add("torch.utils", { checkpoint: utilsCheckpoint });
  const platform = platformModules(add);
  const fx = add("torch.fx", { wrap: identity });
  for (const [name, module] of numpyModules(unhandled)) modules.set(name, module);
  const parts = composedTensors((name) => modules.get(name));
  const functionals = modules.get("torch.nn.functional")?.scope.vars;
  for (const [name, value] of Object.entries(parts.functional)) functionals?.set(name, value);
  // Since torch 0.4 a variable is the tensor itself.
  const variable = native("Variable", "data, requires_grad=False, volatile=False", (_i, get) => get("data"), {
    free: true,
  });
  add("torch.autograd.variable", { Variable: variable });
  const autograd = add("torch.autograd", {
    Function: autogradFunction(),
    Variable: variable,
    no_grad: transparent("no_grad"),
    enable_grad: transparent("enable_grad"),
    set_grad_enabled: raw("set_grad_enabled", () => opaque("quiet", "quiet"), { free: true }),
  });
  add("torch.autograd.function", { Function: autogradFunction() });
  const kernels = add("torch.ops.torchvision", torchvisionKernels());
  const loadLibrary = raw("load_library", () => NONE, { free: true });
  const ops = add("torch.ops", { torchvision: kernels, load_library: loadLibrary });
  add("torch", {
    nn,
    autograd,
    ops,
    fft: add("torch.fft", Object.fromEntries(fft)),
    linalg: add("torch.linalg", Object.fromEntries(linalg)),
    special: add("torch.special", Object.fromEntries(special)),
    ...environment(),
    ...parts.torch,
    jit,
    ...platform,
    fx,
    utils: torchUtils,
    Tensor: tensorClass,
    ...typedTensors,
    Size: sizeClass,
    no_grad: transparent("no_grad"),
    inference_mode: transparent("inference_mode"),
    enable_grad: transparent("enable_grad"),
    set_grad_enabled: raw("set_grad_enabled", () => opaque("quiet", "quiet"), { free: true }),
    autocast,
    device: native(
      "device",
      "type='cpu', index=None",
      (_i, get) => {
        const type = get("type");
        const index = toFloat(get("index"));
        if (type.kind === "opaque") return type;
        if (type.kind === "unknown") return unknown({ reason: t("a device that is not known") });
        const name = type.kind === "str" ? type.value : "cuda";
        return deviceValue(index === undefined ? name : `${name}:${index}`);
      },
      { free: true },
    ),
    manual_seed: raw("manual_seed", () => NONE, { free: true }),
    compile: decorator,
    is_tensor: native("is_tensor", "obj", (_i, get) => bool(get("obj").kind === "tensor"), { free: true }),
    is_grad_enabled: native("is_grad_enabled", "", () => bool(false), { free: true }),
    ...dtypeNames,
    strided: opaque("layout", "strided"),
    channels_last: opaque("memory_format", "channels_last"),
    contiguous_format: opaque("memory_format", "contiguous_format"),
    __version__: str((table[""] ?? "").replace(/^torch=(\S+).*$/, "$1")),
    ...Object.fromEntries(torchFunctions),
    _C: nativeModule("torch._C", {}, () => raw("quiet", () => NONE, { free: true })),
  });
  linkBelow(modules, add);
  return modules;
}

/** `import torch` imports torch's own modules too: each is an attribute of the one above it. */
function linkBelow(
  modules: ReadonlyMap<string, ModuleValue>,
  add: (name: string, names: Record<string, Value>) => ModuleValue,
): void {
  const link = (name: string, module: ModuleValue): void => {
    const dot = name.lastIndexOf(".");
    if (dot < 0) return;
    const [above, own] = [name.slice(0, dot), name.slice(dot + 1)];
    const outer = modules.get(above) ?? add(above, {});
    if (!outer.scope.vars.has(own) && !absentForReal(above, own)) outer.scope.vars.set(own, module);
    link(above, outer);
  };
  for (const [name, module] of [...modules]) if (name.startsWith("torch.")) link(name, module);
}

/** Short names that code gives to torch's modules when it imports them. */
export const usualImports: readonly (readonly [string, string, string])[] = [
  ["torch", "import torch", "torch"],
  ["nn", "import torch.nn as nn", "torch.nn"],
  ["F", "import torch.nn.functional as F", "torch.nn.functional"],
  ["math", "import math", "math"],
];
