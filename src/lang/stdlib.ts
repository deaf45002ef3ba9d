import { callValue, force, itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy, unknownHere } from "../eval/interp.ts";
import { lazyArgument, lazyEntry } from "../eval/lazy.ts";
import { moduleScope } from "../eval/scope.ts";
import {
  bool,
  type ClassValue,
  type DictValue,
  float,
  type InstanceValue,
  int,
  list,
  type ModuleValue,
  NONE,
  opaque,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import { t } from "../text/text.ts";
import { toFloat, truth, whyOf } from "./arithmetic.ts";
import { findAttribute } from "./attributes.ts";
import { abstractOf, enumClass, intEnumClass, makeDataclass, namedTupleBase, namedTupleClass } from "./classes.ts";
import { toDict } from "./containers.ts";
import { iterate, iteratorOver, lostIterator } from "./iteration.ts";
import { type Body, native, nativeClass, raw } from "./native.ts";
import {
  builtinFunctionClass,
  dictClass,
  emptyDict,
  functionClass,
  hashKey,
  listClass,
  methodClass,
  moduleClass,
  noneClass,
  objectClass,
  typeClass,
} from "./types.ts";

type Names = Record<string, Value>;

const fn = (name: string, signature: string, body: Body): Value => native(name, signature, body, { free: true });

/** A module of ours: names given at once, others made on demand. */
export function nativeModule(name: string, names: Names, missing?: ModuleValue["missing"]): ModuleValue {
  const scope = moduleScope();
  for (const [key, value] of Object.entries(names)) scope.vars.set(key, value);
  return {
    kind: "module",
    name,
    file: undefined,
    own: false,
    scope,
    state: "loaded",
    ...(missing === undefined ? {} : { missing }),
  };
}

/** The parts of the standard library that model code uses, by module name. */
export function standardLibrary(): ReadonlyMap<string, ModuleValue> {
  const modules: ModuleValue[] = [
    mathModule(),
    nativeModule("functools", functools()),
    nativeModule("collections", collectionsNames()),
    abstractModule("collections.abc"),
    nativeModule("itertools", itertools()),
    typingModule("typing"),
    typingModule("typing_extensions"),
    nativeModule("types", {
      FunctionType: functionClass,
      LambdaType: functionClass,
      MethodType: methodClass,
      BuiltinFunctionType: builtinFunctionClass,
      ModuleType: moduleClass,
      NoneType: noneClass,
      SimpleNamespace: nativeClass(
        "SimpleNamespace",
        "types",
        [objectClass],
        [
          [
            "__init__",
            raw("__init__", (interp, args) => {
              const self = args.positional[0]?.value;
              if (self?.kind === "instance")
                for (const [key, { value }] of args.keywords) interp.journal.set(self.attrs, key, value);
              return NONE;
            }),
          ],
        ],
      ),
    }),
    nativeModule("abc", {
      ABC: nativeClass("ABC", "abc", [objectClass]),
      ABCMeta: typeClass,
      abstractmethod: identity("abstractmethod"),
      abstractproperty: identity("abstractproperty"),
    }),
    nativeModule("enum", {
      Enum: enumClass,
      IntEnum: intEnumClass,
      StrEnum: enumClass,
      Flag: enumClass,
      auto: fn("auto", "", () => opaque("auto", "auto()")),
      unique: identity("unique"),
    }),
    nativeModule("dataclasses", dataclassesNames()),
    nativeModule("inspect", inspectNames()),
    nativeModule("copy", {
      copy: fn("copy", "x", (interp, get) => copyValue(interp, get("x"), new Map(), false)),
      deepcopy: fn("deepcopy", "x, memo=None", (interp, get) => copyValue(interp, get("x"), new Map(), true)),
    }),
    nativeModule("operator", operatorNames()),
    nativeModule("warnings", silent("warnings", ["warn", "simplefilter", "filterwarnings", "catch_warnings"])),
    nativeModule("logging", {}, (_interp, name) =>
      /^[A-Z]+$/.test(name) ? int(20) : raw(name, () => quiet, { free: true }),
    ),
    nativeModule("contextlib", {
      contextmanager: fn("contextmanager", "func", () => raw("contextmanager", () => quiet, { free: true })),
      nullcontext: raw("nullcontext", () => quiet, { free: true }),
      suppress: raw("suppress", () => quiet, { free: true }),
    }),
    nativeModule("__future__", {}, () => NONE),
  ];
  for (const name of [
    "os",
    "os.path",
    "sys",
    "re",
    "time",
    "random",
    "pathlib",
    "importlib",
    "json",
    "pickle",
    "datetime",
    "string",
    "shutil",
    "urllib",
    "urllib.request",
    "urllib.parse",
    "hashlib",
    "tempfile",
    "argparse",
    "glob",
    "threading",
    "multiprocessing",
    "traceback",
    "textwrap",
    "uuid",
    "io",
    "gc",
    "platform",
    "subprocess",
    "zipfile",
    "tarfile",
    "weakref",
    "numbers",
    "fractions",
    "statistics",
    "heapq",
    "bisect",
    "struct",
    "csv",
    "pprint",
    "signal",
    "socket",
    "inspect",
    "importlib.util",
    "unittest",
    "pdb",
    "ast",
    "builtins",
  ]) {
    if (!modules.some((module) => module.name === name))
      modules.push(
        nativeModule(name, {}, (interp, member) =>
          interp.really.absent(name, member)
            ? undefined
            : unknown({ reason: t("{0}.{1} is not followed", name, member) }, `${name}.${member}`),
        ),
      );
  }
  return new Map(modules.map((module) => [module.name, module]));
}

/** A value that swallows whatever is done with it: loggers, warning filters, context managers without effect. */
const quiet: Value = { kind: "opaque", type: "quiet", name: "quiet", attrs: new Map() };

function identity(name: string): Value {
  return raw(name, (_interp, args) => args.positional[0]?.value ?? NONE, { free: true });
}

function silent(_module: string, names: readonly string[]): Names {
  return Object.fromEntries(
    names.map((name) => [name, raw(name, () => (name === "catch_warnings" ? quiet : NONE), { free: true })]),
  );
}

function mathModule(): ModuleValue {
  const names: Names = {
    pi: float(Math.PI),
    e: float(Math.E),
    inf: float(Infinity),
    nan: float(Number.NaN),
    tau: float(2 * Math.PI),
  };
  const unaryFloat: Record<string, (x: number) => number> = {
    sqrt: Math.sqrt,
    exp: Math.exp,
    log2: Math.log2,
    log10: Math.log10,
    log1p: Math.log1p,
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    tanh: Math.tanh,
    fabs: Math.abs,
    atan: Math.atan,
    radians: (x) => (x * Math.PI) / 180,
    erf: (x) => x,
  };
  delete unaryFloat.erf;
  const lost = (value: Value): Value => ({
    kind: "float",
    value: undefined,
    why: whyOf(value) ?? { reason: t("an unknown number") },
  });
  for (const [name, compute] of Object.entries(unaryFloat)) {
    names[name] = fn(name, "x", (interp, get) => {
      const x = toFloat(get("x"));
      if (x === undefined) return lost(get("x"));
      const y = compute(x);
      return Number.isNaN(y) && !Number.isNaN(x) ? fail(interp, "ValueError", "math domain error") : float(y);
    });
  }
  for (const [name, compute] of [
    ["floor", Math.floor],
    ["ceil", Math.ceil],
    ["trunc", Math.trunc],
  ] as const) {
    names[name] = fn(name, "x", (_interp, get) => {
      const value = get("x");
      if (value.kind === "int") return value;
      const x = toFloat(value);
      return x === undefined
        ? { kind: "int", dim: { size: undefined, why: whyOf(value) ?? { reason: t("an unknown number") } } }
        : int(compute(x));
    });
  }
  names.log = fn("log", "x, base=None", (interp, get) => {
    const x = toFloat(get("x"));
    const base = toFloat(get("base"));
    if (x === undefined) return lost(get("x"));
    if (x <= 0) return fail(interp, "ValueError", "math domain error");
    return float(
      base === undefined
        ? Math.log(x)
        : base === 2
          ? Math.log2(x)
          : base === 10
            ? Math.log10(x)
            : Math.log(x) / Math.log(base),
    );
  });
  for (const name of ["pow", "fmod", "atan2", "hypot"] as const) {
    names[name] = fn(name, "x, y", (_interp, get) => {
      const x = toFloat(get("x"));
      const y = toFloat(get("y"));
      if (x === undefined || y === undefined) return lost(get("x"));
      return float(
        name === "pow" ? x ** y : name === "fmod" ? x % y : name === "atan2" ? Math.atan2(x, y) : Math.hypot(x, y),
      );
    });
  }
  names.prod = fn("prod", "iterable, *, start=1", (interp, get) => {
    const items = itemsOf(interp, get("iterable"));
    if (isWhy(items)) return unknown(items);
    return items.reduce((product, item) => interp.lang.binary(interp, "*", product, item, false), get("start"));
  });
  names.gcd = raw(
    "gcd",
    (_interp, args) => {
      const values = args.positional.map((arg) => toFloat(arg.value));
      if (values.some((v) => v === undefined)) return unknown({ reason: t("an unknown number") });
      return int(
        values.reduce<number>((a, b) => {
          let [x, y] = [Math.abs(a), Math.abs(b ?? 0)];
          while (y !== 0) [x, y] = [y, x % y];
          return x;
        }, 0),
      );
    },
    { free: true },
  );
  names.isclose = fn("isclose", "a, b, *, rel_tol=1e-09, abs_tol=0.0", (_interp, get) => {
    const [a, b, rel, abs] = ["a", "b", "rel_tol", "abs_tol"].map((n) => toFloat(get(n)));
    return a === undefined || b === undefined
      ? unknown({ reason: t("an unknown number") })
      : bool(Math.abs(a - b) <= Math.max((rel ?? 0) * Math.max(Math.abs(a), Math.abs(b)), abs ?? 0));
  });
  names.isnan = fn("isnan", "x", (_interp, get) => bool(Number.isNaN(toFloat(get("x")) ?? 0)));
  names.isinf = fn("isinf", "x", (_interp, get) => bool(!Number.isFinite(toFloat(get("x")) ?? 0)));
  return nativeModule("math", names);
}

const partialClass = nativeClass(
  "partial",
  "functools",
  [objectClass],
  [
    [
      "__call__",
      raw("__call__", (interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind !== "instance") return NONE;
        const base = self.attrs.get("args");
        const keywords = self.attrs.get("keywords");
        const given = new Map(
          (keywords?.kind === "dict" ? [...keywords.entries.values()] : []).map(
            (entry) =>
              [entry[0].kind === "str" ? entry[0].value : "", lazyArgument(() => entry[1], undefined)] as const,
          ),
        );
        for (const [key, arg] of args.keywords) given.set(key, arg);
        return callValue(interp, force(interp, self.attrs.get("func") ?? NONE), {
          positional: [
            ...(base?.kind === "tuple" ? base.items.map((value) => ({ value })) : []),
            ...args.positional.slice(1),
          ],
          keywords: [...given],
          more: args.more,
        });
      }),
    ],
    [
      "__init__",
      raw("__init__", (interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind !== "instance") return NONE;
        const [, func] = args.positional;
        interp.journal.set(self.attrs, "func", func?.later ?? func?.value ?? NONE);
        interp.journal.set(self.attrs, "args", tuple(args.positional.slice(2).map((arg) => arg.value)));
        interp.journal.set(self.attrs, "keywords", {
          kind: "dict",
          entries: new Map(args.keywords.map(([key, arg]) => [`s:${key}`, lazyEntry(str(key), () => arg.value)])),
          ...(args.more === undefined ? {} : { why: args.more }),
        });
        return NONE;
      }),
    ],
  ],
);

