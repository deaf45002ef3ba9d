import type { Expr } from "../../core/core.ts";
import { callValue } from "../../eval/evaluate.ts";
import { fail, type Interp } from "../../eval/interp.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
  type InstanceValue,
  NONE,
  NOT_IMPLEMENTED,
  opaque,
  str,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { annotationsOf, annotationValue } from "../annotations.ts";
import { setPlain } from "../assignment.ts";
import { findAttribute } from "../attributes.ts";
import { libraryException } from "../exceptions.ts";
import { reprOf } from "../format.ts";
import { keywordRepairs, native, nativeClass, raw } from "../native.ts";
import { classAttribute, makeInstance, objectClass } from "../types.ts";
import { copyValue } from "./copy.ts";
import { fn, type Names } from "./module.ts";

interface Field {
  readonly name: string;
  readonly fallback: Value | undefined;
  readonly factory: Value | undefined;
  readonly init: boolean;
  readonly repr: boolean;
  readonly compare: boolean;
  readonly keywordOnly: boolean;
  /** `InitVar`: a parameter of `__init__` that only `__post_init__` gets. */
  readonly initOnly: boolean;
  readonly type: Value;
  readonly metadata: Value;
}

const fieldsOf = new WeakMap<ClassValue, readonly Field[]>();
const MISSING = opaque("dataclasses", "MISSING");
const fieldClass = nativeClass("Field", "dataclasses", [objectClass]);
const FROZEN = "FrozenInstanceError";
const frozenError = libraryException(FROZEN, "dataclasses", "AttributeError");

/** The fields of the nearest dataclass that a class is or derives from. */
function allFields(cls: ClassValue): readonly Field[] {
  for (const ancestor of cls.mro) {
    const own = fieldsOf.get(ancestor);
    if (own !== undefined) return own;
  }
  return [];
}

interface Options {
  readonly init: boolean;
  readonly repr: boolean;
  readonly eq: boolean;
  readonly order: boolean;
  readonly frozen: boolean;
  readonly keywordOnly: boolean;
  readonly unsafeHash: boolean;
  readonly slots: boolean;
}

function optionsOf(interp: Interp, args: CallArgs): Options {
  const flag = (name: string, fallback: boolean): boolean => {
    const value = args.keywords.find(([key]) => key === name)?.[1].value;
    return value === undefined ? fallback : interp.lang.truth(interp, value) === true;
  };
  return {
    init: flag("init", true),
    repr: flag("repr", true),
    eq: flag("eq", true),
    order: flag("order", false),
    frozen: flag("frozen", false),
    keywordOnly: flag("kw_only", false),
    unsafeHash: flag("unsafe_hash", false),
    slots: flag("slots", false),
  };
}

