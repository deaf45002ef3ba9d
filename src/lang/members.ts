import { callValue, force } from "../eval/evaluate.ts";
import { memberOf } from "../eval/imports.ts";
import type { Interp } from "../eval/interp.ts";
import { loadModule } from "../eval/load-module.ts";
import { type FunctionValue, int, NONE, type PropertyValue, str, tuple, unknown, type Value } from "../eval/value.ts";
import { t } from "../text/text.ts";
import { annotationValue } from "./annotations.ts";
import { bindTo, dictOf, slotMethod } from "./attributes.ts";
import { namespaceDict } from "./namespace.ts";
import { functionClass } from "./types.ts";

/** A module's attribute. */
export function moduleMember(interp: Interp, module: Extract<Value, { kind: "module" }>, name: string): Value {
  if (name === "__name__") return str(module.name);
  if (name === "__dict__") {
    loadModule(interp, module);
    return {
      ...namespaceDict(interp, module.scope.vars),
      ...(module.file === undefined ? { why: { reason: t("the names of {0} are not all known", module.name) } } : {}),
    };
  }
  return memberOf(interp, module, name, "attribute");
}

/** A function's attribute. */
export function functionAttribute(interp: Interp, fn: FunctionValue, name: string): Value | undefined {
  const own = fn.attrs?.get(name);
  if (own !== undefined) return own;
  switch (name) {
    case "__name__":
      return str(fn.expr.name);
    case "__qualname__":
      return str(fn.qualname);
    case "__module__":
      return str(fn.module.name);
    case "__doc__":
      return fn.expr.doc === undefined ? NONE : str(fn.expr.doc);
    case "__defaults__":
    case "__kwdefaults__": {
      const keywordOnly = name === "__kwdefaults__";
      const found = fn.expr.params.flatMap((param) => {
        const value = fn.defaults.get(param.name);
        return value === undefined || (param.kind === "keyword-only") !== keywordOnly
          ? []
          : [[param.name, force(interp, value)] as const];
      });
      if (found.length === 0) return NONE;
      return keywordOnly ? dictOf(found) : tuple(found.map(([, value]) => value));
    }
    case "__dict__":
      return dictOf([...(fn.attrs ?? [])].filter(([key]) => !FUNCTION_NAMES.has(key)));
    case "__annotations__":
      return functionAnnotations(interp, fn);
    case "__get__":
      return {
        kind: "builtin",
        name,
        free: true,
        call: (_i, args) => {
          const self = args.positional[0]?.value ?? NONE;
          return self.kind === "none" ? fn : { kind: "method", self, fn };
        },
      };
    case "__call__":
      return fn;
    case "__code__":
      return codeOf(fn);
    case "__globals__":
      return moduleMember(interp, fn.module, "__dict__");
    case "__closure__":
      return unknown({ reason: t("{0} of a function is not followed", name) });
    default:
      return slotMethod(functionClass, name) === undefined
        ? undefined
        : bindTo(interp, slotMethod(functionClass, name) ?? NONE, fn, functionClass);
  }
}

const FUNCTION_NAMES: ReadonlySet<string> = new Set(["__name__", "__qualname__", "__module__", "__doc__"]);

/** `function.__annotations__`. */
export function functionAnnotations(interp: Interp, fn: FunctionValue): Value {
  const found: (readonly [string, Value])[] = [];
  for (const param of fn.expr.params)
    if (param.annotation !== undefined) found.push([param.name, annotationValue(interp, param.annotation, fn.closure)]);
  if (fn.expr.returns !== undefined) found.push(["return", annotationValue(interp, fn.expr.returns, fn.closure)]);
  return dictOf(found);
}

/** `function.__code__`, as far as code looks at it. */
function codeOf(fn: FunctionValue): Value {
  const { params, scope, name } = fn.expr;
  const counted = params.filter((param) => param.kind === "normal" || param.kind === "positional-only");
  const only = params.filter((param) => param.kind === "keyword-only");
  const stars = params.filter((param) => param.kind === "star" || param.kind === "double-star");
  const names = [...counted, ...only, ...stars].map((param) => param.name);
  for (const local of scope.locals) if (!names.includes(local) && !local.startsWith(".")) names.push(local);
  return {
    kind: "opaque",
    type: "code",
    name: "code",
    attrs: new Map<string, Value>([
      ["co_argcount", int(counted.length)],
      ["co_kwonlyargcount", int(only.length)],
      ["co_posonlyargcount", int(params.filter((param) => param.kind === "positional-only").length)],
      ["co_varnames", tuple(names.map(str))],
      ["co_name", str(name)],
    ]),
  };
}

/** A property object's own attribute. */
export function propertyMember(property: PropertyValue, name: string): Value | undefined {
  const copy = (change: Partial<PropertyValue>): Value => ({ ...property, ...change });
  const changer = (change: (fn: Value) => Partial<PropertyValue>): Value => ({
    kind: "builtin",
    name,
    free: true,
    call: (_i, args) => copy(change(args.positional[0]?.value ?? NONE)),
  });
  switch (name) {
    case "getter":
      return changer((fn) => ({ get: fn }));
    case "setter":
      return changer((fn) => ({ set: fn }));
    case "deleter":
      return changer((fn) => ({ delete: fn }));
    case "fget":
    case "func":
      return property.get;
    case "fset":
      return property.set ?? NONE;
    case "fdel":
      return property.delete ?? NONE;
    case "__doc__":
      return (
        property.doc ??
        (property.get.kind === "function" && property.get.expr.doc !== undefined ? str(property.get.expr.doc) : NONE)
      );
    case "__get__":
      return {
        kind: "builtin",
        name,
        free: true,
        call: (interp, args) =>
          callValue(interp, property.get, { positional: args.positional.slice(0, 1), keywords: [] }),
      };
    default:
      return undefined;
  }
}
