import type { BinaryOp, CompareOp } from "../core/core.ts";
import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, gap, type Interp, isWhy } from "../eval/interp.ts";
import { advance } from "../eval/iterate.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
  list,
  NONE,
  NOT_IMPLEMENTED,
  str,
  unknown,
  type Value,
} from "../eval/value.ts";
import { t } from "../text/text.ts";
import { builtinBinary, truth, unary, whyOf } from "./arithmetic.ts";
import { deletePlain } from "./assignment.ts";
import { findAttribute, getAttribute } from "./attributes.ts";
import { instantiate, makeObject, newOfBuiltin, newType } from "./classes.ts";
import { compareBuiltin } from "./compare.ts";
import { deleteItem, getItem, lengthOf, setItem, toDict, toSet } from "./containers.ts";
import { raisedValue } from "./exceptions.ts";
import { formatValue, reprOf, strOf } from "./format.ts";
import { iterate, stopIteration } from "./iteration.ts";
import { raw } from "./native.ts";
import * as types from "./types.ts";

// The special methods of builtin classes, for code that names them (`list.__len__`, `super().__setitem__(…)`,
// `hasattr(x, "__iter__")`). The operators themselves do not look here.

type Slot = (interp: Interp, self: Value, args: readonly Value[], all: CallArgs) => Value;

const known = (text: string | undefined): Value =>
  text === undefined ? unknown({ reason: t("text of an unknown value") }) : str(text);
const flag = (value: boolean | ReturnType<typeof whyOf>): Value =>
  typeof value === "boolean" ? bool(value) : unknown(value ?? { reason: t("an unknown number") });

const binaryOps: readonly (readonly [string, BinaryOp])[] = [
  ["add", "+"],
  ["sub", "-"],
  ["mul", "*"],
  ["truediv", "/"],
  ["floordiv", "//"],
  ["mod", "%"],
  ["pow", "**"],
  ["and", "&"],
  ["or", "|"],
  ["xor", "^"],
  ["lshift", "<<"],
  ["rshift", ">>"],
];
const compareOps: readonly (readonly [string, CompareOp])[] = [
  ["eq", "=="],
  ["ne", "!="],
  ["lt", "<"],
  ["le", "<="],
  ["gt", ">"],
  ["ge", ">="],
];

const slots = new Map<string, Slot>();
for (const [name, op] of binaryOps) {
  slots.set(
    `__${name}__`,
    (interp, self, [other = NONE]) => builtinBinary(interp, op, self, types.payloadOf(other)) ?? NOT_IMPLEMENTED,
  );
  slots.set(
    `__r${name}__`,
    (interp, self, [other = NONE]) => builtinBinary(interp, op, types.payloadOf(other), self) ?? NOT_IMPLEMENTED,
  );
  slots.set(`__i${name}__`, (interp, self, [other = NONE]) => interp.lang.binary(interp, op, self, other, true));
}
for (const [name, op] of compareOps)
  slots.set(`__${name}__`, (interp, self, [other = NONE]) => compareBuiltin(interp, op, self, types.payloadOf(other)));
for (const [name, op] of [
  ["neg", "-"],
  ["pos", "+"],
  ["invert", "~"],
] as const)
  slots.set(`__${name}__`, (interp, self) => unary(interp, op, self));
