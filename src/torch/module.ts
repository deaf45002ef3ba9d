import { noteUnknown } from "../eval/builder.ts";
import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, framesNow, gap, type Interp, isWhy, ownPlace } from "../eval/interp.ts";
import { shapeTree } from "../eval/record.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
  type DictValue,
  type InstanceValue,
  int,
  list,
  NONE,
  str,
  type TensorValue,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import type { ShapeTree } from "../graph/graph.ts";
import { toFloat } from "../lang/arithmetic.ts";
import { bindTo, setPlain } from "../lang/attributes.ts";
import { initialize } from "../lang/classes.ts";
import { sliceRange, toDict } from "../lang/containers.ts";
import { iteratorOver } from "../lang/iteration.ts";
import { native, nativeClass, raw } from "../lang/native.ts";
import { classAttribute, emptyDict, makeInstance, objectClass, payloadOf } from "../lang/types.ts";
import { t } from "../text/text.ts";

/** What the calls of one module instance gave, in order. */
export interface ModuleCall {
  readonly output: ShapeTree;
  readonly inputs: readonly (ShapeTree | null)[];
  readonly from: number;
  readonly to: number;
}

/** State of a forward pass: instance paths and module calls. */
export interface ForwardState {
  readonly paths: Map<InstanceValue, string>;
  readonly calls: Map<InstanceValue, ModuleCall[]>;
}

function forwardState(interp: Interp): ForwardState | undefined {
  return interp.store.get("forward") as ForwardState | undefined;
}

const REGISTRIES = ["_parameters", "_buffers", "_modules"] as const;

/** One of a module's own registries; undefined before `super().__init__()`. */
export function registry(module: InstanceValue, name: (typeof REGISTRIES)[number]): DictValue | undefined {
  const value = module.attrs.get(name);
  return value?.kind === "dict" ? value : undefined;
}

