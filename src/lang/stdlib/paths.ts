import { type Interp, topFrame, unknownHere } from "../../eval/interp.ts";
import {
  bool,
  type InstanceValue,
  list,
  type ModuleValue,
  NONE,
  str,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { nativeClass, raw } from "../native.ts";
import { bytesOf } from "../strings.ts";
import { objectClass } from "../types.ts";
import { fn, nativeModule } from "./module.ts";

// Paths are computed, not looked up: `os.path` and `pathlib` for the folders that code puts on its import path. Only
// whether a Python source or a folder lies somewhere is asked of the files.

const SEPARATOR = /[\\/]/;

function separatorOf(path: string): string {
  return path.includes("\\") && !path.includes("/") ? "\\" : "/";
}

function isAbsolute(path: string): boolean {
  return /^(?:[\\/]|[A-Za-z]:[\\/]|[a-z][\w+.-]+:\/)/.test(path);
}

/** `a/b/../c` → `a/c`; the start of an absolute path or a uri stays. */
function normalPath(path: string): string {
  const start = /^(?:[a-z][\w+.-]+:\/\/[^/]*\/?|[A-Za-z]:[\\/]?|[\\/])/.exec(path)?.[0] ?? "";
  const parts: string[] = [];
  for (const part of path.slice(start.length).split(SEPARATOR)) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (0 < parts.length && parts.at(-1) !== "..") parts.pop();
    else if (start === "") parts.push(part);
  }
  return start + parts.join(separatorOf(path)) || ".";
}

function joinPaths(parts: readonly string[]): string {
  return parts.reduce((path, part) =>
    isAbsolute(part)
      ? part
      : path === "" || SEPARATOR.test(path.at(-1) ?? "")
        ? path + part
        : path + separatorOf(path) + part,
  );
}

function folderOf(path: string): string {
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return cut < 0 ? "" : cut === 0 ? path.slice(0, 1) : path.slice(0, cut);
}

function baseOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function suffixOf(path: string): string {
  return /(?<=[^.\\/][^\\/]*)\.[^.\\/]*$/.exec(path)?.[0] ?? "";
}

/** The text of a path-like value. */
export function pathText(value: Value): string | undefined {
  if (value.kind === "str") return value.value;
  const held = value.kind === "instance" ? value.attrs.get("_path") : undefined;
  return held?.kind === "str" ? held.value : undefined;
}

const lost = (): Value => unknown({ reason: t("a path that is not known") });

const onText = (name: string, compute: (interp: Interp, path: string) => Value): Value =>
  fn(name, "path", (interp, get) => {
    const text = pathText(get("path"));
    return text === undefined ? lost() : compute(interp, text);
  });

const resolved = (path: string): Value => (isAbsolute(path) ? str(normalPath(path)) : lost());

function exists(interp: Interp, path: string, wanted: "file" | "folder" | undefined): Value {
  const kind = isAbsolute(path) ? interp.loader.kind(normalPath(path)) : undefined;
  // What else is there, a checkpoint or a data set, is not the analysis's to know.
  if (kind === "folder" || (kind === "file" && path.endsWith(".py")))
    return bool(wanted === undefined || kind === wanted);
  return unknown({ reason: t("whether a file exists") });
}

export function pathModule(): ModuleValue {
  return nativeModule(
    "os.path",
    {
      sep: str("/"),
      pardir: str(".."),
      curdir: str("."),
      join: raw(
        "join",
        (_interp, args) => {
          const parts = args.positional.map(({ value }) => pathText(value));
          return args.more !== undefined || parts.length === 0 || parts.some((part) => part === undefined)
            ? lost()
            : str(joinPaths(parts.map((part) => part ?? "")));
        },
        { free: true },
      ),
      dirname: onText("dirname", (_interp, path) => str(folderOf(path))),
      basename: onText("basename", (_interp, path) => str(baseOf(path))),
      split: onText("split", (_interp, path) => tuple([str(folderOf(path)), str(baseOf(path))])),
      splitext: onText("splitext", (_interp, path) => {
        const suffix = suffixOf(path);
        return tuple([str(path.slice(0, path.length - suffix.length)), str(suffix)]);
      }),
      normpath: onText("normpath", (_interp, path) => str(normalPath(path))),
      abspath: onText("abspath", (_interp, path) => resolved(path)),
      realpath: onText("realpath", (_interp, path) => resolved(path)),
      isabs: onText("isabs", (_interp, path) => bool(isAbsolute(path))),
      exists: onText("exists", (interp, path) => exists(interp, path, undefined)),
      isfile: onText("isfile", (interp, path) => exists(interp, path, "file")),
      isdir: onText("isdir", (interp, path) => exists(interp, path, "folder")),
    },
    (interp, name) =>
      interp.really.absent("os.path", name)
        ? undefined
        : unknown({ reason: t("{0}.{1} is not followed", "os.path", name) }, `os.path.${name}`),
  );
}