const builtin = (name: string): Slot => {
  return (interp, self, args) =>
    callValue(interp, interp.lang.builtins.get(name) ?? NONE, {
      positional: [self, ...args].map((value) => ({ value })),
      keywords: [],
    });
};
for (const name of ["abs", "divmod", "round", "int", "float"]) slots.set(`__${name}__`, builtin(name));
slots.set("__index__", builtin("int"));
slots.set("__trunc__", builtin("int"));
slots.set("__bool__", (interp, self) => flag(truth(interp, self)));
slots.set("__len__", (interp, self) => lengthOf(interp, self));
slots.set("__getitem__", (interp, self, [index = NONE]) => getItem(interp, self, index));
slots.set("__setitem__", (interp, self, [index = NONE, value = NONE]) => {
  setItem(interp, self, index, value);
  return NONE;
});
slots.set("__delitem__", (interp, self, [index = NONE]) => {
  deleteItem(interp, self, index);
  return NONE;
});
slots.set("__contains__", (interp, self, [item = NONE]) => interp.lang.compare(interp, "in", item, self));
slots.set("__iter__", (interp, self) => iterate(interp, self));
slots.set("__reversed__", builtin("reversed"));
slots.set("__next__", (interp, self) => {
  if (self.kind !== "iterator") return NONE;
  return advance(interp, self) ?? (self.why === undefined ? stopIteration(interp, self) : unknown(self.why));
});
slots.set("__call__", (interp, self, _args, all) => callValue(interp, self, all));

function define(cls: ClassValue, names: string): void {
  const made = new Map<string, Value>();
  for (const name of names.split(" ").map((word) => `__${word}__`)) {
    const slot = slots.get(name);
    if (slot === undefined) continue;
    made.set(
      name,
      raw(name, (interp, args) => {
        const [self = { value: NONE }, ...rest] = args.positional;
        const values = rest.map((arg) => arg.value);
        return slot(interp, types.payloadOf(self.value), values, { ...args, positional: rest });
      }),
    );
  }
  cls.slotMethods = new Map([...(cls.slotMethods ?? []), ...made]);
}

const ORDER = "eq ne lt le gt ge";
const NUMBER =
  "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow neg pos abs bool int float divmod";
const SEQUENCE = "add mul rmul contains getitem len iter";
define(
  types.intClass,
  `${ORDER} ${NUMBER} and rand or ror xor rxor lshift rlshift rshift rrshift invert index round trunc`,
);
define(types.floatClass, `${ORDER} ${NUMBER} round trunc`);
define(types.complexClass, `eq ne ${NUMBER}`);
define(types.noneClass, "eq ne bool");
define(types.strClass, `${ORDER} ${SEQUENCE} mod`);
define(types.bytesClass, `${ORDER} ${SEQUENCE}`);
define(types.listClass, `${ORDER} ${SEQUENCE} iadd imul setitem delitem reversed`);
define(types.tupleClass, `${ORDER} ${SEQUENCE}`);
define(types.dictClass, "eq ne contains getitem setitem delitem len iter or ror ior reversed");
define(types.setClass, `${ORDER} and or xor sub iand ior ixor isub contains len iter`);
define(types.frozensetClass, `${ORDER} and or xor sub contains len iter`);
define(types.rangeClass, "eq ne contains getitem len iter reversed bool");
define(types.functionClass, "call");
define(types.methodClass, "call");
define(types.builtinFunctionClass, "call");
for (const name of ["keys", "values", "items"])
  define(types.iteratorClass(`dict_${name}`), "eq ne contains len iter reversed and or sub xor");
types.onIteratorClass((cls) => {
  if (!cls.name.startsWith("dict_") || cls.name.endsWith("iterator")) define(cls, "iter next");
});

for (const [name, kind] of [
  ["send", "send"],
  ["throw", "throw"],
  ["close", "close"],
] as const)
  types.iteratorClass("generator").attrs.set(
    name,
    raw(name, (interp, args) => {
      const [self, given = NONE, value] = args.positional.map((arg) => arg.value);
      if (self?.kind !== "iterator" || self.resume === undefined) return NONE;
      const made = self.resume(
        kind === "close"
          ? { kind }
          : kind === "send"
            ? { kind, value: given }
            : { kind, value: raisedValue(interp, value ?? given) },
      );
      if (made !== undefined) return made;
      return self.why === undefined ? stopIteration(interp, self) : unknown(self.why);
    }),
  );
types.iteratorClass("coroutine").attrs.set(
  "close",
  raw("close", () => NONE),
);

