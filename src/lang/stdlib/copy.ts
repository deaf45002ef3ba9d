import type { Interp } from "../../eval/interp.ts";
import type { DictValue, InstanceValue, Value } from "../../eval/value.ts";

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
    case "tuple":
      return { ...value, items: value.items.map(inner) };
    case "set":
      return { ...value, items: new Map(value.items) };
    case "dict": {
      const made: DictValue = { ...value, entries: new Map() };
      memo.set(value, made);
      for (const [key, [k, v]] of value.entries) made.entries.set(key, Object.freeze([k, inner(v)] as const));
      return made;
    }
    case "instance": {
      const made: InstanceValue = {
        ...value,
        attrs: new Map(),
        serial: interp.serial++,
        place: interp.ownPlace() ?? value.place,
      };
      memo.set(value, made);
      for (const [key, v] of value.attrs)
        made.attrs.set(key, deep || (key.startsWith("_") && v.kind === "dict") ? copyValue(interp, v, memo, deep) : v);
      return made;
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
