import { fail, type Interp } from "../../eval/interp.ts";
import { type BuiltinValue, type ClassValue, NONE, str, tuple, unknown, type Value } from "../../eval/value.ts";
import { native, nativeClass, raw } from "../native.ts";
import { tupleClass } from "../types.ts";

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