function functools(): Names {
  const wrapsWith = (wrapped: Value): Value =>
    raw(
      "wraps",
      (interp, args) => {
        const wrapper = args.positional[0]?.value ?? NONE;
        if (wrapper.kind === "function") {
          for (const name of ["__name__", "__qualname__", "__module__", "__doc__"]) {
            const value = findAttribute(interp, wrapped, name);
            if (value !== undefined && value.kind !== "unknown") interp.lang.setAttribute(interp, wrapper, name, value);
          }
          interp.lang.setAttribute(interp, wrapper, "__wrapped__", wrapped);
        }
        return wrapper;
      },
      { free: true },
    );
  const cached = raw(
    "lru_cache",
    (_interp, args) => {
      const first = args.positional[0]?.value;
      return first !== undefined && (first.kind === "function" || first.kind === "builtin" || first.kind === "class")
        ? first
        : identity("lru_cache");
    },
    { free: true },
  );
  return {
    partial: partialClass,
    partialmethod: partialClass,
    wraps: raw(
      "wraps",
      (_interp, args) =>
        wrapsWith(args.positional[0]?.value ?? args.keywords.find(([key]) => key === "wrapped")?.[1].value ?? NONE),
      { free: true },
    ),
    update_wrapper: raw("update_wrapper", (_interp, args) => args.positional[0]?.value ?? NONE, { free: true }),
    reduce: fn("reduce", "function, iterable, *initial", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      if (isWhy(items)) return unknown(items);
      const initial = get("initial");
      const all = [...(initial.kind === "tuple" ? initial.items.slice(0, 1) : []), ...items];
      const first = all[0];
      if (first === undefined) return fail(interp, "TypeError", "reduce() of empty iterable with no initial value");
      return all
        .slice(1)
        .reduce(
          (total, item) =>
            callValue(interp, get("function"), { positional: [{ value: total }, { value: item }], keywords: [] }),
          first,
        );
    }),
    lru_cache: cached,
    cache: cached,
    cached_property: raw(
      "cached_property",
      (_interp, args) => ({ kind: "property", get: args.positional[0]?.value ?? NONE, set: undefined, cached: true }),
      { free: true },
    ),
    total_ordering: identity("total_ordering"),
    singledispatch: identity("singledispatch"),
  };
}

