import type { CallExpr, Expr, Module, Stmt, Target } from "../core/core.ts";

/** A call in code that runs by itself, with what its names stand for where it stands. */
export interface SeenCall {
  readonly call: CallExpr;
  readonly names: Names;
}

/** What the names bound in a block stand for, at one place of it. */
export type Names = ReadonlyMap<string, Bound>;

export interface Bound {
  /** An expression of the file's own namespace that gives the value; undefined where none is known to. */
  readonly text: string | undefined;
  /** What was assigned. */
  readonly value: Expr | undefined;
}

const LOST: Bound = { text: undefined, value: undefined };
/** A longer text is no name for a model. */
const MAX_TEXT = 400;
/** Turns of a loop over a written list that are followed. */
const MAX_TURNS = 12;
/** Calls that leave the module as it is, and give it back. */
const TRANSPARENT = new Set(["to", "cuda", "cpu", "eval", "train", "float", "requires_grad_"]);
/** Calls on a module that leave its structure as it is. */
const HARMLESS = new Set([
  ...TRANSPARENT,
  "load_state_dict",
  "zero_grad",
  "parameters",
  "named_parameters",
  "state_dict",
  "modules",
  "named_modules",
  "children",
  "named_children",
  "forward",
  "apply",
]);

/** Every call of a block of statements, in order, with the names as they are bound there. */
export function callsOf({ body, names, constants }: Block, text: string): readonly SeenCall[] {
  const calls: SeenCall[] = [];
  walk(body, { text, calls, constants }, new Map(names));
  return calls;
}

/** Code that runs by itself. */
export interface Block {
  readonly body: readonly Stmt[];
  /** What its parameters are bound to. */
  readonly names: Names;
  readonly constants: ReadonlySet<string>;
  /** The function whose body it is; undefined for the module's own statements. */
  readonly within: string | undefined;
}

interface Walk {
  readonly text: string;
  /** Names of the module that always stand for the same written value. */
  readonly constants: ReadonlySet<string>;
  readonly calls: SeenCall[];
}

function walk(body: readonly Stmt[], to: Walk, names: Map<string, Bound>): void {
  for (const stmt of body) {
    switch (stmt.kind) {
      case "assign":
        if (stmt.value !== undefined) see(stmt.value, to, names);
        assign(stmt.target, stmt.value, to, names);
        break;
      case "expression":
      case "return":
        if (stmt.value !== undefined) see(stmt.value, to, names);
        break;
      case "assert":
        see(stmt.test, to, names);
        break;
      case "if":
        branches([stmt.then, stmt.otherwise], to, names);
        break;
      case "try":
        walk(stmt.body, to, names);
        branches([...stmt.handlers.map((handler) => handler.body)], to, names);
        walk(stmt.otherwise, to, names);
        walk(stmt.final, to, names);
        break;
      case "with":
        for (const item of stmt.items) if (item.target !== undefined) assign(item.target, undefined, to, names);
        walk(stmt.body, to, names);
        break;
      case "block":
        walk(stmt.body, to, names);
        break;
      case "iterate":
        for (const item of turns(stmt.iterable, to, names)) {
          assign(stmt.target, item, to, names);
          walk(stmt.body, to, names);
          for (const name of writtenIn(stmt.body)) names.set(name, LOST);
        }
        break;
      case "loop":
        for (const name of writtenIn(stmt.body)) names.set(name, LOST);
        walk(stmt.body, to, names);
        for (const name of writtenIn(stmt.body)) names.set(name, LOST);
        break;
      case "delete":
        for (const name of writtenIn([stmt])) names.set(name, LOST);
        break;
      case "def":
        names.set(stmt.value.name, LOST);
        break;
      case "class":
        names.set(stmt.name, LOST);
        break;
    }
  }
}

/** The items a loop goes over, where they are written there; else one that is not known. */
function turns(iterable: Expr, to: Walk, names: Map<string, Bound>): readonly (Expr | undefined)[] {
  see(iterable, to, names);
  const list = iterable.kind === "name" ? names.get(iterable.name)?.value : iterable;
  if (list?.kind !== "list" || MAX_TURNS < list.items.length || list.items.some((item) => item.star))
    return [undefined];
  return list.items.map((item) => item.value);
}

/** Code of which one part runs: each part is read, and what any of them binds is not known after it. */
function branches(parts: readonly (readonly Stmt[])[], to: Walk, names: Map<string, Bound>): void {
  for (const part of parts) walk(part, to, new Map(names));
  for (const name of writtenIn(parts.flat())) names.set(name, LOST);
}

function assign(target: Target, value: Expr | undefined, to: Walk, names: Map<string, Bound>): void {
  switch (target.kind) {
    case "name":
      if (value === undefined) names.set(target.name, LOST);
      else {
        const text = to.constants.has(target.name) ? target.name : standalone(value, to.text, names);
        names.set(target.name, { text, value });
      }
      return;
    case "unpack": {
      const items =
        value?.kind === "list" && value.items.length === target.items.length
          ? value.items.map((item) => item.value)
          : [];
      for (const [i, item] of target.items.entries()) assign(item.target, items[i], to, names);
      return;
    }
    case "attribute":
    case "index": {
      // What hangs on a name is another than it was built as.
      const owner = ownerOf(target);
      if (owner !== undefined && names.has(owner))
        names.set(owner, { text: undefined, value: names.get(owner)?.value });
      return;
    }
    case "error":
      return;
  }
}