// What makes and fills a builtin's value, for `super().__new__` and `super().__init__`.
function also(cls: ClassValue, name: string, call: (interp: Interp, args: CallArgs) => Value, free?: true): void {
  const made = raw(name, call, free === undefined ? {} : { free });
  cls.slotMethods = new Map([...(cls.slotMethods ?? []), [name, made]]);
}
for (const cls of types.payloadClasses) also(cls, "__new__", (interp, args) => newOfBuiltin(interp, cls, args), true);
also(types.listClass, "__init__", (interp, args) => {
  const self = types.payloadOf(args.positional[0]?.value ?? NONE);
  if (self.kind !== "list") return NONE;
  const source = args.positional[1]?.value;
  const items = source === undefined ? [] : itemsOf(interp, source);
  if (isWhy(items)) interp.journal.assign(self, "why", items);
  else interp.journal.assign(self, "items", [...items]);
  return NONE;
});
also(types.dictClass, "__init__", (interp, args) => {
  const self = types.payloadOf(args.positional[0]?.value ?? NONE);
  if (self.kind !== "dict") return NONE;
  const source = args.positional[1]?.value;
  const made = source === undefined ? undefined : toDict(interp, source);
  if (isWhy(made)) interp.journal.assign(self, "why", made);
  else for (const [key, entry] of made?.entries ?? []) interp.journal.setEntry(self, key, Object.freeze(entry));
  if (made !== undefined && !isWhy(made) && made.why !== undefined) interp.journal.assign(self, "why", made.why);
  if (args.more !== undefined) interp.journal.assign(self, "why", args.more);
  for (const [key, { value }] of args.keywords)
    interp.journal.setEntry(self, `s:${key}`, Object.freeze([str(key), value] as const));
  return NONE;
});
also(types.setClass, "__init__", (interp, args) => {
  const self = types.payloadOf(args.positional[0]?.value ?? NONE);
  const source = args.positional[1]?.value;
  if (self.kind !== "set" || source === undefined) return NONE;
  const made = toSet(interp, source);
  interp.journal.assign(self, "items", new Map(made.items));
  if (made.why !== undefined) interp.journal.assign(self, "why", made.why);
  return NONE;
});
for (const cls of [types.tupleClass, types.strClass, types.intClass, types.floatClass])
  also(cls, "__init__", () => NONE);

// --- object and type ---------------------------------------------------------------------------------------------

const first = (args: CallArgs): Value => args.positional[0]?.value ?? NONE;
const second = (args: CallArgs): Value => args.positional[1]?.value ?? NONE;
const { objectClass, typeClass } = types;
also(objectClass, "__eq__", (_interp, args) => (first(args) === second(args) ? bool(true) : NOT_IMPLEMENTED));
also(objectClass, "__ne__", (interp, args) => {
  const same = interp.lang.compare(interp, "==", first(args), second(args));
  return same.kind === "bool" ? bool(!same.value) : same;
});
for (const name of ["__lt__", "__le__", "__gt__", "__ge__"]) also(objectClass, name, () => NOT_IMPLEMENTED);
also(objectClass, "__hash__", (interp, args) => callValue(interp, interp.lang.builtins.get("hash") ?? NONE, args));
also(objectClass, "__repr__", (interp, args) => known(reprOf(interp, first(args), true)));
also(objectClass, "__str__", (interp, args) => {
  const self = first(args);
  return known(self.kind === "instance" ? reprOf(interp, self) : strOf(interp, self));
});
also(objectClass, "__format__", (interp, args) => {
  const spec = second(args);
  return spec.kind === "str" ? formatValue(interp, first(args), "", spec.value, true) : spec;
});
also(objectClass, "__getattribute__", (interp, args) => {
  const [self, name] = [first(args), second(args)];
  if (name.kind !== "str") return unknown(whyOf(name) ?? { reason: t("an attribute whose name is not known") });
  if (self.kind !== "instance") return getAttribute(interp, self, name.value, undefined);
  // Past the class's own `__getattribute__` and `__getattr__`.
  const bare = { ...self, cls: bareClass(self.cls) };
  Object.defineProperty(bare, "attrs", { get: () => self.attrs });
  const value = findAttribute(interp, bare, name.value);
  if (value === undefined)
    return fail(interp, "AttributeError", `'${self.cls.name}' object has no attribute '${name.value}'`);
  return value.kind === "method" && value.self === bare ? { ...value, self } : value;
});
also(objectClass, "__delattr__", (interp, args) => {
  const [self, name] = [first(args), second(args)];
  if (self.kind === "instance" && name.kind === "str") deletePlain(interp, self, name.value);
  return NONE;
});
also(objectClass, "__dir__", (interp, args) => callValue(interp, interp.lang.builtins.get("dir") ?? NONE, args));
also(objectClass, "__subclasshook__", () => NOT_IMPLEMENTED);