function collectionsNames(): Names {
  const orderedDict = nativeClass(
    "OrderedDict",
    "collections",
    [dictClass],
    [
      [
        "move_to_end",
        native("move_to_end", "self, key, last=True", (interp, get) => {
          const self = get("self");
          const key = hashKey(interp, get("key"));
          if (self.kind !== "dict" || key === undefined) return NONE;
          const entry = self.entries.get(key);
          if (entry === undefined) return NONE;
          const rest = [...self.entries].filter(([k]) => k !== key);
          interp.journal.assign(
            self,
            "entries",
            new Map(truth(interp, get("last")) === false ? [[key, entry], ...rest] : [...rest, [key, entry]]),
          );
          return NONE;
        }),
      ],
    ],
  );
  const defaultDict: ClassValue = nativeClass("defaultdict", "collections", [dictClass], [], (interp, cls, args) => {
    const made = args.positional[1] === undefined ? emptyDict() : toDict(interp, args.positional[1].value);
    const factory = args.positional[0]?.value ?? NONE;
    return { kind: "dict", entries: new Map(isWhy(made) ? [] : made.entries), cls, factory };
  });
  const counter = nativeClass("Counter", "collections", [dictClass], [], (interp, cls, args) => {
    const made: DictValue = { kind: "dict", entries: new Map(), cls, factory: fn("int", "", () => int(0)) };
    const items = args.positional[0] === undefined ? [] : itemsOf(interp, args.positional[0].value);
    if (isWhy(items)) return unknown(items);
    for (const item of items) {
      const key = hashKey(interp, item) ?? "?";
      const before = made.entries.get(key)?.[1];
      made.entries.set(
        key,
        Object.freeze([item, int((before === undefined ? 0 : (toFloat(before) ?? 0)) + 1)] as const),
      );
    }
    return made;
  });
  return {
    OrderedDict: orderedDict,
    defaultdict: defaultDict,
    Counter: counter,
    deque: nativeClass("deque", "collections", [listClass], [], (interp, _cls, args) => {
      const items = args.positional[0] === undefined ? [] : itemsOf(interp, args.positional[0].value);
      return isWhy(items) ? { kind: "list", items: [], why: items } : list([...items]);
    }),
    namedtuple: fn(
      "namedtuple",
      "typename, field_names, *, rename=False, defaults=None, module=None",
      (interp, get) => {
        const name = get("typename");
        const fields = get("field_names");
        const names =
          fields.kind === "str" ? fields.value.split(/[\s,]+/).filter((f) => f !== "") : itemsOf(interp, fields);
        if (isWhy(names)) return unknown(names);
        const texts = names.map((n) => (typeof n === "string" ? n : n.kind === "str" ? n.value : ""));
        const fallback = get("defaults");
        const values = fallback.kind === "none" ? [] : itemsOf(interp, fallback);
        const defaults = new Map<string, Value>();
        if (!isWhy(values))
          values.forEach((value, i) => {
            defaults.set(texts[texts.length - values.length + i] ?? "", value);
          });
        return namedTupleClass(interp, name.kind === "str" ? name.value : "tuple", texts, defaults, "collections");
      },
    ),
    abc: abstractModule("collections.abc"),
    Iterable: abstract("Iterable"),
  };
}

