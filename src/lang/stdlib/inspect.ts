import { force } from "../../eval/evaluate.ts";
import { unknownHere } from "../../eval/interp.ts";
import { bool, type InstanceValue, int, NONE, opaque, str, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { nativeClass } from "../native.ts";
import { objectClass } from "../types.ts";
import { fn, type Names } from "./module.ts";

export function inspectNames(): Names {
  const kinds = ["POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD"] as const;
  const kindValue = Object.fromEntries(kinds.map((kind, i) => [kind, int(i)]));
  const parameterClass = nativeClass(
    "Parameter",
    "inspect",
    [objectClass],
    [...Object.entries(kindValue), ["empty", opaque("inspect", "empty")]],
  );
  const signatureClass = nativeClass("Signature", "inspect", [objectClass]);
  const kindOf = {
    "positional-only": "POSITIONAL_ONLY",
    normal: "POSITIONAL_OR_KEYWORD",
    star: "VAR_POSITIONAL",
    "keyword-only": "KEYWORD_ONLY",
    "double-star": "VAR_KEYWORD",
  } as const;
  const signature = fn("signature", "callable", (interp, get) => {
    let target = get("callable");
    for (let i = 0; i < 20 && target.kind === "function"; i++) {
      const wrapped = target.attrs?.get("__wrapped__");
      if (wrapped === undefined) break;
      target = wrapped;
    }
    let skip = 0;
    if (target.kind === "method") {
      skip = 1;
      target = target.fn;
    }
    if (target.kind === "class") {
      skip = 1;
      target = target.mro.map((c) => c.attrs.get("__init__")).find((v) => v !== undefined) ?? NONE;
    }
    const params =
      target.kind === "function" ? target.expr.params : target.kind === "builtin" ? target.params : undefined;
    if (params === undefined) return unknownHere(interp, t("inspect.signature of a value that is not known"));
    const entries = new Map<string, readonly [Value, Value]>();
    for (const param of params.slice(skip)) {
      const made: InstanceValue = {
        kind: "instance",
        cls: parameterClass,
        attrs: new Map<string, Value>([
          ["name", str(param.name)],
          ["kind", kindValue[kindOf[param.kind]] ?? NONE],
          [
            "default",
            force(
              interp,
              (target.kind === "function" ? target.defaults.get(param.name) : undefined) ?? opaque("inspect", "empty"),
            ),
          ],
          ["annotation", opaque("inspect", "empty")],
        ]),
        serial: interp.serial++,
        place: undefined,
      };
      entries.set(`s:${param.name}`, Object.freeze([str(param.name), made] as const));
    }
    return {
      kind: "instance",
      cls: signatureClass,
      attrs: new Map<string, Value>([["parameters", { kind: "dict", entries }]]),
      serial: interp.serial++,
      place: undefined,
    };
  });
  return {
    signature,
    Parameter: parameterClass,
    Signature: signatureClass,
    _empty: opaque("inspect", "empty"),
    isclass: fn("isclass", "object", (_interp, get) => bool(get("object").kind === "class")),
    isfunction: fn("isfunction", "object", (_interp, get) => bool(get("object").kind === "function")),
    ismethod: fn("ismethod", "object", (_interp, get) => bool(get("object").kind === "method")),
  };
}
