import type { ClassStmt, Expr } from "../core/core.ts";
import { callValue, evaluate, itemsOf } from "../eval/evaluate.ts";
import { execBlock } from "../eval/execute.ts";
import { fail, gap, type Interp, isWhy, topFrame } from "../eval/interp.ts";
import { childScope, type Scope } from "../eval/scope.ts";
import {
  type CallArgs,
  type ClassValue,
  type InstanceValue,
  list,
  NONE,
  type PassedArg,
  str,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import type { Why } from "../shape/dim.ts";
import type { Place } from "../text/span.ts";
import { t } from "../text/text.ts";
import { annotate } from "./annotations.ts";
import { raw } from "./native.ts";
import { abstractMetaclass, abstractNames } from "./stdlib/abc.ts";
import { enumByValue, enumClass, makeMembers } from "./stdlib/enum.ts";
import { namedTupleBase, namedTupleClass } from "./stdlib/namedtuple.ts";
import {
  classAttribute,
  floatClass,
  intClass,
  makeInstance,
  objectClass,
  payloadClasses,
  strClass,
  tupleClass,
  typeClass,
  typeName,
} from "./types.ts";

/** What a class is made of. */
interface Recipe {
  readonly name: string;
  readonly qualname: string;
  readonly moduleName: string;
  readonly bases: readonly ClassValue[];
  readonly meta: ClassValue | undefined;
  readonly attrs: Map<string, Value>;
  readonly place: Place | undefined;
  readonly keywords: CallArgs["keywords"];
  readonly unknownBase: Why | undefined;
  /** The scope of the body, if there was one. */
  readonly body: Scope | undefined;
}

/** The class statement whose metaclass is being called: what `type.__new__` then makes is that class. */
let pending: Recipe | undefined;

/** Runs a class body and makes the class. */
export function makeClass(interp: Interp, stmt: ClassStmt, scope: Scope): Value {
  const bases: ClassValue[] = [];
  let unknownBase: Why | undefined;
  let meta: ClassValue | undefined;
  const keywords: (readonly [string, PassedArg])[] = [];
  for (const arg of stmt.bases) {
    const value = evaluateBase(interp, arg.value, scope);
    if (arg.keyword === "metaclass") {
      if (value.kind === "class") meta = value === typeClass ? undefined : value;
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
  const qualname = frame.qualname === undefined ? stmt.name : `${frame.qualname}.${stmt.name}`;
  body.vars.set("__module__", str(frame.module.name));
  if (stmt.doc !== undefined) body.vars.set("__doc__", str(stmt.doc));
  interp.frames.push({
    function: stmt.name,
    module: frame.module,
    scope: body,
    span: undefined,
    statement: stmt.span.start,
    path: frame.path,
    qualname,
    self: undefined,
    cls: undefined,
  });
  try {
    execBlock(interp, stmt.body, body);
  } finally {
    interp.frames.pop();
  }
  for (const name of [...body.vars.keys()]) if (name.startsWith(".")) body.vars.delete(name);
  const parents = bases.length === 0 ? [objectClass] : bases;
  meta ??= mostDerived(parents);
  const recipe: Recipe = {
    name: stmt.name,
    qualname,
    moduleName: frame.module.name,
    bases: parents,
    meta,
    attrs: body.vars,
    place,
    keywords,
    unknownBase,
    body,
  };
  const custom =
    meta !== undefined && (own(meta, "__new__") || own(meta, "__init__") || own(meta.meta ?? typeClass, "__call__"));
  if (meta === undefined || !custom) return buildClass(interp, recipe);
  const outer = pending;
  pending = recipe;
  try {
    const entries = new Map(
      [...body.vars].map(([key, value]) => [`s:${key}`, Object.freeze([str(key), value] as const)] as const),
    );
    return callValue(interp, meta, {
      positional: [{ value: str(stmt.name) }, { value: tuple(bases) }, { value: { kind: "dict", entries } }],
      keywords,
    });
  } finally {
    pending = outer;
  }
}

/** A base that a module only names and that is not known is missed by what uses the class, not where the class stands. */
function evaluateBase(interp: Interp, expr: Expr, scope: Scope): Value {
  if (interp.phase !== "module" || (expr.kind !== "name" && expr.kind !== "attribute"))
    return evaluate(interp, expr, scope);
  const { gaps } = interp;
  const before = new Set(gaps.keys());
  const value = evaluate(interp, expr, scope);
  if (value.kind === "unknown") for (const key of [...gaps.keys()]) if (!before.has(key)) gaps.delete(key);
  return value;
}

/** Whether the metaclass's method comes from the analyzed code. */
function own(meta: ClassValue, name: string): boolean {
  return meta.mro.some((cls) => cls.place !== undefined && cls.attrs.has(name));
}

function mostDerived(bases: readonly ClassValue[]): ClassValue | undefined {
  let best: ClassValue | undefined;
  for (const { meta } of bases) if (meta !== undefined && (best === undefined || meta.mro.includes(best))) best = meta;
  return best;
}

function buildClass(interp: Interp, recipe: Recipe): ClassValue {
  const { name, bases, body, place } = recipe;
  const cls: { -readonly [K in keyof ClassValue]: ClassValue[K] } = {
    kind: "class",
    name,
    qualname: recipe.qualname,
    moduleName: recipe.moduleName,
    bases,
    mro: [],
    attrs: recipe.attrs,
    meta: recipe.meta,
    place,
    unknownBase: recipe.unknownBase,
  };
  const mro = linearize(cls, bases);
  if (mro === undefined) {
    const names = bases.map((base) => base.name).join(", ");
    fail(interp, "TypeError", `Cannot create a consistent method resolution\norder (MRO) for bases ${names}`);
    cls.mro = [cls, objectClass];
  } else cls.mro = mro;
  if (cls.mro.some((ancestor) => ancestor.place !== undefined && ancestor.attrs.has("__getattribute__")))
    cls.readsByMethod = true;
  const slots = slotsOf(interp, cls);
  if (slots !== undefined) cls.slots = slots;
  if (body?.cell !== undefined) body.cell.cls = cls;
  if (body !== undefined) annotate(cls, { names: body.annotations ?? new Map(), scope: body });
  const newMethod = cls.attrs.get("__new__");
  if (newMethod?.kind === "function") cls.attrs.set("__new__", { kind: "wrapper", type: "static", fn: newMethod });
  for (const method of ["__init_subclass__", "__class_getitem__"]) {
    const value = cls.attrs.get(method);
    if (value?.kind === "function") cls.attrs.set(method, { kind: "wrapper", type: "class", fn: value });
  }
  if (cls.attrs.has("__eq__") && !cls.attrs.has("__hash__")) cls.attrs.set("__hash__", NONE);
  for (const [key, value] of [...cls.attrs]) {
    const hook = value.kind === "instance" ? classAttribute(value.cls, "__set_name__") : undefined;
    if (hook !== undefined)
      callValue(
        interp,
        { kind: "method", self: value, fn: hook },
        { positional: [{ value: cls }, { value: str(key) }], keywords: [] },
      );
  }
  if (cls.mro.includes(enumClass)) makeMembers(interp, cls);
  if (bases.includes(namedTupleBase)) {
    const fields = [...(body?.annotations?.keys() ?? [])];
    const made = namedTupleClass(interp, name, fields, cls.attrs, cls.moduleName, { place });
    if (body?.cell !== undefined) body.cell.cls = made;
    if (body !== undefined) annotate(made, { names: body.annotations ?? new Map(), scope: body });
    return made;
  }
  if (cls.meta?.mro.includes(abstractMetaclass)) abstractNames(cls);
  for (const base of bases) {
    if (base.place === undefined) continue;
    if (base.subclasses === undefined) interp.journal.assign(base, "subclasses", list([]));
    if (base.subclasses !== undefined) interp.journal.push(base.subclasses, cls);
  }
  const hook = cls.mro
    .slice(1)
    .map((ancestor) => ancestor.attrs.get("__init_subclass__"))
    .find((value) => value !== undefined);
  if (hook !== undefined)
    callValue(interp, hook.kind === "wrapper" ? hook.fn : hook, {
      positional: [{ value: cls }],
      keywords: recipe.keywords,
    });
  return cls;
}

function slotsOf(interp: Interp, cls: ClassValue): readonly string[] | undefined {
  const value = cls.attrs.get("__slots__");
  if (value === undefined) return undefined;
  if (value.kind === "str") return [value.value];
  const items = itemsOf(interp, value);
  if (isWhy(items)) return undefined;
  const names = items.flatMap((item) => (item.kind === "str" ? [item.value] : []));
  return names.includes("__dict__") ? undefined : names;
}

/** `type.__new__(meta, name, bases, namespace, **keywords)` and `type(name, bases, namespace)`. */
export function newType(interp: Interp, meta: ClassValue, args: CallArgs): Value {
  const [name, bases, namespace] = args.positional.map((arg) => arg.value);
  if (name?.kind !== "str" || bases?.kind !== "tuple" || namespace?.kind !== "dict" || namespace.why !== undefined)
    return unknown(gap(interp, t("type() of values that are not known")));
  const parents = bases.items.filter((base): base is ClassValue => base.kind === "class");
  const lost = bases.items.find((base) => base.kind === "unknown");
  const attrs = new Map<string, Value>();
  for (const [key, value] of namespace.entries.values()) if (key.kind === "str") attrs.set(key.value, value);
  const statement = pending;
  pending = undefined;
  const frame = topFrame(interp);
  const moduleName = attrs.get("__module__");
  const recipe: Recipe = {
    name: name.value,
    qualname: statement?.name === name.value ? statement.qualname : name.value,
    moduleName: moduleName?.kind === "str" ? moduleName.value : frame.module.name,
    bases: parents.length === 0 ? [objectClass] : parents,
    meta: meta === typeClass ? mostDerived(parents) : meta,
    attrs,
    // A class that a call makes is from source too.
    place:
      statement?.place ??
      (frame.module.file === undefined || frame.span === undefined
        ? undefined
        : { file: frame.module.file, span: frame.span }),
    keywords: args.keywords,
    unknownBase: statement?.unknownBase ?? (lost?.kind === "unknown" ? lost.why : undefined),
    body: statement?.body,
  };
  return buildClass(interp, recipe);
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

/** `cls(...)`, by the metaclass's `__call__` if it has one of its own. */
export function instantiate(interp: Interp, cls: ClassValue, args: CallArgs): Value {
  if (cls.meta !== undefined) {
    const call = classAttribute(cls.meta, "__call__");
    if (call !== undefined) return callValue(interp, { kind: "method", self: cls, fn: call }, args);
  }
  return makeObject(interp, cls, args);
}

/** `type.__call__(cls, ...)`: `__new__`, then `__init__`. */
export function makeObject(interp: Interp, cls: ClassValue, args: CallArgs): Value {
  const lost = cls.mro.find((one) => one.unknownBase !== undefined)?.unknownBase;
  if (lost !== undefined) gap(interp, lost.reason, lost.place);
  if (cls.mro.includes(enumClass)) return enumByValue(interp, cls, args);
  if (cls.meta?.mro.includes(abstractMetaclass)) {
    const missing = cls.attrs.get("__abstractmethods__");
    if (missing?.kind === "set" && 0 < missing.items.size && cls.unknownBase === undefined) {
      const names = [...missing.items.values()].map((item) => (item.kind === "str" ? item.value : "")).sort();
      return fail(
        interp,
        "TypeError",
        `Can't instantiate abstract class ${cls.name} with abstract method${names.length === 1 ? "" : "s"} ${names.join(", ")}`,
      );
    }
  }
  if (cls.mro.includes(typeClass) && cls !== typeClass) {
    const made = cls.mro.find((c) => c.attrs.has("__new__"))?.attrs.get("__new__");
    const fn = made?.kind === "wrapper" ? made.fn : made;
    const value =
      fn === undefined || cls.mro.find((c) => c.attrs.has("__new__")) === objectClass
        ? newType(interp, cls, args)
        : callValue(interp, fn, { ...args, positional: [{ value: cls }, ...args.positional] });
    const init = cls.mro.find((c) => c !== objectClass && c.attrs.has("__init__"))?.attrs.get("__init__");
    if (init !== undefined && value.kind === "class")
      callValue(interp, { kind: "method", self: value, fn: init }, args);
    return value;
  }
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
    return initialize(interp, withPayload(interp, cls, maker, args), args);
  }
  if (cls.unknownBase !== undefined && classAttribute(cls, "__init__") === undefined)
    return tainted(makeInstance(interp, cls), cls.unknownBase);
  return initialize(interp, makeInstance(interp, cls), args);
}

/** An instance of a user class over a builtin one: an immutable value is made of the arguments, a container starts empty. */
function withPayload(interp: Interp, cls: ClassValue, maker: ClassValue, args: CallArgs): Value {
  const init = classAttribute(cls, "__init__");
  const immutable = maker === tupleClass || maker === strClass || maker === intClass || maker === floatClass;
  const none: CallArgs = { positional: [], keywords: [] };
  const given: CallArgs = init?.kind === "function" ? { positional: args.positional, keywords: [] } : args;
  const payload = maker.construct?.(interp, maker, immutable ? given : none) ?? NONE;
  return payload.kind === "unknown" ? payload : makeInstance(interp, cls, payload);
}

/** `dict.__new__(cls, ...)` and the like. */
export function newOfBuiltin(interp: Interp, maker: ClassValue, args: CallArgs): Value {
  const cls = args.positional[0]?.value;
  const rest: CallArgs = { ...args, positional: args.positional.slice(1) };
  if (cls?.kind !== "class") return unknown(gap(interp, t("object.__new__ of a class that is not known")));
  const immutable = maker === tupleClass || maker === strClass || maker === intClass || maker === floatClass;
  const payload = maker.construct?.(interp, maker, immutable ? rest : { positional: [], keywords: [] }) ?? NONE;
  if (cls === maker || payload.kind === "unknown") return payload;
  return makeInstance(interp, cls, payload);
}

function tainted(instance: InstanceValue, why: Why): InstanceValue {
  instance.tainted = why;
  return instance;
}

export function initialize(interp: Interp, made: Value, args: CallArgs): Value {
  if (made.kind !== "instance") return made;
  const init = classAttribute(made.cls, "__init__");
  const plain = init === undefined || init === superInit;
  if (!plain) {
    const value = callValue(interp, { kind: "method", self: made, fn: init }, args);
    if (value.kind !== "none" && init.kind === "function" && value.kind !== "unknown")
      return fail(interp, "TypeError", `__init__() should return None, not '${typeName(interp, value)}'`);
    return made;
  }
  if (made.payload !== undefined) {
    const fill = made.cls.mro.find((cls) => cls.slotMethods?.has("__init__"))?.slotMethods?.get("__init__");
    if (fill !== undefined) callValue(interp, { kind: "method", self: made, fn: fill }, args);
    return made;
  }
  const given = 0 < args.positional.length + args.keywords.length;
  const takes = made.cls.mro.some(
    (cls) => cls.unknownBase !== undefined || (cls !== objectClass && cls.attrs.has("__new__")),
  );
  if (given && !takes && made.cls.place !== undefined)
    fail(interp, "TypeError", `${made.cls.name}() takes no arguments`);
  return made;
}

/** `object.__init__`, `object.__new__` and the like. */
objectClass.attrs.set("__init_subclass__", {
  kind: "wrapper",
  type: "class",
  fn: raw("__init_subclass__", (interp, args) => {
    const cls = args.positional[0]?.value;
    if (args.keywords.length === 0 || cls?.kind !== "class") return NONE;
    // A base that is not known comes before `object`, and may take them.
    if (cls.mro.some((base) => base.unknownBase !== undefined)) return NONE;
    return fail(interp, "TypeError", `${cls.name}.__init_subclass__() takes no keyword arguments`);
  }),
});
const superInit = raw("__init__", () => NONE);
objectClass.attrs.set("__init__", superInit);
objectClass.attrs.set("__new__", {
  kind: "wrapper",
  type: "static",
  fn: raw("__new__", (interp, args) => {
    const cls = args.positional[0]?.value;
    if (cls?.kind !== "class") return unknown(gap(interp, t("object.__new__ of a class that is not known")));
    const maker = cls.mro.find((c) => c.construct !== undefined && payloadClasses.has(c));
    if (maker !== undefined) return newOfBuiltin(interp, maker, args);
    return makeInstance(interp, cls);
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