function abstract(name: string): ClassValue {
  const known = abstracts.get(name);
  if (known !== undefined) return known;
  const cls = nativeClass(name, "collections.abc", [objectClass]);
  const has = (value: Value, method: string): boolean =>
    value.kind === "instance" && value.cls.mro.some((c) => c.attrs.has(method));
  const sequence = (value: Value): boolean =>
    value.kind === "list" || value.kind === "tuple" || value.kind === "str" || value.kind === "range";
  const iterable = (value: Value): boolean =>
    sequence(value) ||
    value.kind === "dict" ||
    value.kind === "set" ||
    value.kind === "iterator" ||
    value.kind === "tensor" ||
    has(value, "__iter__");
  const tests: Record<string, (value: Value) => boolean> = {
    Iterable: iterable,
    Collection: iterable,
    Container: iterable,
    Sized: (v) => iterable(v) || has(v, "__len__"),
    Sequence: sequence,
    MutableSequence: (v) => v.kind === "list",
    Mapping: (v) => v.kind === "dict",
    MutableMapping: (v) => v.kind === "dict",
    Set: (v) => v.kind === "set",
    Callable: (v) =>
      v.kind === "function" || v.kind === "builtin" || v.kind === "method" || v.kind === "class" || has(v, "__call__"),
    Hashable: (v) => v.kind !== "list" && v.kind !== "dict" && v.kind !== "set",
    Iterator: (v) => v.kind === "iterator",
    Generator: (v) => v.kind === "iterator",
  };
  const test = tests[name];
  if (test !== undefined) abstractOf.set(cls, test);
  abstracts.set(name, cls);
  return cls;
}
const abstracts = new Map<string, ClassValue>();

