import { callFunction } from "../eval/call.ts";
import { callValue, force } from "../eval/evaluate.ts";
import { unboundKey } from "../eval/imports.ts";
import { fail, gap, here, type Interp, type Language, type Repair, unknownHere } from "../eval/interp.ts";
import { isUnboundAround, lookup, type Scope } from "../eval/scope.ts";
import { type CallArgs, unknown, type Value } from "../eval/value.ts";
import { lineIndex, type Span } from "../text/span.ts";
import { type Text, t } from "../text/text.ts";
import { annotationValue } from "./annotations.ts";
import { binary, truth, unary } from "./arithmetic.ts";
import { deleteAttribute, setAttribute } from "./assignment.ts";
import { bindTo, dictOf, getAttribute } from "./attributes.ts";
import { bindArguments } from "./binding.ts";
import { builtins, instanceOf } from "./builtins.ts";
import { instantiate, makeClass } from "./classes.ts";
import { compare } from "./compare.ts";
import { deleteItem, getItem, setItem } from "./containers.ts";
import { chainException, isExceptionClass, makeException, raisedValue } from "./exceptions.ts";
import { formatValue } from "./format.ts";
import { iterate } from "./iteration.ts";
import { enterManager, exitManager, swallows } from "./managers.ts";
import "./methods.ts";
import "./numbers.ts";
import "./slots.ts";
import { Raised, type Truth } from "../eval/interp.ts";
import { memberRepairs, missingNameRepairs } from "./missing.ts";
import { closest } from "./native.ts";
import { stringMethods } from "./strings.ts";
import { classAttribute, typeName } from "./types.ts";

/** Python's rules as one table. */
export const python: Language = {
  truth,
  unary,
  binary,
  compare,
  getAttribute,
  setAttribute,
  deleteAttribute,
  getItem,
  setItem,
  deleteItem,
  call,
  bind: bindArguments,
  iterate,
  makeClass,
  format: formatValue,
  missingName,
  enter: enterManager,
  exit: exitManager,
  swallows,
  chain: chainException,
  matches,
  makeException,
  raised: raisedValue,
  typeName,
  calleeName,
  superOf: (_interp, cls, self) => ({ kind: "super", after: cls, self }),
  builtins,
  memberRepairs,
};
void stringMethods;

/** Whether a handler of that type catches a raised value; it must be an exception class or a tuple of some. */
function matches(interp: Interp, raised: Value, type: Value): Truth {
  for (const one of type.kind === "tuple" ? type.items : [type]) {
    const fits =
      isExceptionClass(one) ||
      one.kind === "unknown" ||
      (one.kind === "class" && one.mro.some((cls) => cls.unknownBase !== undefined));
    if (fits || one.kind === "opaque" || one.kind === "tuple") continue;
    const message = "catching classes that do not inherit from BaseException is not allowed";
    throw new Raised(makeException(interp, "TypeError", message), interp);
  }
  return instanceOf(interp, raised, type);
}

function calleeName(interp: Interp, callee: Value): string {
  switch (callee.kind) {
    case "function":
      return `${callee.module.name}.${callee.qualname}()`;
    case "method":
      return calleeName(interp, callee.fn);
    case "class":
      return `${callee.moduleName === "builtins" ? "" : `${callee.moduleName}.`}${callee.qualname}()`;
    case "builtin":
      return `${callee.name}()`;
    default:
      return `${typeName(interp, callee)} object`;
  }
}

function call(interp: Interp, callee: Value, args: CallArgs): Value {
  switch (callee.kind) {
    case "class":
      return instantiate(interp, callee, args);
    case "function":
      return callFunction(interp, callee, args);
    case "method":
    case "builtin":
      return callValue(interp, callee, args);
    case "instance": {
      const fn = classAttribute(callee.cls, "__call__");
      if (fn !== undefined) return callValue(interp, bindTo(interp, fn, callee, callee.cls), args);
      const lost = callee.tainted ?? callee.cls.mro.find((cls) => cls.unknownBase !== undefined)?.unknownBase;
      if (lost !== undefined) return unknown(lost);
      break;
    }
    case "unknown":
      return callUnknown(interp, callee, args);
    case "opaque":
      if (callee.type === "quiet") {
        // As a decorator it leaves the function as it is.
        const only = args.positional.length === 1 && args.keywords.length === 0 ? args.positional[0]?.value : undefined;
        return only?.kind === "function" || only?.kind === "class" ? only : callee;
      }
      return unknownHere(interp, t("{0} is not followed", callee.name));
    case "lazy":
      return callValue(interp, force(interp, callee), args);
    case "wrapper":
      return callValue(interp, callee.fn, args);
    default:
  }
  return fail(interp, "TypeError", `'${typeName(interp, callee)}' object is not callable`);
}