/** Makes a dataclass of a class from its annotated names and those of its bases. */
function makeDataclass(interp: Interp, cls: ClassValue, options: Options): Value {
  const fields = new Map<string, Field>();
  for (const ancestor of [...cls.mro].slice(1).reverse())
    for (const field of fieldsOf.get(ancestor) ?? []) fields.set(field.name, field);
  const info = annotationsOf(cls);
  let keywordOnly = options.keywordOnly;
  for (const [name, annotation] of info?.names ?? []) {
    if (mentions(annotation, "ClassVar")) continue;
    if (mentions(annotation, "KW_ONLY")) {
      keywordOnly = true;
      continue;
    }
    const value = cls.attrs.get(name);
    const given = value?.kind === "opaque" && value.type === "field" ? value.attrs : undefined;
    const set = (key: string, fallback: boolean): boolean => {
      const option = given?.get(key);
      return option === undefined ? fallback : interp.lang.truth(interp, option) === true;
    };
    const plain = given === undefined ? value : given.get("default");
    if (plain?.kind === "list" || plain?.kind === "dict" || (plain?.kind === "set" && !plain.frozen))
      return fail(
        interp,
        "ValueError",
        `mutable default <class '${plain.kind}'> for field ${name} is not allowed: use default_factory`,
      );
    fields.set(name, {
      name,
      fallback: plain,
      factory: given?.get("default_factory"),
      init: set("init", true),
      repr: set("repr", true),
      compare: set("compare", true),
      keywordOnly: set("kw_only", keywordOnly),
      initOnly: mentions(annotation, "InitVar"),
      type: info === undefined ? NONE : annotationValue(interp, annotation, info.scope),
      metadata: given?.get("metadata") ?? { kind: "dict", entries: new Map() },
    });
    if (given !== undefined) {
      if (plain === undefined) interp.journal.remove(cls, "attrs", cls.attrs, name);
      else interp.journal.set(cls.attrs, name, plain);
    }
  }
  const all = [...fields.values()];
  fieldsOf.set(cls, all);
  let optional: string | undefined;
  for (const field of all) {
    if (!field.init || field.keywordOnly) continue;
    if (field.fallback !== undefined || field.factory !== undefined) optional = field.name;
    else if (optional !== undefined && options.init)
      return fail(interp, "TypeError", `non-default argument '${field.name}' follows default argument`);
  }
  const add = (name: string, value: Value): void => {
    if (!cls.attrs.has(name)) interp.journal.set(cls.attrs, name, value);
  };
  if (options.init) add("__init__", initOf(cls, all));
  const stored = all.filter((field) => !field.initOnly);
  interp.journal.set(cls.attrs, "__dataclass_fields__", {
    kind: "dict",
    entries: new Map(
      stored.map((field) => [`s:${field.name}`, Object.freeze([str(field.name), fieldValue(interp, field)] as const)]),
    ),
  });
  add("__match_args__", tuple(stored.filter((field) => field.init && !field.keywordOnly).map((f) => str(f.name))));
  if (options.repr) add("__repr__", reprMethod(stored));
  const compared = stored.filter((field) => field.compare);
  if (options.eq) {
    const hadEq = cls.attrs.has("__eq__");
    add("__eq__", comparison("__eq__", "==", compared));
    if (options.frozen || options.unsafeHash) {
      if (!hadEq || cls.attrs.get("__hash__")?.kind === "none")
        interp.journal.set(cls.attrs, "__hash__", hashMethod(compared));
    } else if (!cls.attrs.has("__hash__")) interp.journal.set(cls.attrs, "__hash__", NONE);
  }
  if (options.order)
    for (const [name, op] of [
      ["__lt__", "<"],
      ["__le__", "<="],
      ["__gt__", ">"],
      ["__ge__", ">="],
    ] as const)
      add(name, comparison(name, op, compared));
  if (options.frozen) freeze(interp, cls);
  if (options.slots) Object.assign(cls, { slots: stored.map((field) => field.name) });
  return cls;
}

const valuesOf = (self: InstanceValue, fields: readonly Field[]): Value =>
  tuple(fields.map((field) => self.attrs.get(field.name) ?? NONE));

function comparison(name: string, op: "==" | "<" | "<=" | ">" | ">=", fields: readonly Field[]): Value {
  return native(name, "self, other", (interp, get) => {
    const [a, b] = [get("self"), get("other")];
    if (a.kind !== "instance" || b.kind !== "instance" || a.cls !== b.cls) return NOT_IMPLEMENTED;
    return interp.lang.compare(interp, op, valuesOf(a, fields), valuesOf(b, fields));
  });
}

function hashMethod(fields: readonly Field[]): Value {
  return native("__hash__", "self", (interp, get) => {
    const self = get("self");
    if (self.kind !== "instance") return NONE;
    return callValue(interp, interp.lang.builtins.get("hash") ?? NONE, {
      positional: [{ value: valuesOf(self, fields) }],
      keywords: [],
    });
  });
}

function reprMethod(fields: readonly Field[]): Value {
  return native("__repr__", "self", (interp, get) => {
    const self = get("self");
    if (self.kind !== "instance") return NONE;
    const parts: string[] = [];
    for (const field of fields) {
      if (!field.repr) continue;
      const text = reprOf(interp, findAttribute(interp, self, field.name) ?? NONE);
      if (text === undefined) return unknown({ reason: t("text of an unknown value") });
      parts.push(`${field.name}=${text}`);
    }
    return str(`${self.cls.qualname}(${parts.join(", ")})`);
  });
}

