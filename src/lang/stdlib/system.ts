import { importNamed } from "../../eval/imports.ts";
import { fail, type Interp, topFrame, unknownHere } from "../../eval/interp.ts";
import { loadModule } from "../../eval/load-module.ts";
import { bool, int, list, type ModuleValue, NONE, opaque, str, tuple, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { toFloat } from "../arithmetic.ts";
import { type Get, native, nativeClass } from "../native.ts";
import { objectClass } from "../types.ts";
import { environment } from "./environ.ts";
import { fn, identity, nativeModule } from "./module.ts";
import { iterModules, listFolder, packageData, pathText } from "./paths.ts";

/** A member that is there and not followed. */
const unfollowed =
  (module: string) =>
  (interp: Interp, name: string): Value | undefined =>
    interp.really.absent(module, name)
      ? undefined
      : unknown({ reason: t("{0}.{1} is not followed", module, name) }, `${module}.${name}`);

/** The module of that dotted name which code has imported so far. */
function importedModule(interp: Interp, name: string): ModuleValue | undefined {
  const native = interp.loader.native(name);
  if (native !== undefined) return native;
  for (const module of interp.loader.modules.values())
    if (module.name === name && module.state !== "unloaded") return module;
  return undefined;
}

/** What stands under a key; false: surely nothing, since no such module is installed; undefined: not known. */
function moduleByKey(interp: Interp, get: Get): Value | false | undefined {
  const [self, key] = [get("self"), get("key")];
  if (key.kind !== "str") return undefined;
  const put = self.kind === "instance" ? self.attrs.get(key.value) : undefined;
  const known = put ?? importedModule(interp, key.value);
  if (known !== undefined || key.value === "__main__") return known;
  const { loader } = interp;
  const isThere = loader.find(key.value, topFrame(interp).module.file) !== undefined;
  return !isThere && loader.installed(key.value) === false ? false : undefined;
}

const notRead = (interp: Interp): Value => unknownHere(interp, t("sys.modules of a module that is not read"));

const modulesClass = nativeClass(
  "dict",
  "builtins",
  [objectClass],
  [
    native("__getitem__", "self, key", (interp, get) => {
      const found = moduleByKey(interp, get);
      if (found === false && 0 < interp.handlers) fail(interp, "KeyError", "", { args: [get("key")] });
      return found === undefined || found === false ? notRead(interp) : found;
    }),
    native("get", "self, key, default=None", (interp, get) => {
      const found = moduleByKey(interp, get);
      return found === false ? get("default") : (found ?? notRead(interp));
    }),
    native("__contains__", "self, key", (interp, get) => {
      const found = moduleByKey(interp, get);
      return found === undefined ? notRead(interp) : bool(found !== false);
    }),
    native("__setitem__", "self, key, value", (interp, get) => {
      const [self, key] = [get("self"), get("key")];
      if (self.kind === "instance" && key.kind === "str") interp.journal.set(self.attrs, key.value, get("value"));
      return NONE;
    }),
  ].map((method) => [method.name, method] as const),
);

const frameModules = new WeakMap<Value, ModuleValue>();

/** The module whose code runs in a frame. */
export function moduleOfFrame(frame: Value): ModuleValue | undefined {
  return frameModules.get(frame);
}

/** A frame so many calls below the top of the stack, for the module that it is of. */
const getFrame = fn("_getframe", "depth=0", (interp, get) => {
  const depth = toFloat(get("depth"));
  if (depth === undefined) return unknown({ reason: t("a frame of the call stack") });
  const frame = interp.frames[interp.frames.length - 1 - depth];
  if (frame === undefined) return fail(interp, "ValueError", "call stack is not deep enough");
  const value = opaque("frame", "frame");
  frameModules.set(value, frame.module);
  return value;
});

export function systemModule(): ModuleValue {
  return nativeModule(
    "sys",
    {
      path: list([]),
      modules: { kind: "instance", cls: modulesClass, attrs: new Map(), serial: 0, place: undefined },
      // The parser's version; nothing newer than what it reads is taken for granted.
      version_info: tuple([int(3), int(13), int(0), str("final"), int(0)]),
      maxsize: int(Number.MAX_SAFE_INTEGER),
      byteorder: str("little"),
      _getframe: getFrame,
    },
    unfollowed("sys"),
  );
}

export function osModule(path: ModuleValue): ModuleValue {
  return nativeModule(
    "os",
    {
      path,
      sep: str("/"),
      pardir: str(".."),
      curdir: str("."),
      listdir: listFolder,
      ...environment(),
      fspath: fn("fspath", "path", (_interp, get) => {
        const text = pathText(get("path"));
        return text === undefined ? unknown({ reason: t("a path that is not known") }) : str(text);
      }),
    },
    unfollowed("os"),
  );
}

/** A dotted name with the package that its leading dots are relative to. */
function absolute(interp: Interp, name: string, packageName: Value): string | undefined {
  const level = /^\.*/.exec(name)?.[0].length ?? 0;
  if (level === 0) return name;
  const base = packageName.kind === "str" ? packageName.value : undefined;
  if (base === undefined) {
    fail(interp, "TypeError", `the 'package' argument is required to perform a relative import for '${name}'`);
    return undefined;
  }
  const parts = base.split(".");
  return [...parts.slice(0, parts.length - level + 1), ...(name.length === level ? [] : [name.slice(level)])].join(".");
}

const importModule = fn("import_module", "name, package=None", (interp, get) => {
  const name = get("name");
  if (name.kind !== "str") return unknownHere(interp, t("an import of a module whose name is not known"));
  const full = absolute(interp, name.value, get("package"));
  if (full === undefined) return unknownHere(interp, t("an import of a module whose name is not known"));
  const module = importNamed(interp, full, topFrame(interp).module);
  // Called for its effects as often as for its result.
  loadModule(interp, module);
  return module;
});

/** `__import__`: the top package, or the module itself where names are taken from it. */
export const importFunction = fn(
  "__import__",
  "name, globals=None, locals=None, fromlist=(), level=0",
  (interp, get) => {
    const [name, level, names] = [get("name"), get("level"), get("fromlist")];
    if (name.kind !== "str" || level.kind !== "int" || level.dim.size !== 0)
      return unknownHere(interp, t("an import of a module whose name is not known"));
    const { module } = topFrame(interp);
    const whole = (names.kind === "list" || names.kind === "tuple") && 0 < names.items.length;
    const target = importNamed(interp, name.value, module);
    loadModule(interp, target);
    return whole ? target : importNamed(interp, name.value.split(".")[0] ?? name.value, module);
  },
);

const findSpec = fn("find_spec", "name, package=None", (interp, get) => {
  const name = get("name");
  const full = name.kind === "str" ? absolute(interp, name.value, get("package")) : undefined;
  if (full === undefined) return unknownHere(interp, t("an import of a module whose name is not known"));
  const { loader } = interp;
  const known =
    loader.native(full) !== undefined || loader.find(full, topFrame(interp).module.file) !== undefined
      ? true
      : loader.installed(full);
  if (known === undefined) return unknown({ reason: t("it is not known whether {0} is installed", full) });
  return known ? opaque("spec", full) : NONE;
});

export function importModules(): readonly ModuleValue[] {
  const util = nativeModule("importlib.util", { find_spec: findSpec }, unfollowed("importlib.util"));
  return [
    util,
    nativeModule(
      "importlib",
      { import_module: importModule, util, reload: identity("reload"), __import__: importFunction },
      unfollowed("importlib"),
    ),
    nativeModule(
      "pkgutil",
      {
        iter_modules: iterModules,
        get_data: packageData,
        extend_path: fn("extend_path", "path, name", (_interp, get) => get("path")),
      },
      unfollowed("pkgutil"),
    ),
    nativeModule("builtins", {}, (interp, name) => interp.lang.builtins.get(name)),
  ];
}