const bareClasses = new WeakMap<ClassValue, ClassValue>();

/** The class without what intercepts reads. */
function bareClass(cls: ClassValue): ClassValue {
  let made = bareClasses.get(cls);
  if (made === undefined) {
    const { readsByMethod: _, ...rest } = cls;
    const hidden = new Map(cls.mro.map((one) => [one, one] as const));
    for (const one of cls.mro) {
      if (!one.attrs.has("__getattr__")) continue;
      const attrs = new Map(one.attrs);
      attrs.delete("__getattr__");
      hidden.set(one, { ...one, attrs });
    }
    made = { ...rest, mro: cls.mro.map((one) => hidden.get(one) ?? one) };
    bareClasses.set(cls, made);
  }
  return made;
}

also(
  typeClass,
  "__new__",
  (interp, args) => {
    const meta = first(args);
    const rest = { ...args, positional: args.positional.slice(1) };
    return meta.kind === "class"
      ? newType(interp, meta, rest)
      : unknown({ reason: t("type() of values that are not known") });
  },
  true,
);
also(typeClass, "__init__", () => NONE);
also(typeClass, "__call__", (interp, args) => {
  const cls = first(args);
  const rest = { ...args, positional: args.positional.slice(1) };
  return cls.kind === "class" ? makeObject(interp, cls, rest) : instantiate(interp, typeClass, rest);
});
also(typeClass, "__instancecheck__", (interp, args) => {
  const value = second(args);
  const cls = first(args);
  const own = types.typeOf(interp, value);
  return own === undefined || cls.kind !== "class"
    ? unknown({ reason: t("isinstance with a class that is not known") })
    : bool(own.mro.includes(cls));
});
also(typeClass, "__subclasscheck__", (_interp, args) => {
  const [cls, other] = [first(args), second(args)];
  return bool(cls.kind === "class" && other.kind === "class" && other.mro.includes(cls));
});
typeClass.attrs.set(
  "__subclasses__",
  raw("__subclasses__", (interp, args) => {
    const cls = first(args);
    // Of a class of a library's own there may be others that are not known here.
    if (cls.kind !== "class" || cls.place === undefined)
      return unknown(gap(interp, t("the classes that derive from one of a library")));
    const { items = [], why } = cls.subclasses ?? {};
    return { kind: "list", items: [...items], ...(why === undefined ? {} : { why }) };
  }),
);
typeClass.attrs.set(
  "mro",
  raw("mro", (_interp, args) => {
    const cls = first(args);
    return cls.kind === "class" ? list([...cls.mro]) : NONE;
  }),
);
also(typeClass, "__prepare__", () => types.emptyDict(), true);
also(typeClass, "__or__", (_interp, args) => types.unionOf([first(args), second(args)]));
also(typeClass, "__setattr__", (interp, args) => {
  const [cls, name, value] = args.positional.map((arg) => arg.value);
  if (cls?.kind === "class" && name?.kind === "str" && value !== undefined)
    interp.journal.set(cls.attrs, name.value, value);
  return NONE;
});
