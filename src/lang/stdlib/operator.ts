import { NONE, tuple } from "../../eval/value.ts";
import { raw } from "../native.ts";
import { fn, type Names } from "./module.ts";

export function operatorNames(): Names {
  const names: Names = {};
  for (const [name, op] of [
    ["add", "+"],
    ["sub", "-"],
    ["mul", "*"],
    ["truediv", "/"],
    ["floordiv", "//"],
    ["mod", "%"],
    ["pow", "**"],
    ["matmul", "@"],
    ["and_", "&"],
    ["or_", "|"],
    ["xor", "^"],
  ] as const) {
    names[name] = fn(name, "a, b", (interp, get) => interp.lang.binary(interp, op, get("a"), get("b"), false));
    names[`i${name.replace("_", "")}`] = fn(name, "a, b", (interp, get) =>
      interp.lang.binary(interp, op, get("a"), get("b"), true),
    );
  }
  names.itemgetter = raw(
    "itemgetter",
    (_interp, outer) =>
      raw(
        "itemgetter",
        (interp, args) => {
          const values = outer.positional.map((key) =>
            interp.lang.getItem(interp, args.positional[0]?.value ?? NONE, key.value),
          );
          return values.length === 1 ? (values[0] ?? NONE) : tuple(values);
        },
        { free: true },
      ),
    { free: true },
  );
  names.attrgetter = raw(
    "attrgetter",
    (_interp, outer) =>
      raw(
        "attrgetter",
        (interp, args) => {
          const path = outer.positional[0]?.value;
          let value = args.positional[0]?.value ?? NONE;
          for (const part of path?.kind === "str" ? path.value.split(".") : [])
            value = interp.lang.getAttribute(interp, value, part, undefined);
          return value;
        },
        { free: true },
      ),
    { free: true },
  );
  names.index = fn("index", "a", (_interp, get) => get("a"));
  return names;
}
