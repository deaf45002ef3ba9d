import type { Dim, TensorType, Why } from "../shape/dim.ts";
import { sizeEquals } from "../shape/size.ts";
import { isAbsent } from "./journal.ts";
import { tensor, unknown, type Value } from "./value.ts";

/** The value after an unknown condition: what both ways agree on; what differs is unknown because of it. */
export function joinValues(a: Value, b: Value, why: Why): Value {
  if (a === b || sameValue(a, b)) return a;
  if (a.kind === "unknown") return a;
  if (b.kind === "unknown") return b;
  if (a.kind === "int" && b.kind === "int") return { kind: "int", dim: joinDims(a.dim, b.dim, why) };
  if (a.kind === "float" && b.kind === "float") return { kind: "float", value: undefined, why };
  if (a.kind === "tensor" && b.kind === "tensor") return tensor(joinTypes(a.type, b.type, why));
  if (a.kind === "tuple" && b.kind === "tuple" && a.items.length === b.items.length) {
    return {
      kind: "tuple",
      items: a.items.map((item, i) => joinValues(item, b.items[i] ?? item, why)),
      ...(a.cls === undefined ? {} : { cls: a.cls }),
    };
  }
  return unknown(why);
}

/** Whether two values are surely the same. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "none":
    case "ellipsis":
    case "not-implemented":
      return true;
    case "bool":
      return b.kind === "bool" && a.value === b.value;
    case "int":
      if (b.kind !== "int") return false;
      if (a.big !== undefined) return a.big === b.big;
      return a.dim.size !== undefined && b.dim.size !== undefined && sizeEquals(a.dim.size, b.dim.size);
    case "float":
      return b.kind === "float" && a.value !== undefined && a.value === b.value;
    case "str":
    case "bytes":
      return (b.kind === "str" || b.kind === "bytes") && a.value === b.value;
    case "opaque":
      return b.kind === "opaque" && a.type === b.type && a.name === b.name;
    case "tuple":
      return (
        b.kind === "tuple" &&
        a.items.length === b.items.length &&
        a.items.every((item, i) => sameValue(item, b.items[i] ?? item))
      );
    case "method":
      return b.kind === "method" && a.fn === b.fn && a.self === b.self;
    case "tensor":
      return (
        b.kind === "tensor" &&
        a.ref !== undefined &&
        b.ref !== undefined &&
        a.ref.node === b.ref.node &&
        a.ref.output === b.ref.output
      );
    default:
      return false;
  }
}

/** Joins what a place of the heap holds after both ways. `lost` is called when a list's length differs. */
export function joinPlaces(
  left: unknown,
  right: unknown,
  key: string,
  target: object,
  why: Why,
  lost: () => void,
): unknown {
  if (left === right) return left;
  if (key === "why" || key === "tainted" || key === "touched") return left ?? right;
  if (isTensorField(target, key)) return joinTensorField(left, right, key, why);
  if (key === "index" || key === "state") {
    lost();
    return left;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    if (isPair(left) && isPair(right)) return Object.freeze([left[0], joinValues(left[1], right[1], why)]);
    if (left.length === right.length) return left.map((item: Value, i) => joinValues(item, right[i] as Value, why));
    lost();
    return left;
  }
  // A map entry that only one way wrote: a dict's pair keeps its key.
  if ((isAbsent(left) && Array.isArray(right)) || (isAbsent(right) && Array.isArray(left))) {
    lost();
    return Object.freeze([(Array.isArray(left) ? left : (right as readonly Value[]))[0], unknown(why)]);
  }
  if (isAbsent(left) || isAbsent(right)) return unknown(why);
  if (left instanceof Map && right instanceof Map) {
    lost();
    return key === "entries" ? joinEntries(left, right, why) : left;
  }
  if (isValue(left) && isValue(right)) return joinValues(left, right, why);
  return unknown(why);
}

/** Whether a written place is what a write into a tensor changes. */
export function isTensorField(target: object, key: string): boolean {
  return "kind" in target && target.kind === "tensor" && ["type", "ref", "host", "view", "aliases"].includes(key);
}

/** A tensor that was written into on one way: its type joined; its values and its node are not one way's. */
export function joinTensorField(left: unknown, right: unknown, key: string, why: Why): unknown {
  if (left === right) return left;
  if (key === "type") return joinTypes(left as TensorType, right as TensorType, why);
  return key === "aliases" ? (left ?? right) : undefined;
}

type Pairs = ReadonlyMap<string, readonly [Value, Value]>;

/** A dict's entries with values that are not known. */
export function lostEntries(entries: Pairs, why: Why): Pairs {
  return new Map([...entries].map(([key, [name]]) => [key, Object.freeze([name, unknown(why)] as const)]));
}

/** What both of a dict's entries agree on; a key that one way alone has may be there. */
function joinEntries(left: Pairs, right: Pairs, why: Why): Pairs {
  const joined = new Map<string, readonly [Value, Value]>();
  for (const [key, pair] of [...left, ...right]) {
    const [a, b] = [left.get(key), right.get(key)];
    const value = a === undefined || b === undefined ? unknown(why) : joinValues(a[1], b[1], why);
    joined.set(key, Object.freeze([pair[0], value] as const));
  }
  return joined;
}

function isPair(value: readonly unknown[]): value is readonly [Value, Value] {
  return Object.isFrozen(value);
}

function isValue(value: unknown): value is Value {
  return typeof value === "object" && value !== null && "kind" in value;
}

function joinDims(a: Dim, b: Dim, why: Why): Dim {
  if (a.size === undefined) return a;
  if (b.size === undefined) return b;
  return sizeEquals(a.size, b.size) ? a : { size: undefined, why };
}

function joinTypes(a: TensorType, b: TensorType, why: Why): TensorType {
  const dtype = a.dtype === b.dtype ? a.dtype : undefined;
  if (a.shape === undefined || b.shape === undefined) return { shape: undefined, why: a.why ?? b.why ?? why, dtype };
  if (a.shape.length !== b.shape.length) return { shape: undefined, why, dtype };
  const other = b.shape;
  return { shape: a.shape.map((dim, i) => joinDims(dim, other[i] ?? dim, why)), dtype };
}
