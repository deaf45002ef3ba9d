import type { TryStmt } from "../core/core.ts";
import { t } from "../text/text.ts";
import { at, evaluate, writeName } from "./evaluate.ts";
import { type Completion, execBlock, forgetName } from "./execute.ts";
import { gap, type Interp, Raised } from "./interp.ts";
import type { Scope } from "./scope.ts";
import { str, tuple, type Value } from "./value.ts";

/**
 * The handlers of a `try` with `except*`: each takes the exceptions of a group that match it, as a group of their own;
 * what none takes is raised again. A single exception is taken as a group of one.
 */
export function execGroupHandlers(interp: Interp, stmt: TryStmt, error: Raised, scope: Scope): Completion {
  const raised = error.value;
  const groups = interp.lang.builtins.get("BaseExceptionGroup");
  const isGroup = (value: Value): boolean =>
    groups !== undefined && interp.lang.matches(interp, value, groups) === true;
  const group = raised.kind === "instance" && isGroup(raised) ? raised.attrs : undefined;
  const members = group?.get("exceptions");
  const message = group?.get("message");
  let rest: readonly Value[] = group === undefined ? [raised] : members?.kind === "tuple" ? members.items : [];
  const unclear = (): Completion => ({
    kind: "lost",
    why: gap(interp, t("except* of such exceptions is not followed")),
  });
  if (group !== undefined && (rest.length === 0 || rest.some(isGroup))) return unclear();
  const grouped = (some: readonly Value[]): Value => {
    const text = message?.kind === "str" ? message.value : "";
    return interp.lang.makeException(interp, "ExceptionGroup", text, [str(text), tuple(some)]);
  };
  const outer = interp.store.get("exception");
  let taken = false;
  for (const handler of stmt.handlers) {
    if (handler.type === undefined) return unclear();
    const type = evaluate(interp, handler.type, scope);
    at(interp, handler.type.span);
    const verdicts = rest.map((one) => interp.lang.matches(interp, one, type));
    if (verdicts.some((verdict) => typeof verdict !== "boolean")) return unclear();
    const mine = rest.filter((_, i) => verdicts[i] === true);
    if (mine.length === 0) continue;
    rest = rest.filter((_, i) => verdicts[i] !== true);
    taken = true;
    const caught = grouped(mine);
    if (handler.name !== undefined) writeName(interp, handler.name, caught, scope);
    interp.store.set("exception", caught);
    try {
      const done = execBlock(interp, handler.body, scope);
      if (done !== undefined) return done;
    } finally {
      interp.store.set("exception", outer);
      if (handler.name !== undefined) forgetName(interp, handler.name, scope);
    }
  }
  if (!taken) throw error;
  if (0 < rest.length) throw new Raised(grouped(rest), interp);
  return undefined;
}
