import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import {
  type BuiltinValue,
  bool,
  type CallArgs,
  type ClassValue,
  type InstanceValue,
  int,
  list,
  NONE,
  NOT_IMPLEMENTED,
  opaque,
  str,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { toFloat } from "../arithmetic.ts";
import { formatValue, reprOf, strOf } from "../format.ts";
import { iteratorOver } from "../iteration.ts";
import { native, nativeClass, raw } from "../native.ts";
import { classAttribute, intClass, makeInstance, objectClass, payloadClasses, strClass, typeClass } from "../types.ts";
import { fn, identity, type Names } from "./module.ts";

const members = new WeakMap<ClassValue, ReadonlyMap<string, InstanceValue>>();

/** Members of an enum by name, aliases included. */
function membersOf(cls: Value): ReadonlyMap<string, InstanceValue> {
  return (cls.kind === "class" ? members.get(cls) : undefined) ?? new Map();
}

function distinct(cls: Value): readonly InstanceValue[] {
  return [...new Set(membersOf(cls).values())];
}

const enumMeta = nativeClass(
  "EnumType",
  "enum",
  [typeClass],
  [
    ["__iter__", native("__iter__", "self", (_interp, get) => iteratorOver("generator", distinct(get("self"))))],
    [
      "__reversed__",
      native("__reversed__", "self", (_interp, get) => iteratorOver("generator", distinct(get("self")).toReversed())),
    ],
    ["__len__", native("__len__", "self", (_interp, get) => int(distinct(get("self")).length))],
    [
      "__getitem__",
      native("__getitem__", "self, name", (interp, get) => {
        const name = get("name");
        const member = name.kind === "str" ? membersOf(get("self")).get(name.value) : undefined;
        if (member !== undefined) return member;
        return name.kind === "unknown" ? name : fail(interp, "KeyError", reprOf(interp, name) ?? "", { args: [name] });
      }),
    ],
    [
      "__contains__",
      native("__contains__", "self, member", (interp, get) => {
        const cls = get("self");
        const member = get("member");
        if (member.kind === "unknown") return member;
        return bool(
          distinct(cls).some(
            (one) =>
              one === member ||
              (member.kind !== "instance" &&
                interp.lang.truth(interp, interp.lang.compare(interp, "==", heldValue(one), member)) === true),
          ),
        );
      }),
    ],
    [
      "__members__",
      {
        kind: "property",
        get: native("__members__", "self", (_interp, get) => ({
          kind: "dict",
          entries: new Map(
            [...membersOf(get("self"))].map(([name, m]) => [`s:${name}`, Object.freeze([str(name), m] as const)]),
          ),
        })),
        set: undefined,
      },
    ],
  ],
);

const nameText = (self: Value): string => {
  const name = self.kind === "instance" ? self.attrs.get("_name_") : undefined;
  return name?.kind === "str" ? name.value : "";
};
const heldValue = (self: Value): Value => (self.kind === "instance" ? (self.attrs.get("_value_") ?? NONE) : NONE);
const text = (made: string | undefined): Value =>
  made === undefined ? unknown({ reason: t("text of an unknown value") }) : str(made);
const property = (name: string, get: (self: Value) => Value): [string, Value] => [
  name,
  { kind: "property", get: native(name, "self", (_i, read) => get(read("self"))), set: undefined },
];
const plainStr: BuiltinValue = native("__str__", "self", (_interp, get) => {
  const self = get("self");
  return str(self.kind === "instance" ? `${self.cls.name}.${nameText(self)}` : "");
});
/** `IntEnum` and `StrEnum` print their value. */
const valueStr: BuiltinValue = native("__str__", "self", (interp, get) => text(strOf(interp, heldValue(get("self")))));
const valueFormat: BuiltinValue = native("__format__", "self, spec", (interp, get) => {
  const spec = get("spec");
  return spec.kind === "str" ? formatValue(interp, heldValue(get("self")), "", spec.value) : spec;
});

function enumBase(name: string, bases: readonly ClassValue[], attrs: Iterable<readonly [string, Value]>): ClassValue {
  const plain = nativeClass(name, "enum", bases, attrs);
  const made: ClassValue = { ...plain, meta: enumMeta };
  Object.assign(made, { mro: [made, ...plain.mro.slice(1)] });
  return made;
}

export const enumClass: ClassValue = enumBase(
  "Enum",
  [objectClass],
  [
    property("name", (self) => str(nameText(self))),
    property("value", heldValue),
    ["__str__", plainStr],
    [
      "__repr__",
      native("__repr__", "self", (interp, get) => {
        const self = get("self");
        const value = reprOf(interp, heldValue(self));
        return text(
          self.kind !== "instance" || value === undefined
            ? undefined
            : `<${self.cls.name}.${nameText(self)}: ${value}>`,
        );
      }),
    ],
    [
      "__format__",
      native("__format__", "self, spec", (interp, get) => {
        const spec = get("spec");
        const made = strOf(interp, get("self"));
        return spec.kind === "str" && made !== undefined
          ? formatValue(interp, str(made), "", spec.value)
          : text(undefined);
      }),
    ],
  ],
);
const intEnumClass = enumBase(
  "IntEnum",
  [intClass, enumClass],
  [
    ["__str__", valueStr],
    ["__format__", valueFormat],
  ],
);
const strEnumClass = enumBase(
  "StrEnum",
  [strClass, enumClass],
  [
    ["__str__", valueStr],
    ["__format__", valueFormat],
  ],
);

// --- flags -------------------------------------------------------------------------------------------------------

const bits = (value: Value): number | undefined => toFloat(value.kind === "instance" ? heldValue(value) : value);

/** The member of that value, or the unnamed combination. */
function flagOf(interp: Interp, cls: ClassValue, value: number): Value {
  const known = distinct(cls).find((member) => bits(member) === value);
  if (known !== undefined) return known;
  const names = distinct(cls)
    .filter((member) => ((bits(member) ?? 0) & value) !== 0)
    .map(nameText);
  const made = makeInstance(interp, cls, cls.mro.includes(intClass) ? int(value) : undefined);
  made.attrs.set("_name_", names.length === 0 ? NONE : str(names.join("|")));
  made.attrs.set("_value_", int(value));
  return made;
}

function flagOp(name: string, compute: (a: number, b: number) => number): [string, Value] {
  return [
    name,
    native(name, "self, other", (interp, get) => {
      const [a, b] = [get("self"), get("other")];
      const [x, y] = [bits(a), bits(b)];
      return a.kind === "instance" && x !== undefined && y !== undefined
        ? flagOf(interp, a.cls, compute(x, y))
        : NOT_IMPLEMENTED;
    }),
  ];
}

const flagClass = enumBase(
  "Flag",
  [enumClass],
  [
    flagOp("__or__", (a, b) => a | b),
    flagOp("__and__", (a, b) => a & b),
    flagOp("__xor__", (a, b) => a ^ b),
    [
      "__invert__",
      native("__invert__", "self", (interp, get) => {
        const self = get("self");
        if (self.kind !== "instance") return NONE;
        const all = distinct(self.cls).reduce((sum, member) => sum | (bits(member) ?? 0), 0);
        return flagOf(interp, self.cls, all & ~(bits(self) ?? 0));
      }),
    ],
    ["__bool__", native("__bool__", "self", (_interp, get) => bool(bits(get("self")) !== 0))],
    [
      "__contains__",
      native("__contains__", "self, other", (_interp, get) => {
        const [a, b] = [bits(get("self")) ?? 0, bits(get("other")) ?? 0];
        return bool((a & b) === b);
      }),
    ],
    [
      "__eq__",
      native("__eq__", "self, other", (_interp, get) => {
        const [a, b] = [get("self"), get("other")];
        return a.kind === "instance" && b.kind === "instance" && a.cls === b.cls
          ? bool(bits(a) === bits(b))
          : NOT_IMPLEMENTED;
      }),
    ],
    ["__hash__", native("__hash__", "self", (_interp, get) => int(bits(get("self")) ?? 0))],
  ],
);
const intFlagClass = enumBase("IntFlag", [intClass, flagClass], []);

// --- making ------------------------------------------------------------------------------------------------------

const AUTO = "auto()";

/** What `auto()` stands for after the values before it. */
function nextValue(interp: Interp, cls: ClassValue, name: string, count: number, values: readonly Value[]): Value {
  const own = classAttribute(cls, "_generate_next_value_");
  if (own !== undefined)
    return callValue(interp, own.kind === "wrapper" ? own.fn : own, {
      positional: [str(name), int(1), int(count), list([...values])].map((value) => ({ value })),
      keywords: [],
    });
  if (cls.mro.includes(strEnumClass)) return str(name.toLowerCase());
  const numbers = values.map(bits).filter((n) => n !== undefined);
  const most = numbers.length === 0 ? 0 : Math.max(...numbers);
  return int(cls.mro.includes(flagClass) ? (most === 0 ? 1 : 2 ** (Math.floor(Math.log2(most)) + 1)) : most + 1);
}

/** Makes the members of an enum from the names of its class body. */
export function makeMembers(interp: Interp, cls: ClassValue): void {
  const made = new Map<string, InstanceValue>();
  const values: Value[] = [];
  const byValue: [Value, InstanceValue][] = [];
  for (const [name, value] of [...cls.attrs]) {
    if (
      name.startsWith("_") ||
      value.kind === "function" ||
      value.kind === "wrapper" ||
      value.kind === "property" ||
      value.kind === "builtin" ||
      value.kind === "lazy" ||
      (value.kind === "instance" && classAttribute(value.cls, "__get__") !== undefined)
    )
      continue;
    const actual: Value =
      value.kind === "opaque" && value.name === AUTO ? nextValue(interp, cls, name, values.length, values) : value;
    values.push(actual);
    const same = byValue.find(
      ([other]) =>
        other === actual || interp.lang.truth(interp, interp.lang.compare(interp, "==", other, actual)) === true,
    );
    const member = same?.[1] ?? newMember(interp, cls, name, actual);
    if (same === undefined) byValue.push([actual, member]);
    made.set(name, member);
    cls.attrs.set(name, member);
  }
  members.set(cls, made);
}

function newMember(interp: Interp, cls: ClassValue, name: string, actual: Value): InstanceValue {
  const items = actual.kind === "tuple" ? actual.items : [actual];
  const positional = items.map((item) => ({ value: item }));
  const ancestors = cls.mro.slice(0, cls.mro.indexOf(enumClass));
  const find = (method: string): Value | undefined =>
    ancestors
      .filter((c) => c.place !== undefined)
      .map((c) => c.attrs.get(method))
      .find((v) => v !== undefined);
  const maker = find("__new__");
  let member: InstanceValue;
  const custom =
    maker === undefined
      ? undefined
      : callValue(interp, maker.kind === "wrapper" ? maker.fn : maker, {
          positional: [{ value: cls }, ...positional],
          keywords: [],
        });
  if (custom?.kind === "instance") member = custom;
  else {
    const base = cls.mro.find((c) => payloadClasses.has(c));
    const payload =
      base === undefined
        ? undefined
        : actual.kind === "tuple"
          ? base.construct?.(interp, base, { positional, keywords: [] })
          : actual;
    member = makeInstance(interp, cls, payload);
  }
  member.attrs.set("_name_", str(name));
  if (!member.attrs.has("_value_")) member.attrs.set("_value_", actual);
  const init = find("__init__");
  if (init !== undefined) callValue(interp, { kind: "method", self: member, fn: init }, { positional, keywords: [] });
  return member;
}

/** `Color(1)`: the member of a value. `Enum("Color", "RED GREEN")`: a new enum. */
export function enumByValue(interp: Interp, cls: ClassValue, args: CallArgs): Value {
  const wanted = args.positional[0]?.value ?? args.keywords.find(([key]) => key === "value")?.[1].value ?? NONE;
  if (membersOf(cls).size === 0 && 1 < args.positional.length) return functional(interp, cls, args);
  for (const member of distinct(cls)) {
    if (member === wanted) return member;
    const same = interp.lang.truth(interp, interp.lang.compare(interp, "==", heldValue(member), wanted));
    if (same === true) return member;
    if (isWhy(same)) return unknown(same);
  }
  const missing = classAttribute(cls, "_missing_");
  if (missing !== undefined) {
    const found = callValue(
      interp,
      { kind: "method", self: cls, fn: missing.kind === "wrapper" ? missing.fn : missing },
      { positional: [{ value: wanted }], keywords: [] },
    );
    if (found.kind !== "none") return found;
  }
  const n = bits(wanted);
  if (cls.mro.includes(flagClass) && n !== undefined) return flagOf(interp, cls, n);
  return fail(interp, "ValueError", `${reprOf(interp, wanted) ?? "value"} is not a valid ${cls.qualname}`);
}

function functional(interp: Interp, base: ClassValue, args: CallArgs): Value {
  const [name, given] = args.positional.map((arg) => arg.value);
  const items =
    given === undefined ? [] : given.kind === "str" ? given.value.split(/[\s,]+/).map(str) : itemsOf(interp, given);
  if (name?.kind !== "str" || isWhy(items)) return unknown({ reason: t("an enum whose names are not known") });
  const attrs = new Map<string, Value>();
  const pairs =
    given?.kind === "dict"
      ? [...given.entries.values()].map(([k, v]) => [k, v] as const)
      : items.map(
          (item, i) =>
            [
              item.kind === "tuple" ? (item.items[0] ?? NONE) : item,
              item.kind === "tuple" ? (item.items[1] ?? NONE) : int(i + 1),
            ] as const,
        );
  for (const [key, value] of pairs) if (key.kind === "str" && key.value !== "") attrs.set(key.value, value);
  const frame = interp.frames.at(-1);
  const cls: ClassValue = {
    ...nativeClass(name.value, frame?.module.name ?? "enum", [base], attrs),
    meta: enumMeta,
    place: interp.ownPlace(),
  };
  Object.assign(cls, { mro: [cls, ...base.mro] });
  makeMembers(interp, cls);
  return cls;
}

/** `enum`. */
export function enumNames(): Names {
  return {
    Enum: enumClass,
    IntEnum: intEnumClass,
    StrEnum: strEnumClass,
    Flag: flagClass,
    IntFlag: intFlagClass,
    EnumMeta: enumMeta,
    EnumType: enumMeta,
    auto: fn("auto", "", () => opaque("auto", AUTO)),
    unique: identity("unique"),
    member: identity("member"),
    nonmember: identity("nonmember"),
    property: raw(
      "property",
      (_interp, args) => ({ kind: "property", get: args.positional[0]?.value ?? NONE, set: undefined }),
      { free: true },
    ),
  };
}