function initOf(cls: ClassValue, all: readonly Field[]): Value {
  const inits = all.filter((field) => field.init);
  const slots = inits.filter((field) => !field.keywordOnly);
  const names = new Set(inits.map(({ name }) => name));
  const label = `${cls.qualname}.__init__()`;
  const made = raw("__init__", (interp, args) => {
    const self = args.positional[0]?.value;
    if (self?.kind !== "instance") return NONE;
    const given = new Map<string, Value>();
    const positional = args.positional.slice(1);
    if (slots.length < positional.length) {
      const required = slots.filter((field) => field.fallback === undefined && field.factory === undefined).length + 1;
      const most = slots.length + 1;
      fail(
        interp,
        "TypeError",
        `${label} takes ${required === most ? most : `from ${required} to ${most}`} positional argument${most === 1 ? "" : "s"} but ${positional.length + 1} were given`,
      );
    }
    positional.forEach((arg, index) => {
      const field = slots[index];
      if (field !== undefined) given.set(field.name, arg.value);
    });
    for (const [key, arg] of args.keywords) {
      if (!names.has(key))
        fail(interp, "TypeError", `${label} got an unexpected keyword argument '${key}'`, {
          repairs: keywordRepairs(
            interp,
            key,
            inits.map((field) => field.name),
            arg.span,
            interp.frames.at(-1)?.module.file,
          ),
        });
      else if (given.has(key)) fail(interp, "TypeError", `${label} got multiple values for argument '${key}'`);
      given.set(key, arg.value);
    }
    const missing = inits.filter(
      (field) => !given.has(field.name) && field.fallback === undefined && field.factory === undefined,
    );
    if (0 < missing.length && args.more === undefined) {
      const kind = missing.every((field) => field.keywordOnly) ? "keyword-only" : "positional";
      const lacking = missing
        .filter((field) => field.keywordOnly === (kind === "keyword-only"))
        .map((field) => `'${field.name}'`);
      const listed =
        lacking.length < 3 ? lacking.join(" and ") : `${lacking.slice(0, -1).join(", ")}, and ${lacking.at(-1)}`;
      fail(
        interp,
        "TypeError",
        `${label} missing ${lacking.length} required ${kind} argument${lacking.length === 1 ? "" : "s"}: ${listed}`,
      );
    }
    const frozen = self.cls.attrs.has("__dataclass_frozen__") || classAttribute(self.cls, "__dataclass_frozen__");
    const post: Value[] = [];
    for (const field of all) {
      let value = given.get(field.name);
      if (value === undefined && field.factory !== undefined)
        value = callValue(interp, field.factory, { positional: [], keywords: [] });
      value ??= field.fallback;
      if (value === undefined) {
        if (!field.init) continue;
        value = unknown(args.more ?? { reason: t("a missing argument") });
      }
      if (field.initOnly) post.push(value);
      else if (frozen) setPlain(interp, self, field.name, value);
      else interp.lang.setAttribute(interp, self, field.name, value);
    }
    const hook = classAttribute(self.cls, "__post_init__");
    if (hook !== undefined)
      callValue(
        interp,
        { kind: "method", self, fn: hook },
        { positional: post.map((value) => ({ value })), keywords: [] },
      );
    return NONE;
  });
  const span = { start: 0, end: 0 };
  const kind = (field: Field): "keyword-only" | "normal" => (field.keywordOnly ? "keyword-only" : "normal");
  const params = [...slots, ...inits.filter((field) => field.keywordOnly)].map((field) => ({
    span,
    name: field.name,
    kind: kind(field),
    fallback: undefined,
    annotation: undefined,
  }));
  const self = { span, name: "self", kind: "normal", fallback: undefined, annotation: undefined } as const;
  return { ...made, params: [self, ...params] };
}

function freeze(interp: Interp, cls: ClassValue): void {
  const refuse = (verb: string) => (i: Interp, args: CallArgs) => {
    const name = args.positional[1]?.value;
    const message = `cannot ${verb} field '${name?.kind === "str" ? name.value : "?"}'`;
    return fail(i, FROZEN, message);
  };
  interp.journal.set(cls.attrs, "__dataclass_frozen__", bool(true));
  for (const [name, verb] of [
    ["__setattr__", "assign to"],
    ["__delattr__", "delete"],
  ] as const)
    interp.journal.set(cls.attrs, name, raw(name, refuse(verb)));
}

function mentions(annotation: Expr, name: string): boolean {
  if (annotation.kind === "name") return annotation.name === name;
  if (annotation.kind === "attribute") return annotation.name === name;
  if (annotation.kind === "string") return new RegExp(`^\\s*(?:\\w+\\.)?${name}\\b`).test(annotation.value);
  return annotation.kind === "index" && mentions(annotation.object, name);
}

function fieldValue(interp: Interp, field: Field): Value {
  const made = makeInstance(interp, fieldClass);
  for (const [key, value] of [
    ["name", str(field.name)],
    ["type", field.type],
    ["default", field.fallback ?? MISSING],
    ["default_factory", field.factory ?? MISSING],
    ["init", bool(field.init)],
    ["repr", bool(field.repr)],
    ["compare", bool(field.compare)],
    ["kw_only", bool(field.keywordOnly)],
    ["metadata", field.metadata],
  ] as const)
    made.attrs.set(key, value);
  return made;
}

function stored(value: Value): readonly Field[] | undefined {
  const cls = value.kind === "instance" ? value.cls : value.kind === "class" ? value : undefined;
  if (cls === undefined || classAttribute(cls, "__dataclass_fields__") === undefined) return undefined;
  return allFields(cls).filter((field) => !field.initOnly);
}