function abstractModule(name: string): ModuleValue {
  return nativeModule(name, {}, (_interp, member) => abstract(member));
}

function typingModule(name: string): ModuleValue {
  const names: Names = {
    TYPE_CHECKING: bool(false),
    NamedTuple: namedTupleBase,
    cast: fn("cast", "typ, val", (_interp, get) => get("val")),
    overload: identity("overload"),
    final: identity("final"),
    runtime_checkable: identity("runtime_checkable"),
    no_type_check: identity("no_type_check"),
    Generic: nativeClass("Generic", "typing", [objectClass]),
    Protocol: nativeClass("Protocol", "typing", [objectClass]),
    TypedDict: dictClass,
    List: listClass,
    Dict: dictClass,
    TypeVar: raw(
      "TypeVar",
      (_interp, args) =>
        opaque("typing", args.positional[0]?.value.kind === "str" ? args.positional[0].value.value : "T"),
      { free: true },
    ),
    NewType: raw("NewType", () => identity("NewType"), { free: true }),
  };
  const abstractNames = new Set([
    "Iterable",
    "Sequence",
    "Mapping",
    "MutableMapping",
    "Callable",
    "Iterator",
    "Generator",
    "Collection",
    "Hashable",
    "Sized",
    "Container",
    "MutableSequence",
  ]);
  return nativeModule(name, names, (_interp, member) =>
    abstractNames.has(member) ? abstract(member) : opaque("typing", member),
  );
}

