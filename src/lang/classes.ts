import type { ClassStmt, Expr } from "../core/core.ts";
import { callValue, evaluate, itemsOf } from "../eval/evaluate.ts";
import { execBlock } from "../eval/execute.ts";
import { fail, gap, type Interp, isWhy, topFrame } from "../eval/interp.ts";
import { childScope, type Scope } from "../eval/scope.ts";
import {
  type CallArgs,
  type ClassValue,
  type InstanceValue,
  NONE,
  type PassedArg,
  str,
  unknown,
  type Value,
} from "../eval/value.ts";
import type { Why } from "../shape/dim.ts";
import { t } from "../text/text.ts";
import { raw } from "./native.ts";
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
/** The annotated names of a class's body, and the scope that their expressions are read in. */
export function annotationsOf(
  cls: ClassValue,
): { readonly names: ReadonlyMap<string, Expr>; readonly scope: Scope } | undefined {
  return annotations.get(cls);
}