/** Names of the Python sources and packages in a folder, sorted; undefined where it is not known. */
function sourcesIn(interp: Interp, folder: string): readonly string[] | undefined {
  if (!isAbsolute(folder)) return undefined;
  const path = normalPath(folder);
  return interp.loader.kind(path) === "folder" ? [...interp.loader.list(path)].sort() : undefined;
}

/** `os.listdir`. */
export const listFolder: Value = fn("listdir", "path='.'", (interp, get) => {
  const path = pathText(get("path"));
  const names = path === undefined ? undefined : sourcesIn(interp, path);
  return names === undefined ? unknown({ reason: t("a folder whose files are not known") }) : list(names.map(str));
});

function pathOf(interp: Interp, text: string): InstanceValue {
  return {
    kind: "instance",
    cls: pathClass,
    attrs: new Map([["_path", str(text)]]),
    serial: interp.serial++,
    place: undefined,
  };
}

const property = (compute: (interp: Interp, path: string) => Value): Value => ({
  kind: "property",
  get: raw("property", (interp, args) => {
    const text = pathText(args.positional[0]?.value ?? NONE);
    return text === undefined ? lost() : compute(interp, text);
  }),
  set: undefined,
});

const method = (
  name: string,
  compute: (interp: Interp, path: string, others: readonly string[]) => Value,
): readonly [string, Value] => [
  name,
  raw(name, (interp, args) => {
    const texts = args.positional.map(({ value }) => pathText(value));
    const [path] = texts;
    return path === undefined || texts.some((text) => text === undefined)
      ? lost()
      : compute(
          interp,
          path,
          texts.slice(1).map((text) => text ?? ""),
        );
  }),
];

const absolute = (interp: Interp, path: string): Value =>
  isAbsolute(path) ? pathOf(interp, normalPath(path)) : lost();

const pathClass = nativeClass(
  "PosixPath",
  "pathlib",
  [objectClass],
  [
    ["parent", property((interp, path) => pathOf(interp, folderOf(path) || "."))],
    [
      "parents",
      property((interp, path) => {
        const found: Value[] = [];
        for (let at = path; folderOf(at) !== at && folderOf(at) !== ""; ) {
          at = folderOf(at);
          found.push(pathOf(interp, at));
        }
        return tuple(found);
      }),
    ],
    ["name", property((_interp, path) => str(baseOf(path)))],
    ["suffix", property((_interp, path) => str(suffixOf(baseOf(path))))],
    [
      "stem",
      property((_interp, path) => str(baseOf(path).slice(0, baseOf(path).length - suffixOf(baseOf(path)).length))),
    ],
    [
      "suffixes",
      property((_interp, path) =>
        list(
          (
            baseOf(path)
              .replace(/^\.+/, "")
              .match(/\.[^.]+/g) ?? []
          ).map(str),
        ),
      ),
    ],
    [
      "parts",
      property((_interp, path) => {
        const lead = isAbsolute(path) ? path.slice(0, /^[\\/]/.test(path) ? 1 : 3) : "";
        const names = path.slice(lead.length).split(/[\\/]/);
        return tuple([lead, ...names].filter((part) => part !== "").map(str));
      }),
    ],
    method("with_suffix", (interp, path, [suffix]) =>
      pathOf(interp, path.slice(0, path.length - suffixOf(baseOf(path)).length) + (suffix ?? "")),
    ),
    method("with_name", (interp, path, [name]) =>
      pathOf(interp, path.slice(0, path.length - baseOf(path).length) + (name ?? "")),
    ),
    method("__hash__", (interp, path) =>
      interp.lang.call(interp, interp.lang.builtins.get("hash") ?? NONE, {
        positional: [{ value: str(path) }],
        keywords: [],
      }),
    ),
    method("resolve", absolute),
    method("absolute", absolute),
    method("joinpath", (interp, path, others) => pathOf(interp, joinPaths([path, ...others]))),
    method("__truediv__", (interp, path, others) => pathOf(interp, joinPaths([path, ...others]))),
    method("as_posix", (_interp, path) => str(path)),
    method("__str__", (_interp, path) => str(path)),
    method("__fspath__", (_interp, path) => str(path)),
    method("__repr__", (_interp, path) => str(`PosixPath('${path}')`)),
    method("__eq__", (_interp, path, [other]) => bool(path === other)),
    method("exists", (interp, path) => exists(interp, path, undefined)),
    method("is_file", (interp, path) => exists(interp, path, "file")),
    method("is_dir", (interp, path) => exists(interp, path, "folder")),
    method("glob", (interp, path, [pattern]) => globbed(interp, path, pattern ?? "", true)),
    method("iterdir", (interp, path) => {
      const names = sourcesIn(interp, path);
      return names === undefined
        ? unknown({ reason: t("a folder whose files are not known") })
        : list(names.map((name) => pathOf(interp, joinPaths([path, name]))));
    }),
  ],
  (interp, _cls, args) => {
    const parts = args.positional.map(({ value }) => pathText(value));
    return args.more !== undefined || parts.some((part) => part === undefined)
      ? lost()
      : pathOf(interp, parts.length === 0 ? "." : joinPaths(parts.map((part) => part ?? "")));
  },
);

