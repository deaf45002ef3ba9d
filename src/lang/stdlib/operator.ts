import type { BinaryOp, CompareOp } from "../../core/core.ts";
import { callValue } from "../../eval/evaluate.ts";
import { NONE, str, tuple, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { deleteItem, getItem, setItem } from "../containers.ts";
import { raw } from "../native.ts";
import { fn, type Names } from "./module.ts";

const BINARY: Readonly<Record<string, BinaryOp>> = {
  add: "+",
  sub: "-",
  mul: "*",
  truediv: "/",
  floordiv: "//",
  mod: "%",
  pow: "**",
  matmul: "@",
  and_: "&",
  or_: "|",
  xor: "^",
  lshift: "<<",
  rshift: ">>",
  concat: "+",
};
const COMPARE: Readonly<Record<string, CompareOp>> = {
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  is_: "is",
  is_not: "is not",
};

/** `operator`. */
export function operatorNames(): Names {
  const names: Names = {};
  for (const [name, op] of Object.entries(BINARY)) {
    names[name] = fn(name, "a, b, /", (interp, get) => interp.lang.binary(interp, op, get("a"), get("b"), false));
    names[`i${name.replace("_", "")}`] = fn(name, "a, b, /", (interp, get) =>
      interp.lang.binary(interp, op, get("a"), get("b"), true),
    );
  }
  for (const [name, op] of Object.entries(COMPARE))
    names[name] = fn(name, "a, b, /", (interp, get) => interp.lang.compare(interp, op, get("a"), get("b")));
  for (const [name, op] of [
    ["neg", "-"],
    ["pos", "+"],
    ["inv", "~"],
    ["invert", "~"],
  ] as const)
    names[name] = fn(name, "a, /", (interp, get) => interp.lang.unary(interp, op, get("a")));
  names.contains = fn("contains", "a, b, /", (interp, get) => interp.lang.compare(interp, "in", get("b"), get("a")));
  names.getitem = fn("getitem", "a, b, /", (interp, get) => getItem(interp, get("a"), get("b")));
  names.setitem = fn("setitem", "a, b, c, /", (interp, get) => {
    setItem(interp, get("a"), get("b"), get("c"));
    return NONE;
  });
  names.delitem = fn("delitem", "a, b, /", (interp, get) => {
    deleteItem(interp, get("a"), get("b"));
    return NONE;
  });
  for (const [name, holds] of [
    ["truth", true],
    ["not_", false],
  ] as const)
    names[name] = fn(name, "a, /", (interp, get) => {
      const known = interp.lang.truth(interp, get("a"));
      return typeof known === "boolean" ? { kind: "bool", value: known === holds } : unknown(known);
    });
  for (const name of ["abs", "index"])
    names[name] = fn(name, "a, /", (interp, get) =>
      callValue(interp, interp.lang.builtins.get(name === "abs" ? "abs" : "int") ?? NONE, {
        positional: [{ value: get("a") }],
        keywords: [],
      }),
    );
  const getter = (
    name: string,
    read: (interp: Parameters<typeof getItem>[0], object: Value, key: Value) => Value,
  ): Value =>
    raw(
      name,
      (_interp, outer) =>
        raw(
          name,
          (interp, args) => {
            const object = args.positional[0]?.value ?? NONE;
            const values = outer.positional.map((key) => read(interp, object, key.value));
            return values.length === 1 ? (values[0] ?? NONE) : tuple(values);
          },
          { free: true },
        ),
      { free: true },
    );
  names.itemgetter = getter("itemgetter", (interp, object, key) => getItem(interp, object, key));
  names.attrgetter = getter("attrgetter", (interp, object, key) =>
    key.kind === "str"
      ? key.value
          .split(".")
          .reduce<Value>((value, part) => interp.lang.getAttribute(interp, value, part, undefined), object)
      : unknown({ reason: t("an attribute whose name is not known") }),
  );
  names.methodcaller = raw(
    "methodcaller",
    (_interp, outer) => {
      const [name = { value: str("") }, ...positional] = outer.positional;
      return raw(
        "methodcaller",
        (interp, args) => {
          const key = name.value.kind === "str" ? name.value.value : "";
          const method = interp.lang.getAttribute(interp, args.positional[0]?.value ?? NONE, key, undefined);
          return callValue(interp, method, { ...outer, positional });
        },
        { free: true },
      );
    },
    { free: true },
  );
  return names;
}
