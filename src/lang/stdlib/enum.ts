import { callValue } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import {
  type CallArgs,
  type ClassValue,
  type InstanceValue,
  NONE,
  str,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { reprOf } from "../format.ts";
import { native, nativeClass } from "../native.ts";
import { intClass, makeInstance, objectClass, payloadClasses, typeClass } from "../types.ts";

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

export function makeMembers(interp: Interp, cls: ClassValue): void {
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

export function enumByValue(interp: Interp, cls: ClassValue, args: CallArgs): Value {
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