/** Files of one folder whose names fit a pattern. */
function globbed(interp: Interp, folder: string, pattern: string, asPaths: boolean): Value {
  const names = /[\\/[\]]|\*\*/.test(pattern) ? undefined : sourcesIn(interp, folder);
  if (names === undefined) return unknown({ reason: t("a folder whose files are not known") });
  const source = pattern
    .split("")
    .map((char) => (char === "*" ? ".*" : char === "?" ? "." : char.replace(/[.+^${}()|\\]/g, "\\$&")))
    .join("");
  const fits = names.filter(
    (name) => new RegExp(`^${source}$`).test(name) && (!name.startsWith(".") || pattern.startsWith(".")),
  );
  return list(
    fits.map((name) => {
      const path = joinPaths([folder, name]);
      return asPaths ? pathOf(interp, path) : str(path);
    }),
  );
}

export function pathlibModule(): ModuleValue {
  return nativeModule(
    "pathlib",
    { Path: pathClass, PurePath: pathClass, PosixPath: pathClass, PurePosixPath: pathClass },
    (interp, name) =>
      interp.really.absent("pathlib", name)
        ? undefined
        : unknown({ reason: t("{0}.{1} is not followed", "pathlib", name) }, `pathlib.${name}`),
  );
}

export function globModule(): ModuleValue {
  const glob = fn(
    "glob",
    "pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False",
    (interp, get) => {
      const path = pathText(get("pathname"));
      return path === undefined || get("root_dir").kind !== "none"
        ? lost()
        : globbed(interp, folderOf(path), baseOf(path), false);
    },
  );
  return nativeModule("glob", { glob, iglob: glob });
}

/** `pkgutil.iter_modules` over folders: the modules that lie there. */
export const iterModules: Value = fn("iter_modules", "path=None, prefix=''", (interp, get) => {
  const [path, prefix] = [get("path"), get("prefix")];
  const folders = path.kind === "list" || path.kind === "tuple" ? path.items.map(pathText) : [];
  const found: Value[] = [];
  for (const folder of folders) {
    const names = folder === undefined ? undefined : sourcesIn(interp, folder);
    if (folder === undefined || names === undefined || prefix.kind !== "str")
      return unknown({ reason: t("a folder whose files are not known") });
    for (const name of names) {
      const isPackage = interp.loader.kind(joinPaths([folder, name, "__init__.py"])) === "file";
      const module = isPackage ? name : /^([^\W\d]\w*)\.py$/.exec(name)?.[1];
      if (module !== undefined && module !== "__init__")
        found.push(tuple([NONE, str(prefix.value + module), bool(isPackage)]));
    }
  }
  return folders.length === 0 ? unknown({ reason: t("a folder whose files are not known") }) : list(found);
});

/** `pkgutil.get_data`: the bytes of a file that lies with a package. */
export const packageData: Value = fn("get_data", "package, resource", (interp, get) => {
  const [name, resource] = [get("package"), get("resource")];
  const lost = (): Value => unknownHere(interp, t("a file whose contents are not known"));
  if (name.kind !== "str" || resource.kind !== "str") return lost();
  const { module } = topFrame(interp);
  const home = interp.loader.find(name.value, module.file)?.file;
  const file = home === undefined ? undefined : joinPaths([folderOf(home), ...resource.value.split("/")]);
  const text = file === undefined ? undefined : interp.loader.data(file, module.file);
  // Bytes that are no UTF-8 have been replaced when the text was read.
  if (text === undefined || text.includes("\uFFFD")) return lost();
  return bytesOf(text);
});
