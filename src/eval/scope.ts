import type { Expr, ScopeInfo } from "../core/core.ts";
import type { ClassCell, Value } from "./value.ts";

/** Names and values of one function call, class body or module. Lookup goes up through `parent`s that are functions. */
export interface Scope {
  readonly kind: "module" | "function" | "class";
  readonly vars: Map<string, Value>;
  /** Where free names are looked up: the enclosing function's scope, else the module's. */
  readonly parent: Scope | undefined;
  readonly module: Scope | undefined;
  readonly info: ScopeInfo | undefined;
  /** Of a class body and of the functions in it: filled with the class once it is made. */
  readonly cell?: ClassCell | undefined;
  /** Of a class body: its annotated names, in order. */
  annotations?: Map<string, Expr>;
  /** The journal's mark at which it was made; undefined: all writes are recorded. */
  readonly born?: number;
}

export function moduleScope(vars = new Map<string, Value>()): Scope {
  return { kind: "module", vars, parent: undefined, module: undefined, info: undefined };
}

/** A new scope inside `parent`; a class's scope is skipped as parent, as in Python. */
export function childScope(
  kind: "function" | "class",
  parent: Scope,
  info: ScopeInfo,
  cell?: ClassCell,
  born?: number,
  vars = new Map<string, Value>(),
): Scope {
  let outer: Scope | undefined = parent;
  while (outer !== undefined && outer.kind === "class") outer = outer.parent;
  return {
    kind,
    vars,
    parent: outer,
    module: parent.module ?? parent,
    info,
    cell: kind === "class" ? { cls: undefined } : cell,
    ...(born === undefined ? {} : { born }),
  };
}

/** The scope that a write to `name` goes to. */
export function targetScope(scope: Scope, name: string): Scope {
  if (scope.info?.globals.has(name)) return scope.module ?? scope;
  if (scope.info?.nonlocals.has(name)) {
    let outer = scope.parent;
    while (outer !== undefined && outer.kind !== "module") {
      if (outer.vars.has(name) || outer.info?.locals.has(name)) return outer;
      outer = outer.parent;
    }
  }
  return scope;
}

/** The value a name has here: local, enclosing, module. Undefined when unbound. */
export function lookup(scope: Scope, name: string): Value | undefined {
  if (scope.info?.globals.has(name)) return scope.module?.vars.get(name);
  let at: Scope | undefined = scope;
  while (at !== undefined) {
    const value = at.vars.get(name);
    if (value !== undefined) return value;
    // A name that a function assigns is its own, assigned yet or not.
    if (at.kind === "function" && at.info?.locals.has(name) === true) return undefined;
    at = at.parent;
  }
  return undefined;
}

/** Whether the name is a variable of an enclosing function that is not assigned yet. */
export function isUnboundAround(scope: Scope, name: string): boolean {
  for (let at = scope.parent; at !== undefined; at = at.parent)
    if (at.kind === "function" && at.info?.locals.has(name) === true) return !at.vars.has(name);
  return false;
}

/** Whether the name is local to this function and so not looked up outside. */
export function isLocal(scope: Scope, name: string): boolean {
  return (
    scope.kind === "function" &&
    scope.info !== undefined &&
    scope.info.locals.has(name) &&
    !scope.info.globals.has(name) &&
    !scope.info.nonlocals.has(name)
  );
}
