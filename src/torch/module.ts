import { callValue } from "../eval/evaluate.ts";
import { framesNow, type Interp, ownPlace } from "../eval/interp.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
  type DictValue,
  type InstanceValue,
  unknown,
  type Value,
} from "../eval/value.ts";
import { initialize } from "../lang/classes.ts";
import { native, nativeClass } from "../lang/native.ts";
import { emptyDict, makeInstance, objectClass } from "../lang/types.ts";
import type { Dim } from "../shape/dim.ts";
import type { Place } from "../text/span.ts";
import { t } from "../text/text.ts";
/** A module's own registries, in the order that attributes are looked up. */
export const REGISTRIES = ["_parameters", "_buffers", "_modules"] as const;
export type Registry = (typeof REGISTRIES)[number];

/** One of a module's own registries; undefined before `super().__init__()`. */
export function registry(module: InstanceValue, name: Registry): DictValue | undefined {
  const value = module.attrs.get(name);
  return value?.kind === "dict" ? value : undefined;
}

/** A registered parameter, buffer or submodule of that name. */
export function lookupRegistered(module: InstanceValue, name: string): Value | undefined {
  for (const key of REGISTRIES) {
    const found = registry(module, key)?.entries.get(`s:${name}`)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Dicts that every module has and few fill: made when first read. */
const RARE: ReadonlySet<string> = new Set([
  "_forward_hooks",
  "_forward_pre_hooks",
  "_forward_hooks_with_kwargs",
  "_forward_pre_hooks_with_kwargs",
  "_forward_hooks_always_called",
  "_backward_hooks",
  "_backward_pre_hooks",
  "_state_dict_hooks",
  "_state_dict_pre_hooks",
  "_load_state_dict_pre_hooks",
  "_load_state_dict_post_hooks",
]);

/** One of a module's own dicts of hooks. */
export function hooksOf(interp: Interp, module: InstanceValue, name: string): DictValue {
  const known = module.attrs.get(name);
  if (known?.kind === "dict") return known;
  const made = emptyDict();
  interp.journal.set(module.attrs, name, made);
  return made;
}

/** Registered submodules and parameters, and the rest of `nn.Module.__getattr__`. */
export function quietAttribute(interp: Interp, module: InstanceValue, name: string): Value | undefined {
  const found = lookupRegistered(module, name);
  if (found !== undefined || module.attrs.get("_modules") === undefined) return found;
  return RARE.has(name) ? hooksOf(interp, module, name) : undefined;
}

export function registeredNames(module: InstanceValue): readonly string[] {
  return REGISTRIES.flatMap((key) =>
    [...(registry(module, key)?.entries.values() ?? [])].flatMap(([k]) => (k.kind === "str" ? [k.value] : [])),
  );
}

export const moduleClass: ClassValue = nativeClass("Module", "torch.nn", [objectClass], [], construct);

export function isModule(value: Value): value is InstanceValue {
  return value.kind === "instance" && value.cls.mro.includes(moduleClass);
}

/** Whether a model's forward runs: of a root, or where a file calls a model as it is loaded. */
function inForward({ phase, frames }: Interp): boolean {
  return (
    phase === "forward" ||
    frames.some((frame) => frame.function === "forward" && frame.self !== undefined && isModule(frame.self))
  );
}

/** Where the loops over ranges stop in which a module was built, the innermost first. */
export function repeatedTo(module: InstanceValue): readonly Dim[] {
  return module.repeated ?? [];
}

function loopsNow({ frames }: Interp): readonly Dim[] {
  const stops: Dim[] = [];
  for (const frame of [...frames].reverse())
    for (let loop = frame.loop; loop !== undefined; loop = loop.outer) stops.push(loop.stop);
  return stops;
}

/** The calls in the user's own files that led to a module's construction, outermost first. */
export function builtAt(module: InstanceValue): readonly Place[] {
  return module.built ?? [];
}

function begun(interp: Interp, cls: ClassValue): InstanceValue {
  const instance = makeInstance(interp, cls);
  instance.built = framesNow(interp).flatMap(({ own, place }) => (own ? [place] : []));
  const loops = loopsNow(interp);
  if (0 < loops.length) instance.repeated = loops;
  return instance;
}

/** Builds a module. A layer of torch's that is handed a tensor was meant to be called on it. */
function construct(interp: Interp, cls: ClassValue, args: CallArgs): Value {
  const handed = args.positional.find((arg) => arg.value.kind === "tensor" && arg.value.parameter === undefined);
  if (cls.place === undefined && handed !== undefined && inForward(interp)) {
    const place = ownPlace(interp);
    const only = args.positional.length === 1 && args.keywords.length === 0;
    interp.problems.push({
      kind: "not-called",
      layer: cls.name,
      place,
      frames: framesNow(interp),
      repairs:
        place === undefined || handed.span === undefined || !only
          ? []
          : [
              {
                title: t("Call the layer on its input"),
                edits: [
                  {
                    place: { file: place.file, span: { start: handed.span.start, end: handed.span.start } },
                    text: ")(",
                  },
                ],
              },
            ],
      phase: interp.phase,
    });
    const instance = begun(interp, cls);
    // What it lacks without the tensor is the same mistake.
    const told = interp.problems.length;
    const layer = initialize(interp, instance, {
      ...args,
      positional: args.positional.filter((arg) => arg !== handed),
    });
    interp.problems.length = told;
    const result = callValue(interp, layer, { positional: [{ value: handed.value }], keywords: [] });
    return result.kind === "tensor" ? { ...result, type: { ...result.type, assumed: true } } : result;
  }
  return initialize(interp, begun(interp, cls), args);
}

/** A method of a module class of ours. */
export function method(
  cls: ClassValue,
  name: string,
  signature: string,
  body: (interp: Interp, self: InstanceValue, get: (name: string) => Value) => Value,
): void {
  cls.attrs.set(
    name,
    native(name, signature === "" ? "self" : `self, ${signature}`, (interp, get) => {
      const self = get("self");
      return self.kind === "instance"
        ? body(interp, self, get)
        : unknown({ reason: t("{0} of a value that is not followed", name) });
    }),
  );
}

/** What `nn.Module.__init__` sets up. */
export function initModule(interp: Interp, self: InstanceValue): void {
  interp.journal.set(self.attrs, "training", bool(true));
  for (const key of REGISTRIES)
    interp.journal.set(self.attrs, key, { kind: "dict", entries: interp.journal.born(new Map()) });
}
