import { callValue } from "../eval/evaluate.ts";
import type { Interp } from "../eval/interp.ts";
import { type ClassValue, NONE, str, tuple, type Value } from "../eval/value.ts";
import { nativeClass, raw } from "./native.ts";
import { makeInstance, objectClass } from "./types.ts";

const exceptions = new Map<string, ClassValue>();

function exceptionClass(name: string, base: ClassValue): ClassValue {
  const cls = nativeClass(name, "builtins", [base]);
  exceptions.set(name, cls);
  return cls;
}

const baseException = exceptionClass("BaseException", objectClass);
baseException.attrs.set(
  "__init__",
  raw("__init__", (interp, args) => {
    const self = args.positional[0]?.value;
    if (self?.kind === "instance")
      interp.journal.set(self.attrs, "args", tuple(args.positional.slice(1).map((arg) => arg.value)));
    return NONE;
  }),
);
const exception = exceptionClass("Exception", baseException);
exceptionClass("KeyboardInterrupt", baseException);
exceptionClass("SystemExit", baseException);
const tree: readonly (readonly [string, string])[] = [
  ["ArithmeticError", "Exception"],
  ["ZeroDivisionError", "ArithmeticError"],
  ["OverflowError", "ArithmeticError"],
  ["AssertionError", "Exception"],
  ["AttributeError", "Exception"],
  ["ImportError", "Exception"],
  ["ModuleNotFoundError", "ImportError"],
  ["LookupError", "Exception"],
  ["IndexError", "LookupError"],
  ["KeyError", "LookupError"],
  ["NameError", "Exception"],
  ["UnboundLocalError", "NameError"],
  ["OSError", "Exception"],
  ["FileNotFoundError", "OSError"],
  ["RuntimeError", "Exception"],
  ["NotImplementedError", "RuntimeError"],
  ["RecursionError", "RuntimeError"],
  ["StopIteration", "Exception"],
  ["TypeError", "Exception"],
  ["ValueError", "Exception"],
  ["UnicodeError", "ValueError"],
  ["Warning", "Exception"],
  ["UserWarning", "Warning"],
  ["DeprecationWarning", "Warning"],
  ["FutureWarning", "Warning"],
  ["RuntimeWarning", "Warning"],
  ["EOFError", "Exception"],
  ["MemoryError", "Exception"],
  ["SyntaxError", "Exception"],
];
for (const [name, base] of tree) exceptionClass(name, exceptions.get(base) ?? exception);
exceptions.set("IOError", exceptions.get("OSError") ?? exception);
exceptions.set("EnvironmentError", exceptions.get("OSError") ?? exception);

export const exceptionClasses: ReadonlyMap<string, ClassValue> = exceptions;

export function makeException(interp: Interp, name: string, message: string): Value {
  const cls = exceptions.get(name) ?? exception;
  const instance = makeInstance(interp, cls);
  instance.attrs.set("args", tuple([str(message)]));
  return instance;
}

/** The exception that `raise value` raises: a class is called. */
export function raisedValue(interp: Interp, value: Value): Value {
  return value.kind === "class" ? callValue(interp, value, { positional: [], keywords: [] }) : value;
}
