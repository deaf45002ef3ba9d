import { callValue } from "../../eval/evaluate.ts";
import type { Interp } from "../../eval/interp.ts";
import { type DictValue, type InstanceValue, NONE, type Value } from "../../eval/value.ts";
import { classAttribute, emptyDict } from "../types.ts";

/** `copy.copy` and `copy.deepcopy`. */
export function copyValue(interp: Interp, value: Value, memo: Map<Value, Value>, deep: boolean): Value {
  const known = memo.get(value);
  if (known !== undefined) return known;
  const inner = (item: Value): Value => (deep ? copyValue(interp, item, memo, true) : item);
  switch (value.kind) {
    case "list": {
      const made: Value = { kind: "list", items: [], ...(value.why === undefined ? {} : { why: value.why }) };
      memo.set(value, made);
      made.items.push(...value.items.map(inner));
      return made;
    }
    case "tuple": {
      const items = value.items.map(inner);
      return items.every((item, i) => item === value.items[i]) ? value : { ...value, items };
    }
    case "set":
      return { ...value, items: new Map([...value.items].map(([key, item]) => [key, inner(item)])) };
    case "dict": {
      const made: DictValue = { ...value, entries: new Map() };
      memo.set(value, made);
      for (const [key, entry] of value.entries)
        made.entries.set(key, deep ? Object.freeze([entry[0], inner(entry[1])] as const) : entry);
      return made;
    }
    case "instance": {
      const own = classAttribute(value.cls, deep ? "__deepcopy__" : "__copy__");
      if (own !== undefined)
        return callValue(
          interp,
          { kind: "method", self: value, fn: own },
          { positional: deep ? [{ value: emptyDict() }] : [], keywords: [] },
        );
      return copyInstance(interp, value, memo, deep, inner);
    }
    case "tensor":
      if (!deep || value.weight === undefined) return value;
      {
        const made: Value = { ...value, weight: { ...value.weight }, ref: undefined };
        memo.set(value, made);
        return made;
      }
    case "method":
      return deep ? { ...value, self: inner(value.self) } : value;
    default:
      return value;
  }
}

function copyInstance(
  interp: Interp,
  value: InstanceValue,
  memo: Map<Value, Value>,
  deep: boolean,
  inner: (item: Value) => Value,
): Value {
  const members = value.cls.attrs.get("__members__") ?? NONE;
  // Members of an enum are themselves.
  if (members.kind !== "none" || value.attrs.has("_value_")) return value;
  // How the copied one was built says nothing of the copy.
  const { payload, built: _, repeated: __, ...rest } = value;
  const made: InstanceValue = {
    ...rest,
    attrs: new Map(),
    serial: interp.serial++,
    place: interp.ownPlace() ?? value.place,
    ...(payload === undefined ? {} : { payload: copyValue(interp, payload, new Map(deep ? memo : []), deep) }),
  };
  memo.set(value, made);
  for (const [key, v] of value.attrs)
    made.attrs.set(
      key,
      deep || (key.startsWith("_") && v.kind === "dict") ? copyValue(interp, v, memo, deep) : inner(v),
    );
  return made;
}
