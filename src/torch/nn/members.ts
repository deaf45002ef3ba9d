import { fail, type Interp } from "../../eval/interp.ts";
import { type InstanceValue, list, NONE, str, type TensorValue, tuple, unknown, type Value } from "../../eval/value.ts";
import { findAttribute } from "../../lang/attributes.ts";
import { iteratorOver, lazyIterator, lostIterator } from "../../lang/iteration.ts";
import type { Get } from "../../lang/native.ts";
import type { Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { flagOf } from "../convert.ts";
import { isModule, method, moduleClass, registeredNames, registry } from "../module.ts";

/** Direct children that are modules, in registration order, each once. */
export function childrenOf(module: InstanceValue): readonly (readonly [string, InstanceValue])[] {
  const seen = new Set<Value>();
  const children: [string, InstanceValue][] = [];
  for (const [key, value] of registry(module, "_modules")?.entries.values() ?? []) {
    if (!isModule(value) || seen.has(value)) continue;
    seen.add(value);
    children.push([key.kind === "str" ? key.value : "", value]);
  }
  return children;
}

/** `named_modules()`: each module once, under its first name; further names with `all`. */
export function namedModules(
  root: InstanceValue,
): readonly { readonly path: string; readonly module: InstanceValue; readonly aliases: readonly string[] }[] {
  const found = new Map<InstanceValue, { path: string; aliases: string[] }>();
  const descend = (module: InstanceValue, path: string, depth: number): void => {
    for (const [key, value] of registry(module, "_modules")?.entries.values() ?? []) {
      if (isModule(value) && key.kind === "str")
        visit(value, path === "" ? key.value : `${path}.${key.value}`, depth + 1);
    }
  };
  const visit = (module: InstanceValue, path: string, depth: number): void => {
    const known = found.get(module);
    if (known !== undefined) {
      known.aliases.push(path);
      if (depth < 100) descend(module, path, depth);
      return;
    }
    if (100 < depth) return;
    found.set(module, { path, aliases: [] });
    descend(module, path, depth);
  };
  visit(root, "", 0);
  return [...found].map(([module, { path, aliases }]) => ({ path, module, aliases }));
}

/** A module's own and its descendants' parameters (or buffers), each tensor once, under its first name. */
export function namedTensors(
  root: InstanceValue,
  kind: "_parameters" | "_buffers",
): readonly (readonly [string, TensorValue])[] {
  const seen = new Set<Value>();
  const found: [string, TensorValue][] = [];
  for (const { path, module } of namedModules(root)) {
    for (const [key, value] of registry(module, kind)?.entries.values() ?? []) {
      if (value.kind !== "tensor" || seen.has(value)) continue;
      seen.add(value);
      const name = key.kind === "str" ? key.value : "";
      found.push([path === "" ? name : `${path}.${name}`, value]);
    }
  }
  return found;
}

/** A module's own parameters (or buffers) only. */
function ownTensors(module: InstanceValue, kind: "_parameters" | "_buffers"): readonly (readonly [string, Value])[] {
  const seen = new Set<Value>();
  return [...(registry(module, kind)?.entries.values() ?? [])].flatMap(([key, value]) => {
    if (value.kind !== "tensor" || seen.has(value) || key.kind !== "str") return [];
    seen.add(value);
    return [[key.value, value] as const];
  });
}

type Entries = readonly (readonly [string, Value])[];
const pairs = (entries: Entries, prefix: Value = NONE): Value => {
  const start = prefix.kind === "str" && prefix.value !== "" ? prefix.value : undefined;
  const name = (text: string): string => (start === undefined ? text : text === "" ? start : `${start}.${text}`);
  return iteratorOver(
    "generator",
    entries.map(([text, value]) => tuple([str(name(text)), value])),
  );
};
const values = (entries: Entries): Value =>
  iteratorOver(
    "generator",
    entries.map(([, value]) => value),
  );
const all = (self: InstanceValue): Entries => namedModules(self).map(({ path, module }) => [path, module]);

/** Why the submodules of a module are not all known, if so. */
function lostChildren(module: InstanceValue): Why | undefined {
  const entries = registry(module, "_modules");
  if (entries?.why !== undefined) return entries.why;
  for (const [, value] of entries?.entries.values() ?? []) if (value.kind === "unknown") return value.why;
  return undefined;
}

/** Why the modules in a module are not all known, if so. */
function lostModules(root: InstanceValue): Why | undefined {
  for (const { module } of namedModules(root)) {
    const why = lostChildren(module);
    if (why !== undefined) return why;
  }
  return undefined;
}

const unless = (why: Why | undefined, make: () => Value): Value => (why === undefined ? make() : lostIterator(why));

method(moduleClass, "children", "", (_interp, self) => unless(lostChildren(self), () => values(childrenOf(self))));
method(moduleClass, "named_children", "", (_interp, self) => unless(lostChildren(self), () => pairs(childrenOf(self))));
method(moduleClass, "modules", "remove_duplicate=True", (_interp, self) =>
  unless(lostModules(self), () => values(all(self))),
);
method(moduleClass, "named_modules", "memo=None, prefix='', remove_duplicate=True", (interp, self, get) =>
  unless(lostModules(self), () =>
    pairs(
      flagOf(interp, get("remove_duplicate"))
        ? all(self)
        : namedModules(self).flatMap(({ path, module, aliases }) =>
            [path, ...aliases].map((at) => [at, module] as const),
          ),
      get("prefix"),
    ),
  ),
);
for (const [name, kind] of [
  ["parameters", "_parameters"],
  ["buffers", "_buffers"],
] as const) {
  const read = (interp: Interp, self: InstanceValue, get: Get): Entries =>
    flagOf(interp, get("recurse")) ? namedTensors(self, kind) : ownTensors(self, kind);
  // Those that are known come first: what is asked of the first one is mostly its dtype.
  const thenLost = (interp: Interp, self: InstanceValue, get: Get, known: Value): Value => {
    const why = flagOf(interp, get("recurse")) ? lostModules(self) : undefined;
    if (why === undefined || known.kind !== "iterator") return known;
    return lazyIterator(interp, "generator", (pull) => pull(known) ?? why);
  };
  method(moduleClass, name, "recurse=True", (interp, self, get) =>
    thenLost(interp, self, get, values(read(interp, self, get))),
  );
  method(moduleClass, `named_${name}`, "prefix='', recurse=True, remove_duplicate=True", (interp, self, get) =>
    thenLost(interp, self, get, pairs(read(interp, self, get), get("prefix"))),
  );
}

/** `get_submodule` and its like: torch's words where a part of the path is missing. */
function submodule(interp: Interp, self: InstanceValue, path: string): Value {
  let at: Value = self;
  for (const part of path === "" ? [] : path.split(".")) {
    if (at.kind !== "instance") return at;
    const found: Value | undefined = findAttribute(interp, at, part);
    if (found === undefined) return fail(interp, "AttributeError", `${at.cls.name} has no attribute \`${part}\``);
    if (found.kind !== "unknown" && !isModule(found))
      return fail(interp, "AttributeError", `\`${part}\` is not an nn.Module`);
    at = found;
  }
  return at;
}

method(moduleClass, "get_submodule", "target", (interp, self, get) => {
  const target = get("target");
  return target.kind === "str"
    ? submodule(interp, self, target.value)
    : unknown({ reason: t("a submodule whose name is not known") });
});
for (const [name, what] of [
  ["get_parameter", "nn.Parameter"],
  ["get_buffer", "buffer"],
] as const)
  method(moduleClass, name, "target", (interp, self, get) => {
    const target = get("target");
    if (target.kind !== "str") return unknown({ reason: t("an attribute whose name is not known") });
    const cut = target.value.lastIndexOf(".");
    const owner = submodule(interp, self, target.value.slice(0, Math.max(cut, 0)));
    const last = target.value.slice(cut + 1);
    if (owner.kind !== "instance") return owner;
    const found = findAttribute(interp, owner, last);
    if (found === undefined) return fail(interp, "AttributeError", `${owner.cls.name} has no attribute \`${last}\``);
    if (found.kind === "tensor" || found.kind === "unknown") return found;
    return fail(interp, "AttributeError", `\`${last}\` is not ${what === "buffer" ? "a" : "an"} ${what}`);
  });
method(moduleClass, "set_submodule", "target, module, strict=False", (interp, self, get) => {
  const target = get("target");
  if (target.kind !== "str") return unknown({ reason: t("a submodule whose name is not known") });
  const cut = target.value.lastIndexOf(".");
  const owner = submodule(interp, self, target.value.slice(0, Math.max(cut, 0)));
  if (owner.kind === "instance") interp.lang.setAttribute(interp, owner, target.value.slice(cut + 1), get("module"));
  return NONE;
});
method(moduleClass, "__dir__", "", (_interp, self) => {
  const names = new Set([
    ...self.cls.mro.flatMap((cls) => [...cls.attrs.keys()]),
    ...self.attrs.keys(),
    ...registeredNames(self),
  ]);
  return list(
    [...names]
      .filter((name) => !/^\d/.test(name))
      .sort()
      .map(str),
  );
});
