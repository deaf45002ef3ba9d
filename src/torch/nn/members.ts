import { type InstanceValue, str, type TensorValue, tuple, type Value } from "../../eval/value.ts";
import { iteratorOver } from "../../lang/iteration.ts";
import { isModule, method, moduleClass, registry } from "../module.ts";

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

const pairs = (entries: readonly (readonly [string, Value])[]): Value =>
  iteratorOver(
    "generator",
    entries.map(([name, value]) => tuple([str(name), value])),
  );
const values = (entries: readonly (readonly [string, Value])[]): Value =>
  iteratorOver(
    "generator",
    entries.map(([, value]) => value),
  );
method(moduleClass, "children", "", (_interp, self) => values(childrenOf(self)));
method(moduleClass, "named_children", "", (_interp, self) => pairs(childrenOf(self)));
method(moduleClass, "modules", "", (_interp, self) =>
  values(namedModules(self).map(({ path, module }) => [path, module])),
);
method(moduleClass, "named_modules", "memo=None, prefix='', remove_duplicate=True", (_interp, self) =>
  pairs(namedModules(self).map(({ path, module }) => [path, module])),
);
method(moduleClass, "parameters", "recurse=True", (_interp, self) => values(namedTensors(self, "_parameters")));
method(moduleClass, "named_parameters", "prefix='', recurse=True", (_interp, self) =>
  pairs(namedTensors(self, "_parameters")),
);
method(moduleClass, "buffers", "recurse=True", (_interp, self) => values(namedTensors(self, "_buffers")));
method(moduleClass, "named_buffers", "prefix='', recurse=True", (_interp, self) =>
  pairs(namedTensors(self, "_buffers")),
);
