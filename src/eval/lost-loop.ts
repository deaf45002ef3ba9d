import type { Expr, Stmt, Target } from "../core/core.ts";
import type { TensorType, Why } from "../shape/dim.ts";
import { sizeEquals } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { writeName } from "./evaluate.ts";
import { type Completion, execBlock, type Role, tryWay } from "./execute.ts";
import { gap, type Interp, topFrame } from "./interp.ts";
import { isTensorField, joinTensorField, joinValues, lostEntries, sameValue } from "./join.ts";
import { applyJoined, type Changes, isAbsent } from "./journal.ts";
import { lookup, type Scope } from "./scope.ts";
import { unknown, type Value } from "./value.ts";

/** Turns after which what still differs from turn to turn is not known. */
const JOINED_TURNS = 3;
/** Turns that are run, at most: each only adds what an earlier one had not written. */
const LOST_TURNS = 7;

/**
 * A loop whose turns, or whose further turns, are not known; `bind` begins one, undefined: there are none. Afterwards a place holds what it held before or what some turn wrote. Turns are run,
 * each on what the ones before may have left, until none adds anything.
 */
export function loseLoop(
  interp: Interp,
  { body, otherwise }: { readonly body: readonly Stmt[]; readonly otherwise: readonly Stmt[] },
  scope: Scope,
  why: Why,
  bind: (() => void) | undefined,
): Completion {
  gap(interp, t("a loop whose turns are not known: {0}", why.reason));
  let isLost = false;
  const turn = (block: readonly Stmt[], role: Role, end: boolean): boolean => {
    let done: Completion;
    const changes = tryWay(interp, () => {
      if (role === "loop") bind?.();
      done = execBlock(interp, block, scope, role);
    });
    if (done?.kind === "return" || done?.kind === "lost") isLost = true;
    if (changes !== undefined) return widen(interp, changes, why, end);
    // An error ends the turn, but of which item nobody knows.
    loseNamed(interp, block, scope, why);
    return true;
  };
  for (let i = 0; bind !== undefined && i < LOST_TURNS; i++) if (turn(body, "loop", JOINED_TURNS <= i)) break;
  // A `break` may have gone past its `else`.
  if (0 < otherwise.length) turn(otherwise, "block", false);
  return isLost ? { kind: "lost", why } : undefined;
}

/** Takes what a body names to be changed by it: containers, those that objects hold, the names that it binds. */
function loseNamed(interp: Interp, node: unknown, scope: Scope, why: Why): void {
  if (Array.isArray(node)) for (const item of node) loseNamed(interp, item, scope, why);
  if (typeof node !== "object" || node === null || Array.isArray(node)) return;
  const { kind, name, object } = node as { readonly kind?: string; readonly name?: unknown; readonly object?: Expr };
  let value: Value | undefined;
  if (kind === "name" && typeof name === "string") value = lookup(scope, name);
  if (kind === "attribute" && typeof name === "string" && object?.kind === "name") {
    const owner = lookup(scope, object.name);
    if (owner?.kind === "instance") value = owner.attrs.get(name) ?? interp.quietAttribute(interp, owner, name);
  }
  const inside = value?.kind === "instance" && value !== topFrame(interp).self ? [...value.attrs.values()] : [value];
  for (const held of inside)
    if (held?.kind === "list" || held?.kind === "dict" || held?.kind === "set") interp.journal.assign(held, "why", why);
  const { target } = node as { readonly target?: Target };
  if (target?.kind === "name" && scope.vars.has(target.name)) writeName(interp, target.name, unknown(why), scope);
  for (const [key, inner] of Object.entries(node))
    if (key !== "span" && key !== "scope") loseNamed(interp, inner, scope, why);
}

/** Joins what a turn wrote with what was there; whether that added nothing. `end`: what was added is not known. */
function widen(interp: Interp, changes: Changes, why: Why, end: boolean): boolean {
  let stable = true;
  const joined = (before: Value, made: Value): Value => {
    const both = joinValues(before, made, why);
    if (sameKnowledge(before, both)) return both;
    stable = false;
    return end ? unknown(why) : both;
  };
  applyJoined(changes, new Map(), interp.journal, (made, before, key, target) => {
    if (key === "why" || key === "tainted" || key === "touched") return before ?? why;
    if (key === "items" && isList(before) && isList(made) && before.length === made.length)
      return before.map((item, i) => joined(item, made[i] ?? item));
    if (key === "items" || key === "entries" || key === "index" || key === "state") {
      const lost = target as { why?: Why };
      if (lost.why === undefined) stable = false;
      interp.journal.assign(lost, "why", why);
      return key === "entries" && before instanceof Map ? lostEntries(before, why) : before;
    }
    if (isTensorField(target, key)) {
      const both = joinTensorField(before, made, key, why);
      if (key === "type" && !sameType(before as TensorType, both as TensorType)) stable = false;
      return both;
    }
    const owner = interp.journal.ownerOf(target);
    if (owner !== undefined) {
      // A new key is one of some: how many a loop of more turns adds is not known.
      if (isAbsent(before)) {
        stable = false;
        interp.journal.assign(owner, "why", why);
      }
      const pair = isAbsent(made) ? before : made;
      const old = isAbsent(before) || isAbsent(made) ? undefined : before;
      if (!Array.isArray(pair)) return unknown(why);
      return Object.freeze([pair[0], Array.isArray(old) ? joined(old[1], pair[1]) : unknown(why)]);
    }
    if (isAbsent(before) && isValue(made)) {
      // Without a turn Python would raise where the name is read.
      stable = false;
      return end ? unknown(why) : made;
    }
    if (isValue(before) && isValue(made)) return joined(before, made);
    if (before !== made) stable = false;
    return unknown(why);
  });
  return stable;
}

function isList(items: unknown): items is readonly Value[] {
  return Array.isArray(items);
}

function isValue(value: unknown): value is Value {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** Whether of a joined value the same is known as of the one before. */
function sameKnowledge(before: Value, joined: Value): boolean {
  if (before === joined || sameValue(before, joined)) return true;
  if (before.kind !== joined.kind) return false;
  switch (before.kind) {
    case "unknown":
      return true;
    case "int":
      return joined.kind === "int" && before.dim.size === undefined && joined.dim.size === undefined;
    case "float":
      return joined.kind === "float" && before.value === undefined && joined.value === undefined;
    case "tensor":
      return joined.kind === "tensor" && before.host === undefined && sameType(before.type, joined.type);
    case "tuple":
      return (
        joined.kind === "tuple" && before.items.every((item, i) => sameKnowledge(item, joined.items[i] ?? unknownItem))
      );
    default:
      return false;
  }
}
const unknownItem: Value = { kind: "none" };

function sameType(a: TensorType, b: TensorType): boolean {
  if (a.dtype !== b.dtype || a.shape?.length !== b.shape?.length) return false;
  return (a.shape ?? []).every((dim, i) => {
    const other = b.shape?.[i]?.size;
    return dim.size === undefined || other === undefined ? dim.size === other : sizeEquals(dim.size, other);
  });
}
