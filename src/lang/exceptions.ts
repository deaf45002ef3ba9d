import { callValue } from "../eval/evaluate.ts";
import { fail, type Interp, Raised } from "../eval/interp.ts";
import {
  type CallArgs,
  type ClassValue,
  FALSE,
  type InstanceValue,
  NONE,
  str,
  TRUE,
  tuple,
  unknown,
  type Value,
} from "../eval/value.ts";
import { t } from "../text/text.ts";
import { reprOf, strOf } from "./format.ts";
import { native, nativeClass, raw } from "./native.ts";
import { classAttribute, makeInstance, objectClass } from "./types.ts";

const exceptions = new Map<string, ClassValue>();

function exceptionClass(name: string, ...bases: readonly ClassValue[]): ClassValue {
  const cls = nativeClass(name, "builtins", bases);
  exceptions.set(name, cls);
  return cls;
}

const selfOf = (args: CallArgs): InstanceValue | undefined => {
  const self = args.positional[0]?.value;
  return self?.kind === "instance" ? self : undefined;
};

function setArgs(interp: Interp, self: InstanceValue, args: readonly Value[]): void {
  interp.journal.set(self.attrs, "args", tuple(args));
  const is = (name: string): boolean => self.cls.mro.some((cls) => cls === exceptions.get(name));
  if (is("StopIteration")) interp.journal.set(self.attrs, "value", args[0] ?? NONE);
  if (is("SystemExit")) interp.journal.set(self.attrs, "code", args[0] ?? NONE);
  if (is("OSError") && 1 < args.length) {
    interp.journal.set(self.attrs, "errno", args[0] ?? NONE);
    interp.journal.set(self.attrs, "strerror", args[1] ?? NONE);
    interp.journal.set(self.attrs, "filename", args[2] ?? NONE);
  }
  if (is("BaseExceptionGroup") || is("ExceptionGroup")) {
    interp.journal.set(self.attrs, "message", args[0] ?? NONE);
    const members = args[1]?.kind === "list" && args[1].why === undefined ? tuple([...args[1].items]) : args[1];
    interp.journal.set(self.attrs, "exceptions", members ?? NONE);
  }
  if (is("ImportError")) interp.journal.set(self.attrs, "msg", args[0] ?? NONE);
}

/** `str(exception)`: nothing, its one argument, or all as a tuple; of a KeyError the key as it is written. */
function messageOf(interp: Interp, self: InstanceValue): string | undefined {
  const args = self.attrs.get("args");
  if (args?.kind !== "tuple" || args.items.length === 0) return "";
  const [first = NONE] = args.items;
  if (self.cls.mro.some((cls) => cls === exceptions.get("OSError")) && 1 < args.items.length) {
    const [errno, text, file] = args.items.map((item) => strOf(interp, item));
    const place = args.items[2] === undefined ? "" : `: ${reprOf(interp, args.items[2]) ?? file ?? ""}`;
    return `[Errno ${errno ?? ""}] ${text ?? ""}${place}`;
  }
  const members = self.attrs.get("exceptions");
  if (members?.kind === "tuple") {
    const message = strOf(interp, first);
    return message === undefined
      ? undefined
      : `${message} (${members.items.length} sub-exception${members.items.length === 1 ? "" : "s"})`;
  }
  if (1 < args.items.length) return reprOf(interp, args);
  return self.cls.mro.some((cls) => cls === exceptions.get("KeyError")) ? reprOf(interp, first) : strOf(interp, first);
}

const text = (made: string | undefined): Value =>
  made === undefined ? unknown({ reason: t("text of an unknown value") }) : str(made);

const baseException = nativeClass(
  "BaseException",
  "builtins",
  [objectClass],
  [
    [
      "__init__",
      raw("__init__", (interp, args) => {
        const self = selfOf(args);
        if (self === undefined) return NONE;
        setArgs(
          interp,
          self,
          args.positional.slice(1).map((arg) => arg.value),
        );
        for (const [key, { value }] of args.keywords) {
          if (key !== "name" && key !== "path" && key !== "obj")
            return fail(interp, "TypeError", `${self.cls.name}() takes no keyword arguments`);
          interp.journal.set(self.attrs, key, value);
        }
        return NONE;
      }),
    ],
    ["__str__", raw("__str__", (interp, args) => text(messageOf(interp, selfOf(args) ?? dummy)))],
    [
      "__repr__",
      raw("__repr__", (interp, args) => {
        const self = selfOf(args) ?? dummy;
        const given = self.attrs.get("args");
        if (given?.kind !== "tuple") return str(`${self.cls.name}()`);
        const parts = given.items.map((item) => reprOf(interp, item));
        return text(parts.includes(undefined) ? undefined : `${self.cls.name}(${parts.join(", ")})`);
      }),
    ],
    ["with_traceback", native("with_traceback", "self, tb", (_interp, get) => get("self"))],
    [
      "add_note",
      native("add_note", "self, note", (interp, get) => {
        const self = get("self");
        if (self.kind !== "instance") return NONE;
        const notes = self.attrs.get("__notes__");
        if (notes?.kind === "list") interp.journal.push(notes, get("note"));
        else interp.journal.set(self.attrs, "__notes__", { kind: "list", items: [get("note")] });
        return NONE;
      }),
    ],
    ["__cause__", NONE],
    ["__context__", NONE],
    ["__suppress_context__", FALSE],
    ["__traceback__", NONE],
  ],
  // `args` are there whatever a subclass's `__init__` does.
  (interp, cls, args) => {
    const made = makeInstance(interp, cls);
    setArgs(
      interp,
      made,
      args.positional.map((arg) => arg.value),
    );
    const init = classAttribute(cls, "__init__");
    if (init !== undefined) callValue(interp, { kind: "method", self: made, fn: init }, args);
    return made;
  },
);
exceptions.set("BaseException", baseException);
const exception = exceptionClass("Exception", baseException);
const dummy: InstanceValue = {
  kind: "instance",
  cls: exception,
  attrs: new Map(),
  serial: 0,
  place: undefined,
};

