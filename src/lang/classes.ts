import type { ClassStmt, Expr } from "../core/core.ts";
import { callValue, evaluate, itemsOf } from "../eval/evaluate.ts";
import { execBlock } from "../eval/execute.ts";
import { fail, gap, type Interp, isWhy, topFrame } from "../eval/interp.ts";
import { childScope, type Scope } from "../eval/scope.ts";
import {
  type BuiltinValue,
  type CallArgs,
  type ClassValue,
  type InstanceValue,
  NONE,
  type PassedArg,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { reprOf } from "./format.ts";
import { native, nativeClass, raw } from "./native.ts";
import {
  classAttribute,
  dictClass,
  floatClass,
  intClass,
  listClass,
  makeInstance,
  objectClass,
  setClass,
  strClass,
  tupleClass,
  typeClass,
  typeName,
} from "./types.ts";

/** Runs a class body and makes the class. */
export function makeClass(interp: Interp, stmt: ClassStmt, scope: Scope): Value {
  const bases: ClassValue[] = [];
  let unknownBase: Why | undefined;
  let meta: ClassValue | undefined;
  const keywords: (readonly [string, PassedArg])[] = [];
  for (const arg of stmt.bases) {
    const value = evaluate(interp, arg.value, scope);
    if (arg.keyword === "metaclass") {
      if (value.kind === "class") meta = value;
      else unknownBase = value.kind === "unknown" ? value.why : undefined;
      continue;
    }
    if (arg.keyword !== undefined) {
      keywords.push([arg.keyword, { value, span: arg.span }]);
      continue;
    }
    const values = arg.star === undefined ? [value] : itemsOf(interp, value);
    for (const base of isWhy(values) ? [unknown(values)] : values) {
      if (base.kind === "class") bases.push(base);
      else if (base.kind === "unknown") unknownBase = base.why;
      else if (base.kind !== "opaque") unknownBase = gap(interp, t("a base class that is not followed"));
    }
  }
  const frame = topFrame(interp);
  const body = childScope("class", scope, stmt.scope);
  const place = frame.module.file === undefined ? undefined : { file: frame.module.file, span: stmt.nameSpan };
  body.vars.set("__module__", str(frame.module.name));
  if (stmt.doc !== undefined) body.vars.set("__doc__", str(stmt.doc));
  interp.frames.push({
    function: stmt.name,
    module: frame.module,
    scope: body,
    span: undefined,
    statement: stmt.span.start,
    path: frame.path,
    yields: undefined,
    self: undefined,
    cls: undefined,
  });
  try {
    execBlock(interp, stmt.body, body);
  } finally {
    interp.frames.pop();
  }
  const parents = bases.length === 0 ? [objectClass] : bases;
  meta ??= parents.map((base) => base.meta).find((m) => m !== undefined);
  const cls: { -readonly [K in keyof ClassValue]: ClassValue[K] } = {
    kind: "class",
    name: stmt.name,
    qualname: stmt.name,
    moduleName: frame.module.name,
    bases: parents,
    mro: [],
    attrs: body.vars,
    meta,
    place,
    unknownBase,
  };
  const mro = linearize(cls, parents);
  if (mro === undefined) {
    fail(
      interp,
      "TypeError",
      `Cannot create a consistent method resolution order (MRO) for bases ${parents.map((p) => p.name).join(", ")}`,
    );
    cls.mro = [cls, objectClass];
  } else cls.mro = mro;
  if (body.cell !== undefined) body.cell.cls = cls;
  if (body.annotations !== undefined) interp.store.set(annotationKey(cls), body.annotations);
  annotations.set(cls, { names: body.annotations ?? new Map(), scope: body });
  for (const [name, value] of [...cls.attrs]) {
    const hook = value.kind === "instance" ? classAttribute(value.cls, "__set_name__") : undefined;
    if (hook !== undefined)
      callValue(
        interp,
        { kind: "method", self: value, fn: hook },
        { positional: [{ value: cls }, { value: str(name) }], keywords: [] },
      );
  }
  if (cls.mro.some((c) => c === enumClass)) makeMembers(interp, cls);
  if (parents.includes(namedTupleBase))
    return namedTupleClass(interp, stmt.name, [...(body.annotations?.keys() ?? [])], cls.attrs, frame.module.name);
  const hook = cls.mro
    .slice(1)
    .map((c) => c.attrs.get("__init_subclass__"))
    .find((v) => v !== undefined);
  if (hook !== undefined)
    callValue(interp, hook.kind === "wrapper" ? hook.fn : hook, { positional: [{ value: cls }], keywords });
  return cls;
}

const annotations = new WeakMap<ClassValue, { readonly names: ReadonlyMap<string, Expr>; readonly scope: Scope }>();

function annotationKey(cls: ClassValue): string {
  return `annotations:${cls.moduleName}.${cls.qualname}`;
}

/** C3 linearization; undefined when there is none. */
function linearize(cls: ClassValue, bases: readonly ClassValue[]): readonly ClassValue[] | undefined {
  const lists = [...bases.map((base) => [...base.mro]), [...bases]];
  const result: ClassValue[] = [cls];
  for (;;) {
    const rest = lists.filter((list) => 0 < list.length);
    if (rest.length === 0) return result;
    const next = rest
      .map((list) => list[0])
      .find((head) => head !== undefined && rest.every((list) => !list.slice(1).includes(head)));
    if (next === undefined) return undefined;
    result.push(next);
    for (const list of lists) if (list[0] === next) list.shift();
  }
}

/** `cls(...)`. */
export function instantiate(interp: Interp, cls: ClassValue, args: CallArgs): Value {
  if (cls.meta !== undefined) {
    const call = classAttribute(cls.meta, "__call__");
    if (call !== undefined) return callValue(interp, { kind: "method", self: cls, fn: call }, args);
  }
  if (cls.mro.includes(enumClass)) return enumByValue(interp, cls, args);
  const maker = cls.mro.find((c) => c.construct !== undefined);
  const newMethod = cls.mro.find((c) => c !== objectClass && c.attrs.has("__new__"))?.attrs.get("__new__");
  if (newMethod !== undefined) {
    const fn = newMethod.kind === "wrapper" ? newMethod.fn : newMethod;
    const made = callValue(interp, fn, { ...args, positional: [{ value: cls }, ...args.positional] });
    if (made.kind !== "instance" || !made.cls.mro.includes(cls)) return made;
    return initialize(interp, made, args);
  }
  if (maker?.construct !== undefined) {
    if (maker === cls || cls.place === undefined || !payloadClasses.has(maker))
      return maker.construct(interp, cls, args);
    // A user class over a builtin one: its payload is built by the builtin's constructor unless `__init__` does it.
    const init = classAttribute(cls, "__init__");
    const payload =
      init?.kind === "function" &&
      maker !== tupleClass &&
      maker !== strClass &&
      maker !== intClass &&
      maker !== floatClass
        ? maker.construct(interp, maker, { positional: [], keywords: [] })
        : maker.construct(
            interp,
            maker,
            init?.kind === "function" ? { positional: args.positional, keywords: [] } : args,
          );
    if (payload.kind === "unknown") return payload;
    return initialize(interp, makeInstance(interp, cls, payload), args);
  }
  if (cls.unknownBase !== undefined && classAttribute(cls, "__init__") === undefined)
    return tainted(makeInstance(interp, cls), cls.unknownBase);
  return initialize(interp, makeInstance(interp, cls), args);
}

const payloadClasses = new Set<ClassValue>([
  dictClass,
  listClass,
  setClass,
  tupleClass,
  strClass,
  intClass,
  floatClass,
]);

function tainted(instance: InstanceValue, why: Why): InstanceValue {
  instance.tainted = why;
  return instance;
}

export function initialize(interp: Interp, instance: InstanceValue, args: CallArgs): Value {
  const init = classAttribute(instance.cls, "__init__");
  if (init !== undefined) callValue(interp, { kind: "method", self: instance, fn: init }, args);
  else if (
    0 < args.positional.length + args.keywords.length &&
    instance.payload === undefined &&
    !instance.cls.mro.some((c) => c.unknownBase !== undefined)
  ) {
    fail(interp, "TypeError", `${instance.cls.name}() takes no arguments`);
  }
  return instance;
}

/** `object.__init__`, `object.__new__` and the like. */
objectClass.attrs.set("__init_subclass__", {
  kind: "wrapper",
  type: "class",
  fn: raw("__init_subclass__", () => NONE),
});
const superInit = raw("__init__", () => NONE);
objectClass.attrs.set("__init__", superInit);
objectClass.attrs.set("__new__", {
  kind: "wrapper",
  type: "static",
  fn: raw("__new__", (interp, args) => {
    const cls = args.positional[0]?.value;
    return cls?.kind === "class"
      ? makeInstance(interp, cls)
      : unknown(gap(interp, t("object.__new__ of a class that is not known")));
  }),
});

/** `isinstance(value, cls)` for one class. */
export function isInstance(
  interp: Interp,
  value: Value,
  cls: ClassValue,
  typeOfValue: ClassValue | undefined,
): boolean | Why {
  if (value.kind === "unknown") return value.why;
  if (cls === objectClass) return true;
  const own = typeOfValue;
  if (own === undefined)
    return value.kind === "opaque"
      ? value.type === cls.name
      : { reason: t("the class of {0} is not known", typeName(interp, value)) };
  if (own.mro.includes(cls)) return true;
  if (value.kind === "instance") {
    const lost = own.mro.find((c) => c.unknownBase !== undefined)?.unknownBase;
    if (lost !== undefined) return lost;
  }
  const abstract = abstractOf.get(cls);
  return abstract === undefined ? false : abstract(value);
}

/** Abstract classes of `collections.abc`, `typing` and `types`, by what they accept. */
export const abstractOf = new Map<ClassValue, (value: Value) => boolean>();

// --- dataclasses -------------------------------------------------------------------------------------------------

/** `@dataclass`: an `__init__` from the annotated names of the class and its bases. */
export function makeDataclass(interp: Interp, cls: ClassValue): ClassValue {
  interface Field {
    readonly name: string;
    readonly fallback: Value | undefined;
    readonly factory: Value | undefined;
    readonly init: boolean;
  }
  const fields = new Map<string, Field>();
  for (const ancestor of [...cls.mro].reverse()) {
    const info = annotations.get(ancestor);
    if (info === undefined) continue;
    for (const [name, annotation] of info.names) {
      if (mentionsClassVar(annotation)) continue;
      const value = ancestor.attrs.get(name);
      if (value?.kind === "opaque" && value.type === "field") {
        fields.set(name, {
          name,
          fallback: value.attrs?.get("default"),
          factory: value.attrs?.get("default_factory"),
          init:
            value.attrs?.get("init") !== undefined
              ? interp.lang.truth(interp, value.attrs.get("init") ?? NONE) !== false
              : true,
        });
      } else fields.set(name, { name, fallback: value, factory: undefined, init: true });
    }
  }
  const list = [...fields.values()];
  const init = raw("__init__", (i, args) => {
    const self = args.positional[0]?.value;
    if (self?.kind !== "instance") return NONE;
    const inits = list.filter((field) => field.init);
    const given = new Map<string, Value>();
    args.positional.slice(1).forEach((arg, index) => {
      const field = inits[index];
      if (field === undefined)
        fail(
          i,
          "TypeError",
          `__init__() takes ${inits.length + 1} positional arguments but ${args.positional.length} were given`,
        );
      else given.set(field.name, arg.value);
    });
    for (const [key, arg] of args.keywords) {
      if (!inits.some((field) => field.name === key))
        fail(i, "TypeError", `${cls.name}.__init__() got an unexpected keyword argument '${key}'`);
      given.set(key, arg.value);
    }
    for (const field of list) {
      let value = given.get(field.name);
      if (value === undefined)
        value =
          field.factory === undefined ? field.fallback : callValue(i, field.factory, { positional: [], keywords: [] });
      if (value === undefined)
        value =
          args.more === undefined
            ? fail(i, "TypeError", `${cls.name}.__init__() missing 1 required positional argument: '${field.name}'`)
            : unknown(args.more);
      i.journal.set(self.attrs, field.name, value);
    }
    const post = classAttribute(self.cls, "__post_init__");
    if (post !== undefined) callValue(i, { kind: "method", self, fn: post }, { positional: [], keywords: [] });
    return NONE;
  });
  if (!cls.attrs.has("__init__")) interp.journal.set(cls.attrs, "__init__", init);
  interp.journal.set(cls.attrs, "__dataclass_fields__", {
    kind: "dict",
    entries: new Map(list.map((field) => [`s:${field.name}`, Object.freeze([str(field.name), NONE] as const)])),
  });
  if (!cls.attrs.has("__eq__")) {
    interp.journal.set(
      cls.attrs,
      "__eq__",
      native("__eq__", "self, other", (i, get) => {
        const a = get("self");
        const b = get("other");
        if (a.kind !== "instance" || b.kind !== "instance" || a.cls !== b.cls) return { kind: "not-implemented" };
        return i.lang.compare(
          i,
          "==",
          tuple(list.map((f) => a.attrs.get(f.name) ?? NONE)),
          tuple(list.map((f) => b.attrs.get(f.name) ?? NONE)),
        );
      }),
    );
  }
  return cls;
}

function mentionsClassVar(annotation: Expr): boolean {
  if (annotation.kind === "name") return annotation.name === "ClassVar";
  if (annotation.kind === "attribute") return annotation.name === "ClassVar";
  return annotation.kind === "index" && mentionsClassVar(annotation.object);
}

// --- enums -------------------------------------------------------------------------------------------------------

const enumMeta = nativeClass(
  "EnumMeta",
  "enum",
  [typeClass],
  [
    [
      "__iter__",
      native("__iter__", "self", (_interp, get) => {
        const cls = get("self");
        const members = cls.kind === "class" ? membersOf(cls) : [];
        return { kind: "iterator", name: "enum", index: 0, next: (index) => members[index] };
      }),
    ],
    [
      "__len__",
      native("__len__", "self", (_interp, get) => {
        const cls = get("self");
        return { kind: "int", dim: { size: cls.kind === "class" ? membersOf(cls).length : 0 } };
      }),
    ],
    [
      "__getitem__",
      native("__getitem__", "self, name", (interp, get) => {
        const cls = get("self");
        const name = get("name");
        const member = cls.kind === "class" && name.kind === "str" ? cls.attrs.get(name.value) : undefined;
        return member ?? (name.kind === "unknown" ? name : fail(interp, "KeyError", reprOf(interp, name) ?? ""));
      }),
    ],
    [
      "__contains__",
      native("__contains__", "self, member", (interp, get) => {
        const cls = get("self");
        const member = get("member");
        return {
          kind: "bool",
          value:
            cls.kind === "class" &&
            membersOf(cls).some(
              (m) =>
                m === member ||
                (m.kind === "instance" &&
                  interp.lang.truth(interp, interp.lang.compare(interp, "==", m.attrs.get("value") ?? NONE, member)) ===
                    true),
            ),
        };
      }),
    ],
    [
      "__members__",
      {
        kind: "property",
        get: native("__members__", "self", (_interp, get) => {
          const cls = get("self");
          return {
            kind: "dict",
            entries: new Map(
              cls.kind === "class"
                ? membersOf(cls).map((m) => [`s:${memberName(m)}`, Object.freeze([str(memberName(m)), m] as const)])
                : [],
            ),
          };
        }),
        set: undefined,
      },
    ],
  ],
);

export const enumClass: ClassValue = { ...nativeClass("Enum", "enum", [objectClass]), meta: enumMeta };
Object.assign(enumClass, { mro: [enumClass, objectClass] });
export const intEnumClass: ClassValue = { ...nativeClass("IntEnum", "enum", [enumClass, intClass]), meta: enumMeta };
Object.assign(intEnumClass, { mro: [intEnumClass, enumClass, intClass, objectClass] });

function memberName(member: Value): string {
  const name = member.kind === "instance" ? member.attrs.get("name") : undefined;
  return name?.kind === "str" ? name.value : "";
}

function membersOf(cls: ClassValue): readonly Value[] {
  const seen = new Set<Value>();
  for (const value of cls.attrs.values()) if (value.kind === "instance" && value.cls === cls) seen.add(value);
  return [...seen];
}

function makeMembers(interp: Interp, cls: ClassValue): void {
  let count = 0;
  const byValue: [Value, InstanceValue][] = [];
  for (const [name, value] of [...cls.attrs]) {
    if (
      name.startsWith("_") ||
      value.kind === "function" ||
      value.kind === "wrapper" ||
      value.kind === "property" ||
      value.kind === "builtin" ||
      value.kind === "lazy"
    )
      continue;
    count++;
    const actual: Value =
      value.kind === "opaque" && value.name === "auto()" ? { kind: "int", dim: { size: count } } : value;
    const same = byValue.find(
      ([other]) =>
        other === actual || interp.lang.truth(interp, interp.lang.compare(interp, "==", other, actual)) === true,
    );
    if (same !== undefined) {
      cls.attrs.set(name, same[1]);
      continue;
    }
    const payload = cls.mro.some((c) => payloadClasses.has(c)) ? actual : undefined;
    const member = makeInstance(interp, cls, payload);
    member.attrs.set("name", str(name));
    member.attrs.set("_name_", str(name));
    member.attrs.set("value", actual);
    member.attrs.set("_value_", actual);
    const init = cls.mro
      .slice(0, cls.mro.indexOf(enumClass))
      .map((c) => c.attrs.get("__init__"))
      .find((v) => v !== undefined);
    if (init !== undefined) {
      const items = actual.kind === "tuple" ? actual.items : [actual];
      callValue(
        interp,
        { kind: "method", self: member, fn: init },
        { positional: items.map((item) => ({ value: item })), keywords: [] },
      );
    }
    byValue.push([actual, member]);
    cls.attrs.set(name, member);
  }
}

function enumByValue(interp: Interp, cls: ClassValue, args: CallArgs): Value {
  const wanted = args.positional[0]?.value ?? NONE;
  for (const member of membersOf(cls)) {
    if (member === wanted) return member;
    if (member.kind !== "instance") continue;
    const same = interp.lang.truth(
      interp,
      interp.lang.compare(interp, "==", member.attrs.get("value") ?? NONE, wanted),
    );
    if (same === true) return member;
    if (isWhy(same)) return unknown(same);
  }
  return fail(interp, "ValueError", `${reprOf(interp, wanted) ?? "value"} is not a valid ${cls.qualname}`);
}

// --- named tuples ------------------------------------------------------------------------------------------------

export const namedTupleBase = nativeClass("NamedTuple", "typing", [tupleClass]);

/** A class like those of `collections.namedtuple` and `typing.NamedTuple`. */
export function namedTupleClass(
  interp: Interp,
  name: string,
  fields: readonly string[],
  attrs: ReadonlyMap<string, Value>,
  moduleName: string,
): ClassValue {
  const members: [string, Value][] = [];
  const defaults = new Map<string, Value>();
  for (const [key, value] of attrs) {
    if (fields.includes(key)) defaults.set(key, value);
    else members.push([key, value]);
  }
  fields.forEach((field, index) => {
    const get: BuiltinValue = native(field, "self", (_i, read) => {
      const self = read("self");
      return self.kind === "tuple" ? (self.items[index] ?? NONE) : NONE;
    });
    members.push([field, { kind: "property", get, set: undefined }]);
  });
  members.push(["_fields", tuple(fields.map(str))]);
  const cls: ClassValue = nativeClass(name, moduleName, [tupleClass], members, (i, self, args) => {
    const items: Value[] = [];
    fields.forEach((field, index) => {
      const value =
        args.positional[index]?.value ?? args.keywords.find(([key]) => key === field)?.[1].value ?? defaults.get(field);
      items.push(
        value ??
          (args.more === undefined
            ? fail(i, "TypeError", `${name}.__new__() missing 1 required positional argument: '${field}'`)
            : unknown(args.more)),
      );
    });
    return { kind: "tuple", items, cls: self };
  });
  cls.attrs.set(
    "_replace",
    raw("_replace", (_i, args) => {
      const self = args.positional[0]?.value;
      if (self?.kind !== "tuple") return NONE;
      return {
        kind: "tuple",
        cls,
        items: self.items.map((item, i) => args.keywords.find(([key]) => key === fields[i])?.[1].value ?? item),
      };
    }),
  );
  cls.attrs.set(
    "_asdict",
    native("_asdict", "self", (_i, get) => {
      const self = get("self");
      return {
        kind: "dict",
        entries: new Map(
          self.kind === "tuple"
            ? fields.map((field, i) => [`s:${field}`, Object.freeze([str(field), self.items[i] ?? NONE] as const)])
            : [],
        ),
      };
    }),
  );
  void interp;
  return cls;
}

// --- exceptions --------------------------------------------------------------------------------------------------

const exceptions = new Map<string, ClassValue>();

function exceptionClass(name: string, base: ClassValue): ClassValue {
  const cls = nativeClass(name, "builtins", [base]);
  exceptions.set(name, cls);
  return cls;
}

const baseException = exceptionClass("BaseException", objectClass);
baseException.attrs.set(
  "__init__",
  raw("__init__", (interp, args) => {
    const self = args.positional[0]?.value;
    if (self?.kind === "instance")
      interp.journal.set(self.attrs, "args", tuple(args.positional.slice(1).map((arg) => arg.value)));
    return NONE;
  }),
);
const exception = exceptionClass("Exception", baseException);
exceptionClass("KeyboardInterrupt", baseException);
exceptionClass("SystemExit", baseException);
const tree: readonly (readonly [string, string])[] = [
  ["ArithmeticError", "Exception"],
  ["ZeroDivisionError", "ArithmeticError"],
  ["OverflowError", "ArithmeticError"],
  ["AssertionError", "Exception"],
  ["AttributeError", "Exception"],
  ["ImportError", "Exception"],
  ["ModuleNotFoundError", "ImportError"],
  ["LookupError", "Exception"],
  ["IndexError", "LookupError"],
  ["KeyError", "LookupError"],
  ["NameError", "Exception"],
  ["UnboundLocalError", "NameError"],
  ["OSError", "Exception"],
  ["FileNotFoundError", "OSError"],
  ["RuntimeError", "Exception"],
  ["NotImplementedError", "RuntimeError"],
  ["RecursionError", "RuntimeError"],
  ["StopIteration", "Exception"],
  ["TypeError", "Exception"],
  ["ValueError", "Exception"],
  ["UnicodeError", "ValueError"],
  ["Warning", "Exception"],
  ["UserWarning", "Warning"],
  ["DeprecationWarning", "Warning"],
  ["FutureWarning", "Warning"],
  ["RuntimeWarning", "Warning"],
  ["EOFError", "Exception"],
  ["MemoryError", "Exception"],
  ["SyntaxError", "Exception"],
];
for (const [name, base] of tree) exceptionClass(name, exceptions.get(base) ?? exception);
exceptions.set("IOError", exceptions.get("OSError") ?? exception);
exceptions.set("EnvironmentError", exceptions.get("OSError") ?? exception);

export const exceptionClasses: ReadonlyMap<string, ClassValue> = exceptions;

export function makeException(interp: Interp, name: string, message: string): Value {
  const cls = exceptions.get(name) ?? exception;
  const instance = makeInstance(interp, cls);
  instance.attrs.set("args", tuple([str(message)]));
  return instance;
}

/** The exception that `raise value` raises: a class is called. */
export function raisedValue(interp: Interp, value: Value): Value {
  return value.kind === "class" ? callValue(interp, value, { positional: [], keywords: [] }) : value;
}
