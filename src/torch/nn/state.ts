import { callValue } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import {
  bool,
  type ClassValue,
  type DictValue,
  type InstanceValue,
  list,
  NONE,
  str,
  type TensorValue,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { toDict } from "../../lang/containers.ts";
import { raw } from "../../lang/native.ts";
import { namedTupleClass } from "../../lang/stdlib/namedtuple.ts";
import { classAttribute, payloadOf } from "../../lang/types.ts";
import { valuesInit } from "../../numpy/memory.ts";
import type { Dim, Why } from "../../shape/dim.ts";
import { printUser, sizeEquals } from "../../shape/size.ts";
import { t } from "../../text/text.ts";
import { flagOf } from "../convert.ts";
import { isModule, method, moduleClass, registry } from "../module.ts";
import { childrenOf } from "./members.ts";

/** What a checkpoint of the module holds, in torch's order: own parameters, own buffers, then each child's. */
function stateOf(
  interp: Interp,
  module: InstanceValue,
  prefix: string,
  depth = 0,
): readonly (readonly [string, Value])[] {
  if (100 < depth) return [];
  const found: (readonly [string, Value])[] = [];
  for (const key of ["_parameters", "_buffers"] as const)
    for (const [name, value] of registry(module, key)?.entries.values() ?? []) {
      if (name.kind !== "str" || value.kind === "none") continue;
      if (key === "_buffers" && value.kind === "tensor" && value.weight?.transient) continue;
      found.push([prefix + name.value, value]);
    }
  const extra = classAttribute(module.cls, "get_extra_state");
  if (extra?.kind === "function")
    found.push([
      `${prefix}_extra_state`,
      callValue(interp, { kind: "method", self: module, fn: extra }, { positional: [], keywords: [] }),
    ]);
  for (const [name, child] of registry(module, "_modules")?.entries.values() ?? [])
    if (isModule(child) && name.kind === "str")
      found.push(...stateOf(interp, child, `${prefix}${name.value}.`, depth + 1));
  return found;
}

/** Why it is not known what a module holds. */
function lostState(module: InstanceValue): Why | undefined {
  for (const key of ["_parameters", "_buffers", "_modules"] as const) {
    const why = registry(module, key)?.why;
    if (why !== undefined) return why;
  }
  for (const [, child] of childrenOf(module)) {
    const why = lostState(child);
    if (why !== undefined) return why;
  }
  return undefined;
}

method(moduleClass, "state_dict", "*args, destination=None, prefix='', keep_vars=False", (interp, self, get) => {
  const prefix = get("prefix");
  const entries = stateOf(interp, self, prefix.kind === "str" ? prefix.value : "");
  const why = lostState(self);
  return {
    kind: "dict",
    entries: new Map(entries.map(([name, value]) => [`s:${name}`, Object.freeze([str(name), value] as const)])),
    ...(why === undefined ? {} : { why }),
  };
});

let incompatibleKeys: ClassValue | undefined;

method(moduleClass, "load_state_dict", "state_dict, strict=True, assign=False", (interp, self, get) => {
  const given = payloadOf(get("state_dict"));
  const state = given.kind === "dict" ? given : toDict(interp, given);
  const why = isWhy(state) ? state : (state.why ?? lostState(self));
  const strict = flagOf(interp, get("strict"));
  const both = isWhy(state) || why !== undefined ? unknownKeys(why, state) : load(interp, self, state, strict);
  const fields = ["missing_keys", "unexpected_keys"];
  incompatibleKeys ??= namedTupleClass(interp, "_IncompatibleKeys", fields, new Map(), "torch.nn.modules.module");
  return { kind: "tuple", items: both, cls: incompatibleKeys };
});

function unknownKeys(why: Why | undefined, state: unknown): readonly Value[] {
  const lost = why ?? (isWhy(state) ? state : { reason: t("the checkpoint's keys are not known") });
  return [unknown(lost), unknown(lost)];
}

/** Loads a known state: keys and shapes are checked as torch does, and what is loaded replaces the initialization. */
function load(interp: Interp, self: InstanceValue, state: DictValue, strict: boolean): readonly Value[] {
  const own = new Map(stateOf(interp, self, ""));
  const given = new Map(
    [...state.entries.values()].flatMap(([key, value]) => (key.kind === "str" ? [[key.value, value] as const] : [])),
  );
  const missing = [...own.keys()].filter((key) => !given.has(key));
  const unexpected = [...given.keys()].filter((key) => !own.has(key));
  const errors: string[] = [];
  // Old checkpoints lack the counter of batches: torch fills it in.
  const demanded = missing.filter((key) => !key.endsWith("num_batches_tracked"));
  if (strict && demanded.length !== 0) errors.push(`Missing key(s) in state_dict: ${quoted(demanded)}. `);
  if (strict && unexpected.length !== 0) errors.push(`Unexpected key(s) in state_dict: ${quoted(unexpected)}. `);
  for (const [key, value] of given) {
    const target = own.get(key);
    if (target?.kind !== "tensor" || value.kind !== "tensor") continue;
    const [from, to] = [value.type.shape, target.type.shape];
    if (from !== undefined && to !== undefined && misfits(from, to))
      errors.push(
        `size mismatch for ${key}: copying a param with shape ${shapeText(from)} from checkpoint, the shape in current model is ${shapeText(to)}.`,
      );
    else copyInit(interp, target, value);
  }
  if (errors.length !== 0)
    fail(interp, "RuntimeError", `Error(s) in loading state_dict for ${self.cls.name}:\n\t${errors.join("\n\t")}`);
  return [list(missing.map(str)), list(unexpected.map(str))];
}

function copyInit(interp: Interp, target: TensorValue, source: TensorValue): void {
  if (target.weight === undefined) return;
  const init =
    source.weight?.init ??
    (source.host === undefined
      ? { kind: "unknown" as const, why: { reason: t("the loaded values are not known") } }
      : valuesInit(source.host));
  interp.journal.assign(target.weight, "init", init);
}

const quoted = (keys: readonly string[]): string => keys.map((key) => `"${key}"`).join(", ");
const shapeText = (shape: readonly Dim[]): string =>
  `torch.Size([${shape.map(({ size }) => (size === undefined ? "?" : printUser(size))).join(", ")}])`;

/** Whether the shapes surely differ. A scalar fits one element. */
function misfits(a: readonly Dim[], b: readonly Dim[]): boolean {
  if (a.length === 0 && b.length === 1 && b[0]?.size === 1) return false;
  if (a.length === 1 && b.length === 0 && a[0]?.size === 1) return false;
  if (a.length !== b.length) return true;
  return a.some((dim, i) => {
    const other = b[i]?.size;
    return dim.size !== undefined && other !== undefined && !sizeEquals(dim.size, other);
  });
}

method(moduleClass, "apply", "fn", (interp, self, get) => {
  const visit = (module: InstanceValue): void => {
    for (const [, child] of childrenOf(module)) visit(child);
    callValue(interp, get("fn"), { positional: [{ value: module }], keywords: [] });
  };
  visit(self);
  return self;
});

/** Sets the mode; a class's own `train` is called, as torch does. */
function setTraining(interp: Interp, self: InstanceValue, mode: Value, depth = 0): void {
  interp.journal.set(self.attrs, "training", mode);
  if (100 < depth) return;
  for (const [, child] of childrenOf(self)) {
    const own = classAttribute(child.cls, "train");
    if (own?.kind === "function")
      callValue(interp, { kind: "method", self: child, fn: own }, { positional: [{ value: mode }], keywords: [] });
    else setTraining(interp, child, mode, depth + 1);
  }
}

method(moduleClass, "train", "mode=True", (interp, self, get) => {
  const mode = get("mode");
  if (mode.kind === "bool" || mode.kind === "unknown") setTraining(interp, self, mode);
  else fail(interp, "ValueError", "training mode is expected to be boolean");
  return self;
});
method(moduleClass, "eval", "", (interp, self) => {
  const own = classAttribute(self.cls, "train");
  if (own?.kind === "function")
    return callValue(interp, { kind: "method", self, fn: own }, { positional: [{ value: bool(false) }], keywords: [] });
  setTraining(interp, self, bool(false));
  return self;
});
for (const name of ["cuda", "cpu", "xpu", "ipu", "mtia", "requires_grad_", "share_memory", "to_empty"])
  moduleClass.attrs.set(
    name,
    raw(name, (_interp, args) => args.positional[0]?.value ?? NONE),
  );
for (const name of ["zero_grad", "compile", "_load_from_state_dict", "_save_to_state_dict"])
  moduleClass.attrs.set(
    name,
    raw(name, () => NONE),
  );
method(moduleClass, "extra_repr", "", () => str(""));
method(moduleClass, "_get_name", "", (_interp, self) => str(self.cls.name));