function dataclassesNames(): Names {
  return {
    dataclass: raw(
      "dataclass",
      (interp, args) => {
        const cls = args.positional[0]?.value;
        if (cls?.kind === "class") return makeDataclass(interp, cls);
        return raw(
          "dataclass",
          (i, inner) => {
            const value = inner.positional[0]?.value ?? NONE;
            return value.kind === "class" ? makeDataclass(i, value) : value;
          },
          { free: true },
        );
      },
      { free: true },
    ),
    field: raw(
      "field",
      (_interp, args) => ({
        kind: "opaque",
        type: "field",
        name: "field",
        attrs: new Map(args.keywords.map(([key, arg]) => [key, arg.value])),
      }),
      { free: true },
    ),
    asdict: fn("asdict", "obj", (_interp, get) => {
      const self = get("obj");
      return self.kind === "instance"
        ? {
            kind: "dict",
            entries: new Map(
              [...self.attrs].map(([key, value]) => [`s:${key}`, Object.freeze([str(key), value] as const)]),
            ),
          }
        : emptyDict();
    }),
    replace: raw(
      "replace",
      (interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind !== "instance") return NONE;
        const copy: InstanceValue = { ...self, attrs: new Map(self.attrs), serial: interp.serial++ };
        for (const [key, arg] of args.keywords) copy.attrs.set(key, arg.value);
        return copy;
      },
      { free: true },
    ),
    fields: fn("fields", "obj", () => unknown({ reason: t("dataclasses.fields is not followed") })),
    is_dataclass: fn("is_dataclass", "obj", (interp, get) =>
      bool(findAttribute(interp, get("obj"), "__dataclass_fields__") !== undefined),
    ),
  };
}

function inspectNames(): Names {
  const kinds = ["POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD"] as const;
  const kindValue = Object.fromEntries(kinds.map((kind, i) => [kind, int(i)]));
  const parameterClass = nativeClass(
    "Parameter",
    "inspect",
    [objectClass],
    [...Object.entries(kindValue), ["empty", opaque("inspect", "empty")]],
  );
  const signatureClass = nativeClass("Signature", "inspect", [objectClass]);
  const kindOf = {
    "positional-only": "POSITIONAL_ONLY",
    normal: "POSITIONAL_OR_KEYWORD",
    star: "VAR_POSITIONAL",
    "keyword-only": "KEYWORD_ONLY",
    "double-star": "VAR_KEYWORD",
  } as const;
  const signature = fn("signature", "callable", (interp, get) => {
    let target = get("callable");
    for (let i = 0; i < 20 && target.kind === "function"; i++) {
      const wrapped = target.attrs?.get("__wrapped__");
      if (wrapped === undefined) break;
      target = wrapped;
    }
    let skip = 0;
    if (target.kind === "method") {
      skip = 1;
      target = target.fn;
    }
    if (target.kind === "class") {
      skip = 1;
      target = target.mro.map((c) => c.attrs.get("__init__")).find((v) => v !== undefined) ?? NONE;
    }
    const params =
      target.kind === "function" ? target.expr.params : target.kind === "builtin" ? target.params : undefined;
    if (params === undefined) return unknownHere(interp, t("inspect.signature of a value that is not known"));
    const entries = new Map<string, readonly [Value, Value]>();
    for (const param of params.slice(skip)) {
      const made: InstanceValue = {
        kind: "instance",
        cls: parameterClass,
        attrs: new Map<string, Value>([
          ["name", str(param.name)],
          ["kind", kindValue[kindOf[param.kind]] ?? NONE],
          [
            "default",
            force(
              interp,
              (target.kind === "function" ? target.defaults.get(param.name) : undefined) ?? opaque("inspect", "empty"),
            ),
          ],
          ["annotation", opaque("inspect", "empty")],
        ]),
        serial: interp.serial++,
        place: undefined,
      };
      entries.set(`s:${param.name}`, Object.freeze([str(param.name), made] as const));
    }
    return {
      kind: "instance",
      cls: signatureClass,
      attrs: new Map<string, Value>([["parameters", { kind: "dict", entries }]]),
      serial: interp.serial++,
      place: undefined,
    };
  });
  return {
    signature,
    Parameter: parameterClass,
    Signature: signatureClass,
    _empty: opaque("inspect", "empty"),
    isclass: fn("isclass", "object", (_interp, get) => bool(get("object").kind === "class")),
    isfunction: fn("isfunction", "object", (_interp, get) => bool(get("object").kind === "function")),
    ismethod: fn("ismethod", "object", (_interp, get) => bool(get("object").kind === "method")),
  };
}