function lookupRegistered(module: InstanceValue, name: string): Value | undefined {
  for (const key of REGISTRIES) {
    const found = registry(module, key)?.entries.get(`s:${name}`)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Registered submodules and parameters, and the rest of `nn.Module.__getattr__`. */
export function quietAttribute(_interp: Interp, module: InstanceValue, name: string): Value | undefined {
  return lookupRegistered(module, name);
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

/** Builds a module. A layer of torch's that is handed a tensor was meant to be called on it. */
function construct(interp: Interp, cls: ClassValue, args: CallArgs): Value {
  const handed = args.positional.find((arg) => arg.value.kind === "tensor" && arg.value.parameter === undefined);
  if (cls.place === undefined && handed !== undefined && interp.phase === "forward") {
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
    const instance = makeInstance(interp, cls);
    const layer = initialize(interp, instance, {
      ...args,
      positional: args.positional.filter((arg) => arg !== handed),
    });
    const result = callValue(interp, layer, { positional: [{ value: handed.value }], keywords: [] });
    return result.kind === "tensor" ? { ...result, type: { ...result.type, assumed: true } } : result;
  }
  return initialize(interp, makeInstance(interp, cls), args);
}

function method(
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

export function initModule(interp: Interp, self: InstanceValue): void {
  interp.journal.set(self.attrs, "training", bool(true));
  for (const key of REGISTRIES) interp.journal.set(self.attrs, key, emptyDict());
}

method(moduleClass, "__init__", "*args, **kwargs", (interp, self) => {
  initModule(interp, self);
  return NONE;
});

/** Registers, as `nn.Module.__setattr__` does. */
export function setModuleAttribute(interp: Interp, self: InstanceValue, name: string, value: Value): void {
  const drop = (keys: readonly (typeof REGISTRIES)[number][]): void => {
    if (self.attrs.has(name)) interp.journal.remove(self, "attrs", self.attrs, name);
    for (const key of keys) {
      const entries = registry(self, key);
      if (entries?.entries.has(`s:${name}`))
        interp.journal.remove(entries, "entries", entries.entries as unknown as Map<string, Value>, `s:${name}`);
    }
  };
  const put = (key: (typeof REGISTRIES)[number]): boolean => {
    const entries = registry(self, key);
    if (entries === undefined) {
      fail(
        interp,
        "AttributeError",
        key === "_parameters"
          ? "cannot assign parameters before Module.__init__() call"
          : "cannot assign module before Module.__init__() call",
      );
      initModule(interp, self);
      return put(key);
    }
    interp.journal.setEntry(entries.entries, `s:${name}`, Object.freeze([str(name), value] as const));
    return true;
  };
  if (value.kind === "tensor" && value.parameter) {
    drop(["_buffers", "_modules"]);
    put("_parameters");
    return;
  }
  if (isModule(value)) {
    drop(["_parameters", "_buffers"]);
    put("_modules");
    return;
  }
  for (const key of REGISTRIES) {
    if (!registry(self, key)?.entries.has(`s:${name}`)) continue;
    if (value.kind === "none" || value.kind === "unknown" || (key === "_buffers" && value.kind === "tensor")) {
      put(key);
      return;
    }
    fail(
      interp,
      "TypeError",
      `cannot assign a value as ${key === "_modules" ? "child module" : "parameter"} '${name}'`,
    );
    return;
  }
  // It may be a module or a parameter: how many there are is then not known.
  const parameters = registry(self, "_parameters");
  if (value.kind === "unknown" && parameters !== undefined) interp.journal.assign(parameters, "why", value.why);
  setPlain(interp, self, name, value);
}

method(moduleClass, "__setattr__", "name, value", (interp, self, get) => {
  const name = get("name");
  if (name.kind === "str") setModuleAttribute(interp, self, name.value, get("value"));
  return NONE;
});
method(moduleClass, "__getattr__", "name", (interp, self, get) => {
  const name = get("name");
  if (name.kind !== "str") return unknown({ reason: t("an attribute whose name is not known") });
  return (
    lookupRegistered(self, name.value) ??
    fail(interp, "AttributeError", `'${self.cls.name}' object has no attribute '${name.value}'`)
  );
});
method(moduleClass, "__delattr__", "name", (interp, self, get) => {
  const name = get("name");
  if (name.kind !== "str") return NONE;
  for (const key of REGISTRIES) {
    const entries = registry(self, key);
    if (!entries?.entries.has(`s:${name.value}`)) continue;
    interp.journal.remove(entries, "entries", entries.entries as unknown as Map<string, Value>, `s:${name.value}`);
    return NONE;
  }
  if (self.attrs.has(name.value)) interp.journal.remove(self, "attrs", self.attrs, name.value);
  else fail(interp, "AttributeError", `'${self.cls.name}' object has no attribute '${name.value}'`);
  return NONE;
});

/** `module(*args)`: runs `forward` as this instance and notes what it returned. */
moduleClass.attrs.set(
  "__call__",
  raw("__call__", (interp, args) => {
    const self = args.positional[0]?.value;
    if (self?.kind !== "instance") return unknown({ reason: t("a module that is not known") });
    const forward = classAttribute(self.cls, "forward");
    const own = self.attrs.get("forward");
    if (forward === undefined && own === undefined) {
      const lost = self.cls.mro.find((cls) => cls.unknownBase !== undefined)?.unknownBase ?? self.tainted;
      if (lost !== undefined) return unknown(lost);
      const known = self.cls.mro.find((cls) => cls.place === undefined && cls !== objectClass);
      if (known !== moduleClass)
        return unknown(gap(interp, t("torch.nn.{0} is not known", known?.name ?? self.cls.name)), self.cls.name);
      return fail(
        interp,
        "NotImplementedError",
        `Module [${self.cls.name}] is missing the required "forward" function`,
      );
    }
    const state = forwardState(interp);
    const outer = { path: interp.path, type: interp.graph?.type };
    const path = state?.paths.get(self);
    if (path !== undefined) interp.path = path;
    if (interp.graph !== undefined) interp.graph.type = self.cls.name;
    const from = interp.graph?.nodes.length ?? 0;
    const value = callValue(interp, own ?? bindTo(interp, forward ?? NONE, self, self.cls), {
      ...args,
      positional: args.positional.slice(1),
    });
    interp.path = outer.path;
    if (interp.graph !== undefined && outer.type !== undefined) interp.graph.type = outer.type;
    if (state !== undefined) {
      let calls = state.calls.get(self);
      if (calls === undefined) {
        calls = [];
        state.calls.set(self, calls);
      }
      const output = shapeTree(value, 0);
      if (output?.kind === "unknown" && interp.graph !== undefined) noteUnknown(interp, interp.graph);
      if (output !== null)
        calls.push({
          output,
          inputs: args.positional.slice(1).map((arg) => shapeTree(arg.value, 0)),
          from,
          to: interp.graph?.nodes.length ?? 0,
        });
    }
    return value;
  }),
);

const registerNamed = (name: string, key: (typeof REGISTRIES)[number]): void =>
  method(
    moduleClass,
    name,
    key === "_buffers" ? "name, tensor, persistent=True" : "name, value",
    (interp, self, get) => {
      const label = get("name");
      const value = key === "_buffers" ? get("tensor") : get("value");
      if (label.kind !== "str") return NONE;
      if (registry(self, key) === undefined) initModule(interp, self);
      const entries = registry(self, key);
      let stored = value;
      if (key === "_buffers" && value.kind === "tensor") {
        const persistent = get("persistent");
        const transient = persistent.kind === "bool" && !persistent.value;
        stored = value.weight === undefined ? bufferOf(value, transient) : value;
      }
      if (entries !== undefined)
        interp.journal.setEntry(entries.entries, `s:${label.value}`, Object.freeze([label, stored] as const));
      return NONE;
    },
  );

/** A tensor as a buffer's state. */
export function bufferOf(value: TensorValue, transient = false): TensorValue {
  const values = value.host?.data;
  return {
    kind: "tensor",
    type: value.type,
    ...(value.host === undefined ? {} : { host: value.host }),
    weight: {
      type: value.type,
      trainable: false,
      ...(transient ? { transient } : {}),
      init:
        values === undefined
          ? { kind: "unknown", why: { reason: t("the buffer's values are not known") } }
          : { kind: "values", values },
    },
  };
}
registerNamed("register_buffer", "_buffers");
registerNamed("register_parameter", "_parameters");
registerNamed("register_module", "_modules");
method(moduleClass, "add_module", "name, module", (interp, self, get) => {
  const label = get("name");
  if (label.kind === "str") {
    if (registry(self, "_modules") === undefined) initModule(interp, self);
    const entries = registry(self, "_modules");
    if (entries !== undefined)
      interp.journal.setEntry(entries.entries, `s:${label.value}`, Object.freeze([label, get("module")] as const));
  }
  return NONE;
});

/** Direct children that are modules, in registration order, each once. */
function childrenOf(module: InstanceValue): readonly (readonly [string, InstanceValue])[] {
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
method(moduleClass, "state_dict", "*args, **kwargs", (_interp, self) => ({
  kind: "dict",
  entries: new Map(
    [...namedTensors(self, "_parameters"), ...namedTensors(self, "_buffers")].map(([name, value]) => [
      `s:${name}`,
      Object.freeze([str(name), value] as const),
    ]),
  ),
}));
method(moduleClass, "load_state_dict", "state_dict, strict=True, assign=False", () => NONE);
method(moduleClass, "apply", "fn", (interp, self, get) => {
  const visit = (module: InstanceValue): void => {
    for (const [, child] of childrenOf(module)) visit(child);
    callValue(interp, get("fn"), { positional: [{ value: module }], keywords: [] });
  };
  visit(self);
  return self;
});
method(moduleClass, "get_submodule", "target", (interp, self, get) => {
  const target = get("target");
  if (target.kind !== "str") return unknown({ reason: t("a submodule whose name is not known") });
  let at: Value = self;
  for (const part of target.value === "" ? [] : target.value.split("."))
    at = interp.lang.getAttribute(interp, at, part, undefined);
  return at;
});
const setTraining = (interp: Interp, self: InstanceValue, mode: Value): void => {
  for (const { module } of namedModules(self)) interp.journal.set(module.attrs, "training", mode);
};
method(moduleClass, "train", "mode=True", (interp, self, get) => {
  setTraining(interp, self, get("mode"));
  return self;
});
method(moduleClass, "eval", "", (interp, self) => {
  setTraining(interp, self, bool(false));
  return self;
});
for (const name of [
  "to",
  "cuda",
  "cpu",
  "float",
  "double",
  "half",
  "bfloat16",
  "requires_grad_",
  "share_memory",
  "type",
  "compile",
  "to_empty",
  "xpu",
])
  moduleClass.attrs.set(
    name,
    raw(name, (_interp, args) => args.positional[0]?.value ?? NONE),
  );
for (const name of [
  "zero_grad",
  "register_forward_hook",
  "register_forward_pre_hook",
  "register_full_backward_hook",
  "register_backward_hook",
  "register_load_state_dict_post_hook",
  "_register_load_state_dict_pre_hook",
  "register_load_state_dict_pre_hook",
  "_load_from_state_dict",
  "set_extra_state",
])
  moduleClass.attrs.set(
    name,
    raw(name, () => NONE),
  );
method(moduleClass, "extra_repr", "", () => str(""));
method(moduleClass, "_get_name", "", (_interp, self) => str(self.cls.name));

// --- containers --------------------------------------------------------------------------------------------------

export const sequentialClass = nativeClass("Sequential", "torch.nn", [moduleClass]);
export const moduleListClass = nativeClass("ModuleList", "torch.nn", [moduleClass]);
export const moduleDictClass = nativeClass("ModuleDict", "torch.nn", [moduleClass]);
export const parameterListClass = nativeClass("ParameterList", "torch.nn", [moduleClass]);

function put(
  interp: Interp,
  self: InstanceValue,
  name: string,
  value: Value,
  key: (typeof REGISTRIES)[number] = "_modules",
): void {
  const entries = registry(self, key);
  if (entries === undefined) return;
  if (key === "_modules" && value.kind !== "none" && value.kind !== "unknown" && !isModule(value)) {
    fail(interp, "TypeError", `${value.kind === "class" ? value.name : value.kind} is not a Module subclass`);
    return;
  }
  interp.journal.setEntry(entries.entries, `s:${name}`, Object.freeze([str(name), value] as const));
  if (value.kind === "unknown") interp.journal.assign(entries, "why", value.why);
}

sequentialClass.attrs.set(
  "__init__",
  raw("__init__", (interp, args) => {
    const self = args.positional[0]?.value;
    if (self?.kind !== "instance") return NONE;
    initModule(interp, self);
    const rest = args.positional.slice(1).map((arg) => arg.value);
    const first = rest[0] === undefined ? undefined : payloadOf(rest[0]);
    if (rest.length === 1 && first !== undefined && (first.kind === "dict" || first.kind === "unknown")) {
      const made = toDict(interp, first);
      const entries = registry(self, "_modules");
      if (isWhy(made) || made.why !== undefined) {
        if (entries !== undefined)
          interp.journal.assign(entries, "why", isWhy(made) ? made : (made.why ?? { reason: t("unknown modules") }));
      } else
        for (const [key, value] of made.entries.values())
          put(interp, self, key.kind === "str" ? key.value : "?", value);
    } else
      rest.forEach((value, i) => {
        put(interp, self, String(i), value);
      });
    if (args.more !== undefined) {
      const entries = registry(self, "_modules");
      if (entries !== undefined) interp.journal.assign(entries, "why", args.more);
    }
    return NONE;
  }),
);
method(sequentialClass, "forward", "input", (interp, self, get) => {
  const entries = registry(self, "_modules");
  let value = get("input");
  if (entries?.why !== undefined) return unknown(entries.why);
  for (const [, module] of entries?.entries.values() ?? [])
    value = callValue(interp, module, { positional: [{ value }], keywords: [] });
  return value;
});
moduleListClass.attrs.set(
  "__init__",
  native("__init__", "self, modules=None", (interp, get) => {
    const self = get("self");
    if (self.kind !== "instance") return NONE;
    initModule(interp, self);
    extend(interp, self, get("modules"), "_modules");
    return NONE;
  }),
);
parameterListClass.attrs.set(
  "__init__",
  native("__init__", "self, values=None", (interp, get) => {
    const self = get("self");
    if (self.kind !== "instance") return NONE;
    initModule(interp, self);
    extend(interp, self, get("values"), "_parameters");
    return NONE;
  }),
);
moduleDictClass.attrs.set(
  "__init__",
  native("__init__", "self, modules=None", (interp, get) => {
    const self = get("self");
    if (self.kind !== "instance") return NONE;
    initModule(interp, self);
    if (get("modules").kind !== "none") update(interp, self, get("modules"));
    return NONE;
  }),
);

function extend(interp: Interp, self: InstanceValue, more: Value, key: "_modules" | "_parameters"): void {
  if (more.kind === "none") return;
  const items = itemsOf(interp, more);
  const entries = registry(self, key);
  if (entries === undefined) return;
  if (isWhy(items)) interp.journal.assign(entries, "why", items);
  else for (const item of items) put(interp, self, String(entries.entries.size), item, key);
}

function update(interp: Interp, self: InstanceValue, more: Value): void {
  const made = toDict(interp, more);
  const entries = registry(self, "_modules");
  if (isWhy(made)) {
    if (entries !== undefined) interp.journal.assign(entries, "why", made);
    return;
  }
  for (const [key, value] of made.entries.values()) put(interp, self, key.kind === "str" ? key.value : "?", value);
}

for (const [cls, key] of [
  [sequentialClass, "_modules"],
  [moduleListClass, "_modules"],
  [parameterListClass, "_parameters"],
] as const) {
  method(cls, "__len__", "", (_interp, self) => lengthOf(self, key));
  method(cls, "__iter__", "", (_interp, self) => listed(self, key));
  method(cls, "append", cls === parameterListClass ? "value" : "module", (interp, self, get) => {
    put(
      interp,
      self,
      String(registry(self, key)?.entries.size ?? 0),
      get(cls === parameterListClass ? "value" : "module"),
      key,
    );
    return self;
  });
  method(cls, "extend", "modules", (interp, self, get) => {
    extend(interp, self, get("modules"), key);
    return self;
  });
  method(cls, "insert", "index, module", (interp, self, get) => {
    const entries = registry(self, key);
    const at = toFloat(get("index"));
    if (entries === undefined || at === undefined) return NONE;
    const items = [...entries.entries.values()].map(([, value]) => value);
    items.splice(at, 0, get("module"));
    interp.journal.assign(
      entries,
      "entries",
      new Map(items.map((value, i) => [`s:${i}`, Object.freeze([str(String(i)), value] as const)])),
    );
    return NONE;
  });
  method(cls, "__getitem__", "index", (interp, self, get) => {
    const entries = registry(self, key);
    const index = get("index");
    if (entries?.why !== undefined) return unknown(entries.why);
    const items = [...(entries?.entries.values() ?? [])];
    if (index.kind === "slice") {
      const range = sliceRange(index, items.length);
      if (range === undefined) return unknown({ reason: t("a slice with unknown bounds") });
      const made = makeInstance(
        interp,
        cls === parameterListClass ? cls : self.cls.mro.includes(sequentialClass) ? sequentialClass : moduleListClass,
      );
      initModule(interp, made);
      range.forEach((position, i) => {
        const item = items[position];
        if (item !== undefined)
          put(
            interp,
            made,
            cls === sequentialClass && item[0].kind === "str" ? item[0].value : String(i),
            item[1],
            key,
          );
      });
      return made;
    }
    const n = toFloat(index);
    if (n === undefined)
      return unknown(
        index.kind === "unknown"
          ? index.why
          : index.kind === "int"
            ? (index.dim.why ?? { reason: t("an unknown index") })
            : { reason: t("an unknown index") },
      );
    const item = items[n < 0 ? n + items.length : n];
    return item?.[1] ?? fail(interp, "IndexError", `index ${n} is out of range`);
  });
  method(cls, "__setitem__", "index, module", (interp, self, get) => {
    const entries = registry(self, key);
    const n = toFloat(get("index"));
    const items = [...(entries?.entries.values() ?? [])];
    const item = n === undefined ? undefined : items[n < 0 ? n + items.length : n];
    if (item?.[0].kind === "str") put(interp, self, item[0].value, get("module"), key);
    return NONE;
  });
  method(cls, "__delitem__", "index", (interp, self, get) => {
    const entries = registry(self, key);
    const n = toFloat(get("index"));
    if (entries === undefined || n === undefined) return NONE;
    const items = [...entries.entries.values()].map(([, value]) => value);
    items.splice(n < 0 ? n + items.length : n, 1);
    interp.journal.assign(
      entries,
      "entries",
      new Map(items.map((value, i) => [`s:${i}`, Object.freeze([str(String(i)), value] as const)])),
    );
    return NONE;
  });
}
method(moduleDictClass, "__len__", "", (_interp, self) => lengthOf(self, "_modules"));
method(moduleDictClass, "__getitem__", "key", (interp, self, get) => {
  const key = get("key");
  const entries = registry(self, "_modules");
  if (key.kind !== "str") return unknown({ reason: t("an unknown key") });
  return (
    entries?.entries.get(`s:${key.value}`)?.[1] ??
    (entries?.why === undefined ? fail(interp, "KeyError", `'${key.value}'`) : unknown(entries.why))
  );
});
method(moduleDictClass, "__setitem__", "key, module", (interp, self, get) => {
  const key = get("key");
  if (key.kind === "str") put(interp, self, key.value, get("module"));
  return NONE;
});
method(moduleDictClass, "__contains__", "key", (_interp, self, get) => {
  const key = get("key");
  return bool(key.kind === "str" && registry(self, "_modules")?.entries.has(`s:${key.value}`) === true);
});
method(moduleDictClass, "__iter__", "", (_interp, self) =>
  iteratorOver(
    "generator",
    [...(registry(self, "_modules")?.entries.values() ?? [])].map(([key]) => key),
  ),
);
method(moduleDictClass, "keys", "", (_interp, self) =>
  list([...(registry(self, "_modules")?.entries.values() ?? [])].map(([key]) => key)),
);
method(moduleDictClass, "values", "", (_interp, self) =>
  list([...(registry(self, "_modules")?.entries.values() ?? [])].map(([, value]) => value)),
);
method(moduleDictClass, "items", "", (_interp, self) =>
  list([...(registry(self, "_modules")?.entries.values() ?? [])].map((entry) => tuple(entry))),
);
method(moduleDictClass, "update", "modules", (interp, self, get) => {
  update(interp, self, get("modules"));
  return NONE;
});

function lengthOf(self: InstanceValue, key: "_modules" | "_parameters"): Value {
  const entries = registry(self, key);
  return entries?.why === undefined
    ? int(entries?.entries.size ?? 0)
    : { kind: "int", dim: { size: undefined, why: entries.why } };
}

/** Live: a module appended while iterating is seen. */
function listed(self: InstanceValue, key: "_modules" | "_parameters"): Value {
  const entries = registry(self, key);
  if (entries?.why !== undefined)
    return { kind: "iterator", name: "unknown", index: 0, next: () => undefined, why: entries.why };
  return iteratorOver(
    "iterator",
    [...(entries?.entries.values() ?? [])].map(([, value]) => value),
  );
}
