import type { Expr } from "../../core/core.ts";
import { callValue } from "../../eval/evaluate.ts";
import { fail, type Interp } from "../../eval/interp.ts";
import { bool, type ClassValue, type InstanceValue, NONE, str, tuple, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { findAttribute } from "../attributes.ts";
import { annotationsOf } from "../classes.ts";
import { native, raw } from "../native.ts";
import { classAttribute, emptyDict } from "../types.ts";
import { fn, type Names } from "./module.ts";

export function dataclassesNames(): Names {
  return {
    dataclass: raw(
      "dataclass",
      (interp, args) => {
        const cls = args.positional[0]?.value;
        if (cls?.kind === "class") return makeDataclass(interp, cls);
        return raw(
          "dataclass",
          (i, inner) => {
            const value = inner.positional[0]?.value ?? NONE;
            return value.kind === "class" ? makeDataclass(i, value) : value;
          },
          { free: true },
        );
      },
      { free: true },
    ),
    field: raw(
      "field",
      (_interp, args) => ({
        kind: "opaque",
        type: "field",
        name: "field",
        attrs: new Map(args.keywords.map(([key, arg]) => [key, arg.value])),
      }),
      { free: true },
    ),
    asdict: fn("asdict", "obj", (_interp, get) => {
      const self = get("obj");
      return self.kind === "instance"
        ? {
            kind: "dict",
            entries: new Map(
              [...self.attrs].map(([key, value]) => [`s:${key}`, Object.freeze([str(key), value] as const)]),
            ),
          }
        : emptyDict();
    }),
    replace: raw(
      "replace",
      (interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind !== "instance") return NONE;
        const copy: InstanceValue = { ...self, attrs: new Map(self.attrs), serial: interp.serial++ };
        for (const [key, arg] of args.keywords) copy.attrs.set(key, arg.value);
        return copy;
      },
      { free: true },
    ),
    fields: fn("fields", "obj", () => unknown({ reason: t("dataclasses.fields is not followed") })),
    is_dataclass: fn("is_dataclass", "obj", (interp, get) =>
      bool(findAttribute(interp, get("obj"), "__dataclass_fields__") !== undefined),
    ),
  };
}

/** `@dataclass`: an `__init__` from the annotated names of the class and its bases. */
function makeDataclass(interp: Interp, cls: ClassValue): ClassValue {
  interface Field {
    readonly name: string;
    readonly fallback: Value | undefined;
    readonly factory: Value | undefined;
    readonly init: boolean;
  }
  const fields = new Map<string, Field>();
  for (const ancestor of [...cls.mro].reverse()) {
    const info = annotationsOf(ancestor);
    if (info === undefined) continue;
    for (const [name, annotation] of info.names) {
      if (mentionsClassVar(annotation)) continue;
      const value = ancestor.attrs.get(name);
      if (value?.kind === "opaque" && value.type === "field") {
        fields.set(name, {
          name,
          fallback: value.attrs?.get("default"),
          factory: value.attrs?.get("default_factory"),
          init:
            value.attrs?.get("init") !== undefined
              ? interp.lang.truth(interp, value.attrs.get("init") ?? NONE) !== false
              : true,
        });
      } else fields.set(name, { name, fallback: value, factory: undefined, init: true });
    }
  }
  const list = [...fields.values()];
  const init = raw("__init__", (i, args) => {
    const self = args.positional[0]?.value;
    if (self?.kind !== "instance") return NONE;
    const inits = list.filter((field) => field.init);
    const given = new Map<string, Value>();
    args.positional.slice(1).forEach((arg, index) => {
      const field = inits[index];
      if (field === undefined)
        fail(
          i,
          "TypeError",
          `__init__() takes ${inits.length + 1} positional arguments but ${args.positional.length} were given`,
        );
      else given.set(field.name, arg.value);
    });
    for (const [key, arg] of args.keywords) {
      if (!inits.some((field) => field.name === key))
        fail(i, "TypeError", `${cls.name}.__init__() got an unexpected keyword argument '${key}'`);
      given.set(key, arg.value);
    }
    for (const field of list) {
      let value = given.get(field.name);
      if (value === undefined)
        value =
          field.factory === undefined ? field.fallback : callValue(i, field.factory, { positional: [], keywords: [] });
      if (value === undefined)
        value =
          args.more === undefined
            ? fail(i, "TypeError", `${cls.name}.__init__() missing 1 required positional argument: '${field.name}'`)
            : unknown(args.more);
      i.journal.set(self.attrs, field.name, value);
    }
    const post = classAttribute(self.cls, "__post_init__");
    if (post !== undefined) callValue(i, { kind: "method", self, fn: post }, { positional: [], keywords: [] });
    return NONE;
  });
  if (!cls.attrs.has("__init__")) interp.journal.set(cls.attrs, "__init__", init);
  interp.journal.set(cls.attrs, "__dataclass_fields__", {
    kind: "dict",
    entries: new Map(list.map((field) => [`s:${field.name}`, Object.freeze([str(field.name), NONE] as const)])),
  });
  if (!cls.attrs.has("__eq__")) {
    interp.journal.set(
      cls.attrs,
      "__eq__",
      native("__eq__", "self, other", (i, get) => {
        const a = get("self");
        const b = get("other");
        if (a.kind !== "instance" || b.kind !== "instance" || a.cls !== b.cls) return { kind: "not-implemented" };
        return i.lang.compare(
          i,
          "==",
          tuple(list.map((f) => a.attrs.get(f.name) ?? NONE)),
          tuple(list.map((f) => b.attrs.get(f.name) ?? NONE)),
        );
      }),
    );
  }
  return cls;
}

function mentionsClassVar(annotation: Expr): boolean {
  if (annotation.kind === "name") return annotation.name === "ClassVar";
  if (annotation.kind === "attribute") return annotation.name === "ClassVar";
  return annotation.kind === "index" && mentionsClassVar(annotation.object);
}