/** The name that an attribute or an item is of. */
function ownerOf(expr: Expr | Target): string | undefined {
  if (expr.kind === "attribute" || expr.kind === "index") return ownerOf(expr.object);
  return expr.kind === "name" ? expr.name : undefined;
}

/** Notes the calls of an expression, outermost last, and what they may change. */
function see(expr: Expr, to: Walk, names: Map<string, Bound>): void {
  const calls: CallExpr[] = [];
  visit(expr, (node) => {
    if (node.kind === "call") calls.push(node);
  });
  for (const call of calls.reverse()) {
    to.calls.push({ call, names: new Map(names) });
    const { callee } = call;
    const first = call.args[0]?.value;
    const changed =
      callee.kind === "attribute" && !HARMLESS.has(callee.name)
        ? ownerOf(callee.object)
        : callee.kind === "name" && /^(setattr|delattr)$/.test(callee.name) && first !== undefined
          ? ownerOf(first)
          : undefined;
    if (changed !== undefined && names.has(changed))
      names.set(changed, { text: undefined, value: names.get(changed)?.value });
  }
}

/** The source of an expression with the block's own names replaced by what they stand for, if that is known. */
export function standalone(expr: Expr, text: string, names: Names): string | undefined {
  const inner = stripped(expr);
  const holes: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  let lost = false;
  visit(inner, (node) => {
    if (node.kind === "function" || node.kind === "bind" || node.kind === "error") lost = true;
    if (node.kind !== "name") return;
    const bound = names.get(node.name);
    if (bound === undefined) return;
    if (bound.text === undefined) lost = true;
    else holes.push({ start: node.span.start, end: node.span.end, text: atomic(bound) });
  });
  if (lost) return undefined;
  let out = "";
  let from = inner.span.start;
  for (const hole of holes.sort((a, b) => a.start - b.start)) {
    out += text.slice(from, hole.start) + hole.text;
    from = hole.end;
  }
  out = (out + text.slice(from, inner.span.end)).replace(/\s+/g, " ").replace(/([([{]) | (?=[)\]}])/g, "$1");
  return out.length <= MAX_TEXT ? out : undefined;
}

const ATOMS = new Set<Expr["kind"]>(["number", "string", "constant", "name", "attribute", "index", "call", "record"]);

function atomic({ text = "", value }: Bound): string {
  const plain = value !== undefined && (ATOMS.has(value.kind) || (value.kind === "list" && value.type !== "tuple"));
  return plain || /^\(.*\)$/s.test(text) ? text : `(${text})`;
}

/** A module without the calls at its end that give it back as it is. */
export function stripped(expr: Expr): Expr {
  if (expr.kind !== "call" || expr.callee.kind !== "attribute" || !TRANSPARENT.has(expr.callee.name)) return expr;
  return stripped(expr.callee.object);
}

/** Names that statements bind, delete, or whose attributes they write. */
function writtenIn(body: readonly Stmt[]): ReadonlySet<string> {
  const names = new Set<string>();
  const record = (target: unknown): void => {
    if (typeof target !== "object" || target === null) return;
    if ("kind" in target && target.kind === "unpack" && "items" in target && Array.isArray(target.items))
      for (const item of target.items) record(item.target);
    else {
      const owner = ownerOf(target as Target);
      if (owner !== undefined) names.add(owner);
    }
  };
  visit(body, (node) => {
    const { kind } = node as { readonly kind: string };
    if (kind === "assign" || kind === "iterate") record((node as unknown as { target: Target }).target);
    if (kind === "with")
      for (const item of (node as unknown as { items: { target?: Target }[] }).items) record(item.target);
    if (kind === "def") names.add((node as unknown as { value: { name: string } }).value.name);
    if (kind === "class") names.add((node as unknown as { name: string }).name);
    if (kind === "delete")
      for (const target of (node as unknown as { targets: Target[] }).targets ?? []) record(target);
  });
  return names;
}

/** Every expression node below, from the outside in. */
export function visit(node: unknown, on: (node: Expr) => void): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) visit(item, on);
    return;
  }
  const record = node as Record<string, unknown>;
  if (typeof record.kind === "string") on(record as unknown as Expr);
  for (const key of Object.keys(record)) if (key !== "span" && key !== "scope") visit(record[key], on);
}

/** Blocks of a file that run by themselves: the module's statements, and functions that need no argument. */
export function blocksOf(module: Module, text: string): readonly Block[] {
  const own = module.body.filter(({ kind }) => kind !== "def" && kind !== "class" && kind !== "import");
  const functions = module.body.flatMap((stmt) => {
    if (stmt.kind !== "def") return [];
    const { params, body, name } = stmt.value;
    if (params.some(({ kind, fallback }) => fallback === undefined && !kind.includes("star"))) return [];
    const names = new Map<string, Bound>(
      params.map((param) => [
        param.name,
        param.fallback === undefined
          ? LOST
          : { text: standalone(param.fallback, text, new Map()), value: param.fallback },
      ]),
    );
    return [{ body, names, constants: new Set<string>(), within: name }];
  });
  return [{ body: own, names: new Map(), constants: constantsOf(own), within: undefined }, ...functions];
}

function constantsOf(body: readonly Stmt[]): ReadonlySet<string> {
  return new Set(
    body.flatMap((stmt) => {
      if (stmt.kind !== "assign" || stmt.target.kind !== "name" || stmt.value === undefined) return [];
      const { name } = stmt.target;
      let calls = false;
      visit(stmt.value, ({ kind }) => {
        if (kind === "call") calls = true;
      });
      return calls || body.some((other) => other !== stmt && writtenIn([other]).has(name)) ? [] : [name];
    }),
  );
}