/** A dataclass instance as dicts or tuples, all the way down. */
function unfold(interp: Interp, value: Value, asDict: boolean): Value {
  const fields = value.kind === "instance" ? stored(value) : undefined;
  if (value.kind === "instance" && fields !== undefined) {
    const values = fields.map((field) => unfold(interp, findAttribute(interp, value, field.name) ?? NONE, asDict));
    if (!asDict) return tuple(values);
    return {
      kind: "dict",
      entries: new Map(
        fields.map((field, i) => [`s:${field.name}`, Object.freeze([str(field.name), values[i] ?? NONE] as const)]),
      ),
    };
  }
  const inner = (item: Value): Value => unfold(interp, item, asDict);
  switch (value.kind) {
    case "list":
      return { kind: "list", items: value.items.map(inner), ...(value.why === undefined ? {} : { why: value.why }) };
    case "tuple":
      return { ...value, items: value.items.map(inner) };
    case "dict":
      return {
        ...value,
        entries: new Map([...value.entries].map(([key, [k, v]]) => [key, Object.freeze([k, inner(v)] as const)])),
      };
    default:
      return copyValue(interp, value, new Map(), true);
  }
}

/** `dataclasses`. */
export function dataclassesNames(): Names {
  const notOne = (interp: Interp, name: string): Value =>
    fail(interp, "TypeError", `${name}() should be called on dataclass instances`);
  return {
    dataclass: raw(
      "dataclass",
      (interp, args) => {
        const cls = args.positional[0]?.value;
        const options = optionsOf(interp, args);
        if (cls?.kind === "class") return makeDataclass(interp, cls, options);
        return raw(
          "dataclass",
          (i, inner) => {
            const value = inner.positional[0]?.value ?? NONE;
            return value.kind === "class" ? makeDataclass(i, value, options) : value;
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
        attrs: new Map(args.keywords.filter(([, arg]) => arg.value !== MISSING).map(([key, arg]) => [key, arg.value])),
      }),
      { free: true },
    ),
    asdict: fn("asdict", "obj, *, dict_factory=None", (interp, get) => {
      const self = get("obj");
      if (self.kind === "unknown") return self;
      if (self.kind !== "instance" || stored(self) === undefined) return notOne(interp, "asdict");
      const made = unfold(interp, self, true);
      const factory = get("dict_factory");
      if (factory.kind === "none" || made.kind !== "dict") return made;
      const pairs = [...made.entries.values()].map(([key, value]) => tuple([key, value]));
      return callValue(interp, factory, { positional: [{ value: { kind: "list", items: pairs } }], keywords: [] });
    }),
    astuple: fn("astuple", "obj", (interp, get) => {
      const self = get("obj");
      if (self.kind === "unknown") return self;
      return self.kind === "instance" && stored(self) !== undefined
        ? unfold(interp, self, false)
        : notOne(interp, "astuple");
    }),
    replace: raw(
      "replace",
      (interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind !== "instance" || stored(self) === undefined)
          return self?.kind === "unknown" ? self : notOne(interp, "replace");
        const given = new Map(args.keywords);
        for (const field of allFields(self.cls)) {
          if (!field.init && given.has(field.name))
            return fail(
              interp,
              "ValueError",
              `field ${field.name} is declared with init=False, it cannot be specified with replace()`,
            );
          const value = self.attrs.get(field.name);
          if (field.init && !given.has(field.name) && value !== undefined) given.set(field.name, { value });
        }
        return callValue(interp, self.cls, { positional: [], keywords: [...given], more: args.more });
      },
      { free: true },
    ),
    fields: fn("fields", "class_or_instance", (interp, get) => {
      const value = get("class_or_instance");
      if (value.kind === "unknown") return value;
      const fields = stored(value);
      return fields === undefined
        ? fail(interp, "TypeError", "must be called with a dataclass type or instance")
        : tuple(fields.map((field) => fieldValue(interp, field)));
    }),
    is_dataclass: fn("is_dataclass", "obj", (_interp, get) => {
      const value = get("obj");
      return value.kind === "unknown" ? value : bool(stored(value) !== undefined);
    }),
    make_dataclass: fn("make_dataclass", "cls_name, fields", () =>
      unknown({ reason: t("make_dataclass is not followed") }),
    ),
    MISSING,
    KW_ONLY: opaque("dataclasses", "KW_ONLY"),
    InitVar: opaque("typing", "InitVar"),
    Field: fieldClass,
    FrozenInstanceError: frozenError,
  };
}
