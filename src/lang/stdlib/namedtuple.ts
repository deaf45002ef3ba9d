import { callValue } from "../../eval/evaluate.ts";
import { fail, type Interp } from "../../eval/interp.ts";
import {
  type BuiltinValue,
  type CallArgs,
  type ClassValue,
  NONE,
  str,
  type TupleValue,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import type { Place } from "../../text/span.ts";
import { t } from "../../text/text.ts";
import { reprOf } from "../format.ts";
import { native, nativeClass, raw } from "../native.ts";
import { tupleClass } from "../types.ts";

/** `typing.NamedTuple`, as a base. */
export const namedTupleBase = nativeClass("NamedTuple", "typing", [tupleClass]);

/** A class like those of `collections.namedtuple` and `typing.NamedTuple`. */
export function namedTupleClass(
  _interp: Interp,
  name: string,
  fields: readonly string[],
  attrs: ReadonlyMap<string, Value>,
  moduleName: string,
  options: { readonly place?: Place | undefined } = {},
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
      return self.kind === "tuple"
        ? (self.items[index] ?? NONE)
        : self.kind === "instance" && self.payload?.kind === "tuple"
          ? (self.payload.items[index] ?? NONE)
          : NONE;
    });
    members.push([field, { kind: "property", get, set: undefined }]);
  });
  const make = (i: Interp, cls: ClassValue, args: CallArgs): Value => fill(i, name, fields, defaults, cls, args);
  const cls: ClassValue = Object.assign(nativeClass(name, moduleName, [tupleClass], members, make), {
    place: options.place,
  });
  cls.slotMethods = new Map([
    [
      "__new__",
      raw(
        "__new__",
        (i, args) => {
          const target = args.positional[0]?.value;
          return make(i, target?.kind === "class" ? target : cls, { ...args, positional: args.positional.slice(1) });
        },
        { free: true },
      ),
    ],
  ]);
  const add = (key: string, value: Value): void => {
    if (!attrs.has(key)) cls.attrs.set(key, value);
  };
  const tupleOf = (args: CallArgs): TupleValue | undefined => {
    const self = args.positional[0]?.value;
    if (self?.kind === "tuple") return self;
    return self?.kind === "instance" && self.payload?.kind === "tuple" ? self.payload : undefined;
  };
  cls.attrs.set("_fields", tuple(fields.map(str)));
  cls.attrs.set("__match_args__", tuple(fields.map(str)));
  cls.attrs.set("_field_defaults", {
    kind: "dict",
    entries: new Map([...defaults].map(([key, value]) => [`s:${key}`, Object.freeze([str(key), value] as const)])),
  });
  add(
    "_replace",
    raw("_replace", (i, args) => {
      const self = tupleOf(args);
      if (self === undefined) return NONE;
      const extra = args.keywords.filter(([key]) => !fields.includes(key)).map(([key]) => `'${key}'`);
      if (0 < extra.length) return fail(i, "ValueError", `Got unexpected field names: [${extra.join(", ")}]`);
      return {
        ...self,
        items: self.items.map((item, at) => args.keywords.find(([key]) => key === fields[at])?.[1].value ?? item),
      };
    }),
  );
  add(
    "_asdict",
    raw("_asdict", (_i, args) => {
      const self = tupleOf(args);
      return {
        kind: "dict",
        entries: new Map(
          fields.map((field, at) => [`s:${field}`, Object.freeze([str(field), self?.items[at] ?? NONE] as const)]),
        ),
      };
    }),
  );
  add(
    "__repr__",
    raw("__repr__", (i, args) => {
      const self = tupleOf(args);
      const shown = args.positional[0]?.value;
      const own = shown?.kind === "instance" ? shown.cls.name : (self?.cls?.name ?? name);
      const parts = fields.map((field, at) => {
        const text = reprOf(i, self?.items[at] ?? NONE);
        return text === undefined ? undefined : `${field}=${text}`;
      });
      return parts.includes(undefined)
        ? unknown({ reason: t("text of an unknown value") })
        : str(`${own}(${parts.join(", ")})`);
    }),
  );
  cls.attrs.set("_make", {
    kind: "wrapper",
    type: "class",
    fn: raw("_make", (i, args) => {
      const [made, items] = args.positional.map((arg) => arg.value);
      const list = callValue(i, i.lang.builtins.get("list") ?? NONE, {
        positional: [{ value: items ?? NONE }],
        keywords: [],
      });
      if (list.kind !== "list" || list.why !== undefined || made?.kind !== "class")
        return unknown({ reason: t("an unknown sequence") });
      return callValue(i, made, { positional: list.items.map((value) => ({ value })), keywords: [] });
    }),
  });
  return cls;
}

function fill(
  interp: Interp,
  name: string,
  fields: readonly string[],
  defaults: ReadonlyMap<string, Value>,
  cls: ClassValue,
  args: CallArgs,
): Value {
  if (fields.length < args.positional.length) {
    const required = fields.filter((field) => !defaults.has(field)).length + 1;
    const all = fields.length + 1;
    const takes = required === all ? `${all}` : `from ${required} to ${all}`;
    return fail(
      interp,
      "TypeError",
      `${name}.__new__() takes ${takes} positional arguments but ${args.positional.length + 1} were given`,
    );
  }
  for (const [key] of args.keywords) {
    const at = fields.indexOf(key);
    if (at < 0) return fail(interp, "TypeError", `${name}.__new__() got an unexpected keyword argument '${key}'`);
    if (at < args.positional.length)
      return fail(interp, "TypeError", `${name}.__new__() got multiple values for argument '${key}'`);
  }
  const missing: string[] = [];
  const items = fields.map((field, index) => {
    const value =
      args.positional[index]?.value ?? args.keywords.find(([key]) => key === field)?.[1].value ?? defaults.get(field);
    if (value === undefined) missing.push(`'${field}'`);
    return value ?? unknown(args.more ?? { reason: t("a missing argument") });
  });
  if (0 < missing.length && args.more === undefined) {
    const last = missing.at(-1) ?? "";
    const listed = missing.length < 3 ? missing.join(" and ") : `${missing.slice(0, -1).join(", ")}, and ${last}`;
    return fail(
      interp,
      "TypeError",
      `${name}.__new__() missing ${missing.length} required positional argument${missing.length === 1 ? "" : "s"}: ${listed}`,
    );
  }
  return { kind: "tuple", items, cls };
}
