import type { ScopeInfo } from "../../core/core.ts";
import type { Source } from "./source.ts";

/** A scope under construction: the names that its statements bind, filled while they are lowered. */
export interface Scope {
  readonly kind: "module" | "class" | "function" | "comprehension";
  readonly source: Source;
  readonly parent: Scope | undefined;
  /** The innermost class around, without its leading underscores; empty outside of classes. */
  readonly className: string;
  readonly locals: Set<string>;
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
  /** Every binding in order of appearance, with repeats, for what a broken statement might have bound. */
  readonly log: string[];
  generator: boolean;
  /** Has an `await` or `async for` of its own. */
  awaits: boolean;
  temporaries: number;
}

/** `className` is given for a class's own scope. */
export function makeScope(kind: Scope["kind"], source: Source, parent: Scope | undefined, className?: string): Scope {
  return {
    kind,
    source,
    parent,
    className: className?.replace(/^_+/, "") ?? parent?.className ?? "",
    locals: new Set(),
    globals: new Set(),
    nonlocals: new Set(),
    log: [],
    generator: false,
    awaits: false,
    temporaries: 0,
  };
}

/** Records that a statement of this scope binds a name. */
export function bind(scope: Scope, name: string): void {
  scope.locals.add(name);
  scope.log.push(name);
}

/** Records a `:=`, which binds in the nearest scope that is no comprehension. */
export function bindThrough(scope: Scope, name: string): void {
  let owner = scope;
  while (owner.kind === "comprehension" && owner.parent !== undefined) owner = owner.parent;
  bind(owner, name);
  if (owner === scope) return;
  const global = owner.kind === "module" || owner.globals.has(name);
  (global ? scope.globals : scope.nonlocals).add(name);
}

/** A hidden name of this scope that no other lowered construct of it uses. */
export function temporary(scope: Scope): string {
  scope.temporaries++;
  const name = `.${scope.temporaries}`;
  scope.locals.add(name);
  return name;
}

/** The finished facts: a name declared global or nonlocal is not local. */
export function finishScope({ locals, globals, nonlocals }: Scope): ScopeInfo {
  const own = new Set([...locals].filter((name) => !globals.has(name) && !nonlocals.has(name)));
  return { locals: own, globals, nonlocals };
}

/** The names bound since the log had a given length, without hidden ones. */
export function boundSince(scope: Scope, mark: number): readonly string[] {
  return [...new Set(scope.log.slice(mark))].filter((name) => !name.startsWith("."));
}
