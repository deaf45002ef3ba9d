import type { Stmt } from "../core/core.ts";
import { callValue } from "../eval/evaluate.ts";
import { fail, type Interp, unknownHere } from "../eval/interp.ts";
import { type BuiltinValue, NONE, type Value } from "../eval/value.ts";
import { t } from "../text/text.ts";
import { specialMethod, truth } from "./arithmetic.ts";
import { findAttribute } from "./attributes.ts";
import { typeName, typeOf } from "./types.ts";

/** `__exit__` methods of ours that may swallow an exception. */
export const swallowers = new WeakSet<BuiltinValue>();

/** The value that `with` binds. */
export function enterManager(interp: Interp, manager: Value): Value {
  const fn = methodOf(interp, manager, "__enter__");
  if (fn !== undefined && methodOf(interp, manager, "__exit__") !== undefined)
    return callValue(interp, fn, { positional: [], keywords: [] });
  if (notFollowed(manager)) return manager;
  if (manager.kind === "instance" && manager.cls.place === undefined)
    return unknownHere(interp, t("a context manager that is not known"));
  return fail(
    interp,
    "TypeError",
    `'${typeName(interp, manager)}' object does not support the context manager protocol`,
  );
}

/** Leaves a `with`; true: the exception is swallowed. */
export function exitManager(interp: Interp, manager: Value, raised: Value | undefined): boolean {
  const fn = methodOf(interp, manager, "__exit__");
  if (fn === undefined) return false;
  const type = raised === undefined ? NONE : (typeOf(interp, raised) ?? NONE);
  const value = callValue(interp, fn, {
    positional: [{ value: type }, { value: raised ?? NONE }, { value: NONE }],
    keywords: [],
  });
  return raised !== undefined && truth(interp, value) === true;
}

/** Whether a manager's `__exit__` may return something true. */
export function swallows(interp: Interp, manager: Value): boolean {
  const method = methodOf(interp, manager, "__exit__");
  const fn = method?.kind === "method" ? method.fn : method;
  if (fn?.kind === "builtin") return swallowers.has(fn);
  return fn?.kind === "function" && mayReturnTrue(fn.expr.body);
}

function methodOf(interp: Interp, manager: Value, name: string): Value | undefined {
  if (manager.kind === "unknown" || manager.kind === "opaque") return undefined;
  return manager.kind === "instance" ? specialMethod(interp, manager, name) : findAttribute(interp, manager, name);
}

function notFollowed(manager: Value): boolean {
  return (
    manager.kind === "unknown" ||
    manager.kind === "opaque" ||
    manager.kind === "lazy" ||
    (manager.kind === "instance" &&
      (manager.tainted !== undefined || manager.cls.mro.some((cls) => cls.unknownBase !== undefined)))
  );
}

function mayReturnTrue(body: readonly Stmt[]): boolean {
  return body.some((stmt) => {
    switch (stmt.kind) {
      case "return":
        return (
          stmt.value !== undefined &&
          !(stmt.value.kind === "constant" && (stmt.value.value === false || stmt.value.value === "none"))
        );
      case "if":
        return mayReturnTrue(stmt.then) || mayReturnTrue(stmt.otherwise);
      case "loop":
      case "iterate":
        return mayReturnTrue(stmt.body) || mayReturnTrue(stmt.otherwise);
      case "try":
        return [stmt.body, ...stmt.handlers.map((handler) => handler.body), stmt.otherwise, stmt.final].some(
          mayReturnTrue,
        );
      case "with":
      case "block":
        return mayReturnTrue(stmt.body);
      default:
        return false;
    }
  });
}