function operatorNames(): Names {
  const names: Names = {};
  for (const [name, op] of [
    ["add", "+"],
    ["sub", "-"],
    ["mul", "*"],
    ["truediv", "/"],
    ["floordiv", "//"],
    ["mod", "%"],
    ["pow", "**"],
    ["matmul", "@"],
    ["and_", "&"],
    ["or_", "|"],
    ["xor", "^"],
  ] as const) {
    names[name] = fn(name, "a, b", (interp, get) => interp.lang.binary(interp, op, get("a"), get("b"), false));
    names[`i${name.replace("_", "")}`] = fn(name, "a, b", (interp, get) =>
      interp.lang.binary(interp, op, get("a"), get("b"), true),
    );
  }
  names.itemgetter = raw(
    "itemgetter",
    (_interp, outer) =>
      raw(
        "itemgetter",
        (interp, args) => {
          const values = outer.positional.map((key) =>
            interp.lang.getItem(interp, args.positional[0]?.value ?? NONE, key.value),
          );
          return values.length === 1 ? (values[0] ?? NONE) : tuple(values);
        },
        { free: true },
      ),
    { free: true },
  );
  names.attrgetter = raw(
    "attrgetter",
    (_interp, outer) =>
      raw(
        "attrgetter",
        (interp, args) => {
          const path = outer.positional[0]?.value;
          let value = args.positional[0]?.value ?? NONE;
          for (const part of path?.kind === "str" ? path.value.split(".") : [])
            value = interp.lang.getAttribute(interp, value, part, undefined);
          return value;
        },
        { free: true },
      ),
    { free: true },
  );
  names.index = fn("index", "a", (_interp, get) => get("a"));
  return names;
}