/** Python's own exceptions by the one that they derive from. */
const TREE: readonly (readonly [string, string])[] = [
  ["BaseException", "GeneratorExit KeyboardInterrupt SystemExit BaseExceptionGroup"],
  [
    "Exception",
    "ArithmeticError AssertionError AttributeError BufferError EOFError ImportError LookupError MemoryError NameError OSError ReferenceError RuntimeError StopAsyncIteration StopIteration SyntaxError SystemError TypeError ValueError Warning",
  ],
  ["ArithmeticError", "FloatingPointError OverflowError ZeroDivisionError"],
  ["ImportError", "ModuleNotFoundError"],
  ["LookupError", "IndexError KeyError"],
  ["NameError", "UnboundLocalError"],
  [
    "OSError",
    "BlockingIOError ChildProcessError ConnectionError FileExistsError FileNotFoundError InterruptedError IsADirectoryError NotADirectoryError PermissionError ProcessLookupError TimeoutError",
  ],
  ["ConnectionError", "BrokenPipeError ConnectionAbortedError ConnectionRefusedError ConnectionResetError"],
  ["RuntimeError", "NotImplementedError RecursionError"],
  ["SyntaxError", "IndentationError"],
  ["IndentationError", "TabError"],
  ["ValueError", "UnicodeError"],
  ["UnicodeError", "UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError"],
  [
    "Warning",
    "BytesWarning DeprecationWarning EncodingWarning FutureWarning ImportWarning PendingDeprecationWarning ResourceWarning RuntimeWarning SyntaxWarning UnicodeWarning UserWarning",
  ],
];
for (const [base, names] of TREE)
  for (const name of names.split(" ")) exceptionClass(name, exceptions.get(base) ?? exception);
// A group is an exception too, unless one of its members is none.
exceptionClass("ExceptionGroup", exceptions.get("BaseExceptionGroup") ?? exception, exception);
for (const alias of ["IOError", "EnvironmentError"]) exceptions.set(alias, exceptions.get("OSError") ?? exception);

export const exceptionClasses: ReadonlyMap<string, ClassValue> = exceptions;

/** An exception class of a library of ours, which `fail` then knows by name. */
export function libraryException(name: string, moduleName: string, base: string): ClassValue {
  const cls = nativeClass(name, moduleName, [exceptions.get(base) ?? exception]);
  library.set(name, cls);
  return cls;
}
const library = new Map<string, ClassValue>();

/** Whether a value is an exception class. */
export function isExceptionClass(value: Value): boolean {
  return value.kind === "class" && value.mro.includes(baseException);
}

/** An exception of ours; `args` instead of the message alone where Python's carries other values. */
export function makeException(interp: Interp, name: string, message: string, args?: readonly Value[]): Value {
  const cls = exceptions.get(name) ?? library.get(name) ?? exception;
  const made = makeInstance(interp, cls);
  setArgs(interp, made, args ?? [str(message)]);
  const context = interp.store.get("exception") as Value | undefined;
  if (context !== undefined) made.attrs.set("__context__", context);
  return made;
}

/** The exception that `raise value` raises: a class is called. */
export function raisedValue(interp: Interp, value: Value): Value {
  if (isExceptionClass(value)) {
    const made = callValue(interp, value, { positional: [], keywords: [] });
    return made.kind === "instance" && made.cls.mro.includes(baseException)
      ? made
      : makeException(
          interp,
          "TypeError",
          `calling ${reprOf(interp, value) ?? "it"} should have returned an instance of BaseException`,
        );
  }
  if (value.kind === "class" ? value.unknownBase !== undefined : value.kind === "unknown" || value.kind === "opaque")
    return value;
  if (
    value.kind === "instance" &&
    (value.cls.mro.includes(baseException) ||
      value.tainted !== undefined ||
      value.cls.mro.some((cls) => cls.unknownBase !== undefined))
  )
    return value;
  return makeException(interp, "TypeError", "exceptions must derive from BaseException");
}

/** Notes on a raised exception the one that was being handled, and its `from`. */
export function chainException(
  interp: Interp,
  raised: Value,
  context: Value | undefined,
  cause: Value | undefined,
): void {
  if (raised.kind !== "instance") return;
  if (context !== undefined && context !== raised) interp.journal.set(raised.attrs, "__context__", context);
  if (cause === undefined) return;
  interp.journal.set(raised.attrs, "__cause__", cause.kind === "none" ? NONE : raisedValue(interp, cause));
  interp.journal.set(raised.attrs, "__suppress_context__", TRUE);
}

/** Whether an exception is of a class of that name of Python's own. */
export function isException(value: Value, name: string): boolean {
  const cls = exceptions.get(name);
  return value.kind === "instance" && cls !== undefined && value.cls.mro.includes(cls);
}

/** Runs with exceptions of that name swallowed: undefined then. */
export function quietly<T>(interp: Interp, body: () => T, exception: string): T | undefined {
  const { handlers, path, argument } = interp;
  const depth = interp.frames.length;
  interp.handlers++;
  try {
    return body();
  } catch (error) {
    if (!(error instanceof Raised) || !isException(error.value, exception)) throw error;
    interp.frames.length = depth;
    interp.path = path;
    interp.argument = argument;
    return undefined;
  } finally {
    interp.handlers = handlers;
  }
}