/** A call of what is not known: its result is unknown, mutable containers that it was handed may have changed, modules are taken as unchanged but for new attributes. */
function callUnknown(interp: Interp, callee: Extract<Value, { kind: "unknown" }>, args: CallArgs): Value {
  const why = gap(interp, callee.name === undefined ? callee.why.reason : notKnown(callee.name, callee.why.reason));
  for (const arg of [...args.positional, ...args.keywords.map(([, value]) => value)]) {
    const { value } = arg;
    if (value.kind === "list" || value.kind === "dict" || value.kind === "set")
      interp.journal.assign(value, "why", why);
    if (value.kind === "instance") interp.journal.assign(value, "touched", why);
  }
  return unknown(why, callee.name);
}

/** That a name is not known, and what made it so: the first cause, not each name on the way. */
function notKnown(name: string, reason: Text): Text {
  const because = (cause: Text): Text => t("{0} is not known: {1}", name, cause);
  const own = t("{0} is not known", name);
  const [, first] = reason.args;
  if (reason.template === because(own).template && typeof first === "object" && "template" in first)
    return because(first);
  return reason.template === own.template && reason.args[0] === name ? own : because(reason);
}

function missingName(interp: Interp, name: string, span: Span, scope: Scope, local: boolean): Value {
  // A star import of a module that was not found may have bound it.
  const star = lookup(scope, ".star");
  if (star?.kind === "unknown") return unknown(star.why, name);
  const unbound = 0 < interp.handlers ? undefined : lookup(scope, unboundKey(name));
  if (unbound?.kind === "unknown") return unknownHere(interp, unbound.why.reason, name);
  if (name === "__annotations__" && scope.annotations !== undefined)
    return dictOf(
      [...scope.annotations].map(([key, annotation]) => [key, annotationValue(interp, annotation, scope)] as const),
    );
  if (name === "super") return unknownHere(interp, t("super is not known"));
  const place = here(interp);
  const repairs: Repair[] = [...missingNameRepairs(interp, name)];
  if (place !== undefined) {
    const known = new Set<string>();
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent)
      for (const key of at.vars.keys()) if (!key.startsWith(".")) known.add(key);
    const near = closest(name, [...known, ...builtins.keys()]);
    const value = near === undefined ? undefined : (lookup(scope, near) ?? builtins.get(near));
    if (near !== undefined && value !== undefined)
      repairs.push({
        title: t("Replace {0} by {1}", name, near),
        edits: [{ place: { file: place.file, span }, text: near }],
        value: force(interp, value),
      });
  }
  if (local && name.startsWith(".")) return unknownHere(interp, t("a value that was not reached"));
  if (local)
    return fail(
      interp,
      "UnboundLocalError",
      `cannot access local variable '${name}' where it is not associated with a value`,
      { span, repairs: repairs.filter((r) => r.edits[0]?.place.span.start === span.start) },
    );
  if (isUnboundAround(scope, name))
    return fail(
      interp,
      "NameError",
      `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`,
      { span },
    );
  // In a class that nothing builds all conditions are open: a name that exists nowhere is missing on any way.
  const { speculating } = interp;
  if (interp.store.get("orphan") === true) interp.speculating = 0;
  const value = fail(interp, "NameError", `name '${name}' is not defined`, { span, repairs });
  // Said once: the evaluation goes on as if the name had been defined at the top.
  interp.speculating = speculating;
  // What one module's loading finds missing in another must not stay there.
  const home = scope.module ?? scope;
  if (interp.phase !== "module" || interp.frames[0]?.scope === home) interp.journal.set(home.vars, name, value);
  return value;
}

/** What an argument that raised could have meant: a name in scope that is the parameter's own. */
export function argumentRepairs(interp: Interp): readonly Repair[] {
  const { argument } = interp;
  const frame = interp.frames[interp.frames.length - 1];
  const file = frame?.module.file;
  if (argument === undefined || frame?.span === undefined || file === undefined) return [];
  if (frame.span.start !== argument.span.start || frame.span.end !== argument.span.end) return [];
  const parameter = argument.keyword ?? parameterName(argument.callee, argument.index);
  if (parameter === undefined) return [];
  const value = lookup(argument.scope, parameter);
  if (value === undefined || value.kind === "lazy") return [];
  const place = { file, span: argument.span };
  const text = interp.loader.text(file) ?? "";
  const line = { line: lineIndex(text).position(argument.span.start).line + 1, place };
  const now = text.slice(argument.span.start, argument.span.end);
  return [
    {
      title: t("Replace {0} by {1} (line {2})", now, parameter, line),
      edits: [{ place, text: parameter }],
      value,
    },
  ];
}

function parameterName(callee: Value, index: number): string | undefined {
  switch (callee.kind) {
    case "function":
      return callee.expr.params[index]?.name;
    case "builtin":
      return callee.params?.[index]?.name;
    case "method":
      return parameterName(callee.fn, index + 1);
    case "class": {
      const init = classAttribute(callee, "__init__");
      return init === undefined ? undefined : parameterName(init, index + 1);
    }
    default:
      return undefined;
  }
}
