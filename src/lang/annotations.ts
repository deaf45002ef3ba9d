import type { Expr } from "../core/core.ts";
import { evaluate } from "../eval/evaluate.ts";
import { type Interp, Raised } from "../eval/interp.ts";
import type { Scope } from "../eval/scope.ts";
import { type ClassValue, str, unknown, type Value } from "../eval/value.ts";
import { t } from "../text/text.ts";

interface Annotated {
  readonly names: ReadonlyMap<string, Expr>;
  readonly scope: Scope;
}

const annotations = new WeakMap<ClassValue, Annotated>();

/** Keeps the annotated names of a class's body, and the scope that their expressions are read in. */
export function annotate(cls: ClassValue, annotated: Annotated): void {
  annotations.set(cls, annotated);
}

/** The annotated names of a class's own body in order. */
export function annotationsOf(cls: ClassValue): Annotated | undefined {
  return annotations.get(cls);
}

/** The value of an annotation. Nothing that goes wrong in it is a mistake: Python may never evaluate it. */
export function annotationValue(interp: Interp, annotation: Expr, scope: Scope): Value {
  if (annotation.kind === "string") return str(annotation.value);
  const { handlers, path, argument } = interp;
  const depth = interp.frames.length;
  interp.handlers++;
  try {
    return evaluate(interp, annotation, scope);
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    interp.frames.length = depth;
    interp.path = path;
    interp.argument = argument;
    return unknown({ reason: t("an annotation that is not known") });
  } finally {
    interp.handlers = handlers;
  }
}

/** `cls.__annotations__`. */
export function annotationsValue(interp: Interp, cls: ClassValue): Value {
  const own = cls.attrs.get("__annotations__");
  if (own !== undefined) return own;
  const entries = new Map<string, readonly [Value, Value]>();
  const annotated = annotations.get(cls);
  for (const [name, expr] of annotated?.names ?? [])
    if (annotated !== undefined)
      entries.set(`s:${name}`, Object.freeze([str(name), annotationValue(interp, expr, annotated.scope)] as const));
  return { kind: "dict", entries };
}
