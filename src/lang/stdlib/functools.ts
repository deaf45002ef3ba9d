import { callValue, force } from "../../eval/evaluate.ts";
import { fail, type Interp } from "../../eval/interp.ts";
import { advance } from "../../eval/iterate.ts";
import { lazyArgument, lazyEntry } from "../../eval/lazy.ts";
import {
  type BuiltinValue,
  bool,
  type CallArgs,
  type ClassValue,
  type InstanceValue,
  int,
  NONE,
  NOT_IMPLEMENTED,
  str,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { specialMethod, toFloat } from "../arithmetic.ts";
import { bindTo, findAttribute } from "../attributes.ts";
import { iterate } from "../iteration.ts";
import { functionAnnotations } from "../members.ts";
import { native, nativeClass, raw } from "../native.ts";
import { classAttribute, emptyDict, hashKey, makeInstance, objectClass, typeOf } from "../types.ts";
import { fn, type Names } from "./module.ts";

function instanceOf(args: CallArgs): InstanceValue | undefined {
  const self = args.positional[0]?.value;
  return self?.kind === "instance" ? self : undefined;
}

/** The arguments of a `partial` before those of a call of it. */
function joined(self: InstanceValue, args: CallArgs): CallArgs {
  const base = self.attrs.get("args");
  const keywords = self.attrs.get("keywords");
  const given = new Map(
    (keywords?.kind === "dict" ? [...keywords.entries.values()] : []).map(
      (entry) => [entry[0].kind === "str" ? entry[0].value : "", lazyArgument(() => entry[1], undefined)] as const,
    ),
  );
  for (const [key, arg] of args.keywords) given.set(key, arg);
  const more = args.more ?? (keywords?.kind === "dict" ? keywords.why : undefined);
  return {
    positional: [...(base?.kind === "tuple" ? base.items.map((value) => ({ value })) : []), ...args.positional],
    keywords: [...given],
    more,
  };
}

const initPartial = raw("__init__", (interp, args) => {
  const self = instanceOf(args);
  if (self === undefined) return NONE;
  const [, func] = args.positional;
  let target: Value = func?.later ?? func?.value ?? NONE;
  let given: CallArgs = { ...args, positional: args.positional.slice(2) };
  // A partial of a partial is one.
  if (target.kind === "instance" && target.cls === partialClass && self.cls === partialClass) {
    given = joined(target, given);
    target = target.attrs.get("func") ?? NONE;
  }
  interp.journal.set(self.attrs, "func", target);
  interp.journal.set(self.attrs, "args", tuple(given.positional.map((arg) => arg.value)));
  interp.journal.set(self.attrs, "keywords", {
    kind: "dict",
    entries: new Map(given.keywords.map(([key, arg]) => [`s:${key}`, lazyEntry(str(key), () => arg.value)])),
    ...(given.more === undefined ? {} : { why: given.more }),
  });
  return NONE;
});

const partialClass: ClassValue = nativeClass(
  "partial",
  "functools",
  [objectClass],
  [
    [
      "__call__",
      raw("__call__", (interp, args) => {
        const self = instanceOf(args);
        if (self === undefined) return NONE;
        const rest = { ...args, positional: args.positional.slice(1) };
        return callValue(interp, force(interp, self.attrs.get("func") ?? NONE), joined(self, rest));
      }),
    ],
    ["__init__", initPartial],
  ],
);

/** A descriptor: bound to an instance it is a partial of the method. */
const partialMethodClass: ClassValue = nativeClass(
  "partialmethod",
  "functools",
  [objectClass],
  [
    ["__init__", initPartial],
    [
      "__get__",
      native("__get__", "self, instance, owner=None", (interp, get) => {
        const self = get("self");
        const instance = get("instance");
        if (self.kind !== "instance") return NONE;
        const func = force(interp, self.attrs.get("func") ?? NONE);
        return raw(
          "partialmethod",
          (i, args) => {
            const all = joined(self, args);
            const bound = instance.kind === "none" ? [] : [{ value: instance }];
            return callValue(i, func, { ...all, positional: [...bound, ...all.positional] });
          },
          { free: true },
        );
      }),
    ],
  ],
);

const COPIED = ["__module__", "__name__", "__qualname__", "__doc__", "__dict__"] as const;

function copyNames(interp: Interp, wrapper: Value, wrapped: Value): Value {
  if (wrapper.kind !== "function" && wrapper.kind !== "instance") return wrapper;
  for (const name of COPIED) {
    const value = findAttribute(interp, wrapped, name);
    if (value === undefined || value.kind === "unknown") continue;
    if (name !== "__dict__") interp.lang.setAttribute(interp, wrapper, name, value);
    else if (value.kind === "dict" && wrapped.kind === "function")
      for (const [key, item] of [...value.entries.values()])
        if (key.kind === "str") interp.lang.setAttribute(interp, wrapper, key.value, item);
  }
  interp.lang.setAttribute(interp, wrapper, "__wrapped__", wrapped);
  return wrapper;
}

// --- caches ------------------------------------------------------------------------------------------------------

const cacheInfoClass = nativeClass("CacheInfo", "functools", [objectClass]);

/** A function that remembers its results; bound to instances like a function. */
function cached(interp: Interp, wrapped: Value): Value {
  const results = emptyDict();
  const counts = makeInstance(interp, cacheInfoClass);
  for (const name of ["hits", "misses"]) counts.attrs.set(name, int(0));
  const count = (i: Interp, name: string): void => {
    i.journal.set(counts.attrs, name, int((toFloat(counts.attrs.get(name) ?? NONE) ?? 0) + 1));
  };
  const call = (i: Interp, args: CallArgs): Value => {
    const keys: string[] = [];
    for (const { value } of args.positional) keys.push(hashKey(i, value) ?? "");
    for (const [name, { value }] of args.keywords) keys.push(`${name}=${hashKey(i, value) ?? ""}`);
    const key = `t:${keys.join(",")}`;
    // What cannot be told apart is computed anew.
    const tellable = args.more === undefined && !keys.some((part) => part === "" || part.endsWith("="));
    const known = tellable ? results.entries.get(key) : undefined;
    if (known !== undefined) {
      count(i, "hits");
      return known[1];
    }
    const made = callValue(i, wrapped, args);
    count(i, "misses");
    if (tellable && made.kind !== "unknown") i.journal.setEntry(results, key, Object.freeze([NONE, made] as const));
    return made;
  };
  const self = makeInstance(interp, cacheClass);
  caches.set(self, call);
  self.attrs.set("__wrapped__", wrapped);
  self.attrs.set(
    "cache_info",
    raw("cache_info", () => counts, { free: true }),
  );
  self.attrs.set(
    "cache_clear",
    raw(
      "cache_clear",
      (i) => {
        i.journal.assign(results, "entries", new Map());
        return NONE;
      },
      { free: true },
    ),
  );
  for (const name of ["__name__", "__qualname__", "__doc__", "__module__"]) {
    const value = findAttribute(interp, wrapped, name);
    if (value !== undefined && value.kind !== "unknown") self.attrs.set(name, value);
  }
  return self;
}

const caches = new WeakMap<InstanceValue, (interp: Interp, args: CallArgs) => Value>();
const cacheClass = nativeClass(
  "_lru_cache_wrapper",
  "functools",
  [objectClass],
  [
    [
      "__call__",
      raw("__call__", (interp, args) => {
        const self = instanceOf(args);
        const call = self === undefined ? undefined : caches.get(self);
        return call?.(interp, { ...args, positional: args.positional.slice(1) }) ?? NONE;
      }),
    ],
    [
      "__get__",
      native("__get__", "self, instance, owner=None", (_interp, get) =>
        get("instance").kind === "none" ? get("self") : { kind: "method", self: get("instance"), fn: get("self") },
      ),
    ],
  ],
);

function cacheDecorator(name: string): Value {
  return raw(
    name,
    (interp, args) => {
      const first = args.positional[0]?.value;
      if (first !== undefined && first.kind !== "none" && first.kind !== "int") return cached(interp, first);
      return raw(name, (i, inner) => cached(i, inner.positional[0]?.value ?? NONE), { free: true });
    },
    { free: true },
  );
}

// --- single dispatch ---------------------------------------------------------------------------------------------

function singleDispatch(interp: Interp, wrapped: Value): Value {
  const table = emptyDict();
  const self = makeInstance(interp, dispatchClass);
  self.attrs.set("__wrapped__", wrapped);
  self.attrs.set("registry", table);
  return self;
}

function implementationFor(interp: Interp, self: InstanceValue, cls: ClassValue | undefined): Value | undefined {
  const table = self.attrs.get("registry");
  if (table?.kind !== "dict" || cls === undefined) return undefined;
  for (const ancestor of cls.mro) {
    const found = table.entries.get(hashKey(interp, ancestor) ?? "")?.[1];
    if (found !== undefined) return found;
  }
  return self.attrs.get("__wrapped__");
}

const dispatchClass: ClassValue = nativeClass(
  "singledispatch",
  "functools",
  [objectClass],
  [
    [
      "__call__",
      raw("__call__", (interp, args) => {
        const self = instanceOf(args);
        const rest = { ...args, positional: args.positional.slice(1) };
        const value = rest.positional[0]?.value;
        if (self === undefined || value === undefined) return NONE;
        const chosen = implementationFor(interp, self, typeOf(interp, value));
        return chosen === undefined
          ? unknown({ reason: t("a dispatch on a value whose class is not known") })
          : callValue(interp, chosen, rest);
      }),
    ],
    [
      "register",
      native("register", "self, cls, func=None", (interp, get) => {
        const self = get("self");
        const first = get("cls");
        const table = self.kind === "instance" ? self.attrs.get("registry") : undefined;
        if (table?.kind !== "dict") return NONE;
        const put = (i: Interp, type: Value, func: Value): Value => {
          i.journal.setEntry(table, hashKey(i, type) ?? "", Object.freeze([type, func] as const));
          return func;
        };
        if (first.kind === "class") {
          if (get("func").kind !== "none") return put(interp, first, get("func"));
          return raw("register", (i, args) => put(i, first, args.positional[0]?.value ?? NONE), { free: true });
        }
        const types = first.kind === "function" ? functionAnnotations(interp, first) : NONE;
        const [entry] = types.kind === "dict" ? [...types.entries.values()] : [];
        return entry === undefined ? first : put(interp, entry[1], first);
      }),
    ],
    [
      "dispatch",
      native("dispatch", "self, cls", (interp, get) => {
        const [self, cls] = [get("self"), get("cls")];
        return self.kind === "instance" && cls.kind === "class"
          ? (implementationFor(interp, self, cls) ?? NONE)
          : unknown({ reason: t("a dispatch on a value whose class is not known") });
      }),
    ],
  ],
);

/** A descriptor: what the first argument after the instance is decides which function is bound. */
const dispatchMethodClass: ClassValue = nativeClass(
  "singledispatchmethod",
  "functools",
  [objectClass],
  [
    [
      "__init__",
      native("__init__", "self, func", (interp, get) => {
        const self = get("self");
        if (self.kind === "instance") self.attrs.set("dispatcher", singleDispatch(interp, get("func")));
        return NONE;
      }),
    ],
    [
      "register",
      native("register", "self, cls, method=None", (interp, get) => {
        const positional = [get("cls"), get("method")].map((value) => ({ value }));
        const register = findAttribute(interp, dispatcherOf(get("self")), "register") ?? NONE;
        return callValue(interp, register, { positional, keywords: [] });
      }),
    ],
    [
      "__get__",
      native("__get__", "self, instance, owner=None", (_interp, get) =>
        raw(
          "singledispatchmethod",
          (i, args) => {
            const dispatcher = dispatcherOf(get("self"));
            const value = args.positional[0]?.value;
            if (dispatcher.kind !== "instance" || value === undefined) return NONE;
            const chosen = implementationFor(i, dispatcher, typeOf(i, value));
            if (chosen === undefined) return unknown({ reason: t("a dispatch on a value whose class is not known") });
            const [instance, owner] = [get("instance"), get("owner")];
            const isBound = instance.kind !== "none" && owner.kind === "class";
            return callValue(i, isBound ? bindTo(i, chosen, instance, owner) : chosen, args);
          },
          { free: true },
        ),
      ),
    ],
  ],
);

function dispatcherOf(self: Value): Value {
  return self.kind === "instance" ? (self.attrs.get("dispatcher") ?? NONE) : NONE;
}

// --- the module --------------------------------------------------------------------------------------------------

/** The other three comparisons from the one that a class defines. */
function totalOrdering(interp: Interp, cls: Value): Value {
  if (cls.kind !== "class") return cls;
  const derived: Readonly<
    Record<string, (less: boolean | undefined, same: boolean | undefined) => boolean | undefined>
  > = {
    __lt__: (less) => less,
    __le__: (less, same) => (less === undefined || same === undefined ? undefined : less || same),
    __gt__: (less, same) => (less === undefined || same === undefined ? undefined : !less && !same),
    __ge__: (less) => (less === undefined ? undefined : !less),
  };
  const own = ["__lt__", "__le__", "__gt__", "__ge__"].find((name) => classAttribute(cls, name) !== undefined);
  if (own === undefined) return fail(interp, "ValueError", "must define at least one ordering operation: < > <= >=");
  for (const [name, derive] of Object.entries(derived)) {
    if (classAttribute(cls, name) !== undefined) continue;
    const method: BuiltinValue = native(name, "self, other", (i, get) => {
      const [a, b] = [get("self"), get("other")];
      const truthOf = (value: Value): boolean | undefined => {
        const known = i.lang.truth(i, value);
        return typeof known === "boolean" ? known : undefined;
      };
      const same = truthOf(i.lang.compare(i, "==", a, b));
      const root = specialMethod(i, a, own);
      const answer =
        root === undefined ? NOT_IMPLEMENTED : callValue(i, root, { positional: [{ value: b }], keywords: [] });
      if (answer.kind === "not-implemented") return NOT_IMPLEMENTED;
      const said = truthOf(answer);
      const less =
        said === undefined || same === undefined
          ? undefined
          : own === "__lt__"
            ? said
            : own === "__le__"
              ? said && !same
              : own === "__gt__"
                ? !said && !same
                : !said;
      const made = derive(less, same);
      return made === undefined ? unknown({ reason: t("a comparison of values that are not followed") }) : bool(made);
    });
    interp.journal.set(cls.attrs, name, method);
  }
  return cls;
}

const keyClass = nativeClass("K", "functools", [objectClass]);

/** `functools`. */
export function functools(): Names {
  const argument = (args: CallArgs, index: number, name: string): Value =>
    args.positional[index]?.value ?? args.keywords.find(([key]) => key === name)?.[1].value ?? NONE;
  return {
    partial: partialClass,
    partialmethod: partialMethodClass,
    wraps: raw(
      "wraps",
      (_interp, args) => {
        const wrapped = argument(args, 0, "wrapped");
        return raw("wraps", (i, inner) => copyNames(i, argument(inner, 0, "wrapper"), wrapped), { free: true });
      },
      { free: true },
    ),
    update_wrapper: raw(
      "update_wrapper",
      (interp, args) => copyNames(interp, argument(args, 0, "wrapper"), argument(args, 1, "wrapped")),
      { free: true },
    ),
    reduce: fn("reduce", "function, iterable, *initial", (interp, get) => {
      const source = iterate(interp, get("iterable"));
      const initial = get("initial");
      let total = initial.kind === "tuple" ? initial.items[0] : undefined;
      total ??= advance(interp, source);
      if (total === undefined)
        return source.why === undefined
          ? fail(interp, "TypeError", "reduce() of empty iterable with no initial value")
          : unknown(source.why);
      for (let turn = 0; turn < 100_000; turn++) {
        const item = advance(interp, source);
        if (item === undefined) return source.why === undefined ? total : unknown(source.why);
        total = callValue(interp, get("function"), { positional: [{ value: total }, { value: item }], keywords: [] });
      }
      return unknown({ reason: t("an iteration without end") });
    }),
    lru_cache: cacheDecorator("lru_cache"),
    cache: cacheDecorator("cache"),
    cached_property: raw(
      "cached_property",
      (_interp, args) => ({ kind: "property", get: args.positional[0]?.value ?? NONE, set: undefined, cached: true }),
      { free: true },
    ),
    total_ordering: fn("total_ordering", "cls", (interp, get) => totalOrdering(interp, get("cls"))),
    singledispatch: fn("singledispatch", "func", (interp, get) => singleDispatch(interp, get("func"))),
    singledispatchmethod: dispatchMethodClass,
    cmp_to_key: fn("cmp_to_key", "mycmp", (_interp, outer) =>
      fn("K", "obj", (interp, get) => {
        const made = makeInstance(interp, comparedClass(outer("mycmp")));
        made.attrs.set("obj", get("obj"));
        return made;
      }),
    ),
  };
}

function comparedClass(compare: Value): ClassValue {
  const less = native("__lt__", "self, other", (interp, get) => {
    const [a, b] = [get("self"), get("other")];
    const held = (value: Value): Value => (value.kind === "instance" ? (value.attrs.get("obj") ?? NONE) : NONE);
    const sign = callValue(interp, compare, { positional: [{ value: held(a) }, { value: held(b) }], keywords: [] });
    return interp.lang.compare(interp, "<", sign, int(0));
  });
  return nativeClass("K", "functools", [keyClass], [["__lt__", less]]);
}
