import { type ClassValue, tuple, type Value } from "../eval/value.ts";
import { native, nativeClass } from "../lang/native.ts";
import { tupleClass } from "../lang/types.ts";

/** `torch.return_types`: tuples whose parts have names. */

const classes = new Map<string, ClassValue>();

/** A tuple of `torch.return_types.<name>` with these fields. */
export function named(name: string, fields: readonly string[], value: Value): Value {
  if (value.kind !== "tuple") return value;
  return { kind: "tuple", items: value.items, cls: classOf(name, fields) };
}

function classOf(name: string, fields: readonly string[]): ClassValue {
  const known = classes.get(name);
  if (known !== undefined) return known;
  const members = fields.map((field, index): [string, Value] => [
    field,
    {
      kind: "property",
      get: native(field, "self", (_interp, get) => {
        const self = get("self");
        return (self.kind === "tuple" ? self.items[index] : undefined) ?? tuple([]);
      }),
      set: undefined,
    },
  ]);
  const made = nativeClass(name, "torch.return_types", [tupleClass], members);
  classes.set(name, made);
  return made;
}

/** Values and their positions. */
export const VALUES: readonly string[] = ["values", "indices"];