function itertools(): Names {
  const all = (
    interp: Interp,
    values: readonly { readonly value: Value }[],
  ): readonly (readonly Value[])[] | import("../shape/dim.ts").Why => {
    const lists: (readonly Value[])[] = [];
    for (const { value } of values) {
      const items = itemsOf(interp, value);
      if (isWhy(items)) return items;
      lists.push(items);
    }
    return lists;
  };
  return {
    chain: nativeClass(
      "chain",
      "itertools",
      [objectClass],
      [
        [
          "from_iterable",
          {
            kind: "wrapper",
            type: "static",
            fn: fn("from_iterable", "iterable", (interp, get) => {
              const outer = itemsOf(interp, get("iterable"));
              if (isWhy(outer)) return lostIterator(outer);
              const lists = all(
                interp,
                outer.map((value) => ({ value })),
              );
              return isWhy(lists)
                ? lostIterator(lists)
                : iteratorOver("chain", (lists as readonly (readonly Value[])[]).flat());
            }),
          },
        ],
      ],
      (interp, _cls, args) => {
        const lists = all(interp, args.positional);
        return isWhy(lists)
          ? lostIterator(lists)
          : iteratorOver("chain", (lists as readonly (readonly Value[])[]).flat());
      },
    ),
    repeat: fn("repeat", "object, times=None", (_interp, get) => {
      const times = toFloat(get("times"));
      const value = get("object");
      return {
        kind: "iterator",
        name: "repeat",
        index: 0,
        next: (index) => (times === undefined || index < times ? value : undefined),
      };
    }),
    count: fn("count", "start=0, step=1", (_interp, get) => {
      const start = toFloat(get("start")) ?? 0;
      const stride = toFloat(get("step")) ?? 1;
      return { kind: "iterator", name: "count", index: 0, next: (index) => int(start + index * stride) };
    }),
    cycle: fn("cycle", "iterable", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      return isWhy(items)
        ? lostIterator(items)
        : { kind: "iterator", name: "cycle", index: 0, next: (index) => items[index % Math.max(1, items.length)] };
    }),
    product: raw(
      "product",
      (interp, args) => {
        const lists = all(interp, args.positional);
        if (isWhy(lists)) return lostIterator(lists);
        const times = toFloat(args.keywords.find(([key]) => key === "repeat")?.[1].value ?? int(1)) ?? 1;
        let rows: Value[][] = [[]];
        for (let i = 0; i < times; i++)
          for (const items of lists as readonly (readonly Value[])[])
            rows = rows.flatMap((row) => items.map((item) => [...row, item]));
        return iteratorOver("product", rows.map(tuple));
      },
      { free: true },
    ),
    zip_longest: raw(
      "zip_longest",
      (interp, args) => {
        const lists = all(interp, args.positional);
        if (isWhy(lists)) return lostIterator(lists);
        const fill = args.keywords.find(([key]) => key === "fillvalue")?.[1].value ?? NONE;
        const columns = lists as readonly (readonly Value[])[];
        const rows = Math.max(0, ...columns.map((c) => c.length));
        return iteratorOver(
          "zip_longest",
          Array.from({ length: rows }, (_x, i) => tuple(columns.map((c) => c[i] ?? fill))),
        );
      },
      { free: true },
    ),
    accumulate: fn("accumulate", "iterable, func=None, *, initial=None", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      if (isWhy(items)) return lostIterator(items);
      const start = get("initial");
      const all = start.kind === "none" ? items : [start, ...items];
      const sums: Value[] = [];
      for (const item of all) {
        const last = sums.at(-1);
        sums.push(
          last === undefined
            ? item
            : get("func").kind === "none"
              ? interp.lang.binary(interp, "+", last, item, false)
              : callValue(interp, get("func"), { positional: [{ value: last }, { value: item }], keywords: [] }),
        );
      }
      return iteratorOver("accumulate", sums);
    }),
    islice: raw(
      "islice",
      (interp, args) => {
        const source = iterate(interp, args.positional[0]?.value ?? NONE);
        if (source.why !== undefined) return lostIterator(source.why);
        const [a, b, c] = args.positional.slice(1).map((p) => toFloat(p.value));
        const start = args.positional.length < 3 ? 0 : (a ?? 0);
        const stop = args.positional.length < 3 ? a : b;
        const items: Value[] = [];
        for (let i = start; (stop === undefined || i < stop) && items.length < 100_000; i += c ?? 1) {
          const item = source.next(source.index + i);
          if (item === undefined) break;
          items.push(item);
        }
        return iteratorOver("islice", items);
      },
      { free: true },
    ),
    pairwise: fn("pairwise", "iterable", (interp, get) => {
      const items = itemsOf(interp, get("iterable"));
      return isWhy(items)
        ? lostIterator(items)
        : iteratorOver(
            "pairwise",
            items.slice(1).map((item, i) => tuple([items[i] ?? NONE, item])),
          );
    }),
  };
}

/** `copy.copy` and `copy.deepcopy`. */
function copyValue(interp: Interp, value: Value, memo: Map<Value, Value>, deep: boolean): Value {
  const known = memo.get(value);
  if (known !== undefined) return known;
  const inner = (item: Value): Value => (deep ? copyValue(interp, item, memo, true) : item);
  switch (value.kind) {
    case "list": {
      const made: Value = { kind: "list", items: [], ...(value.why === undefined ? {} : { why: value.why }) };
      memo.set(value, made);
      made.items.push(...value.items.map(inner));
      return made;
    }
    case "tuple":
      return { ...value, items: value.items.map(inner) };
    case "set":
      return { ...value, items: new Map(value.items) };
    case "dict": {
      const made: DictValue = { ...value, entries: new Map() };
      memo.set(value, made);
      for (const [key, [k, v]] of value.entries) made.entries.set(key, Object.freeze([k, inner(v)] as const));
      return made;
    }
    case "instance": {
      const made: InstanceValue = {
        ...value,
        attrs: new Map(),
        serial: interp.serial++,
        place: interp.ownPlace() ?? value.place,
      };
      memo.set(value, made);
      for (const [key, v] of value.attrs)
        made.attrs.set(key, deep || (key.startsWith("_") && v.kind === "dict") ? copyValue(interp, v, memo, deep) : v);
      return made;
    }
    case "tensor":
      if (!deep || value.weight === undefined) return value;
      {
        const made: Value = { ...value, weight: { ...value.weight }, ref: undefined };
        memo.set(value, made);
        return made;
      }
    case "method":
      return deep ? { ...value, self: inner(value.self) } : value;
    default:
      return value;
  }
}
