import { callValue } from "../../eval/evaluate.ts";
import { fail, type Interp, Raised } from "../../eval/interp.ts";
import { advance } from "../../eval/iterate.ts";
import {
  type BuiltinValue,
  bool,
  type CallArgs,
  FALSE,
  type InstanceValue,
  list,
  NONE,
  type Value,
} from "../../eval/value.ts";
import { instanceOf } from "../builtins.ts";
import { enterManager, exitManager, swallowers } from "../managers.ts";
import { type Body, native, nativeClass, raw } from "../native.ts";
import { makeInstance, objectClass } from "../types.ts";
import { fn, identity, type Names, quiet } from "./module.ts";

/** A method; one of `__exit__` that may swallow says so. */
function method(name: string, signature: string, body: Body): [string, Value] {
  const made: BuiltinValue = native(name, signature, body);
  if (name === "__exit__") swallowers.add(made);
  return [name, made];
}
const held = (self: Value, name: string): Value => (self.kind === "instance" ? (self.attrs.get(name) ?? NONE) : NONE);
const EXIT = "self, kind=None, value=None, tb=None";

/** What a function under `@contextmanager` returns: its generator runs to the `yield` and, at the end, on. */
const generatorManager = nativeClass(
  "_GeneratorContextManager",
  "contextlib",
  [objectClass],
  [
    method("__enter__", "self", (interp, get) => {
      const gen = held(get("self"), "gen");
      if (gen.kind !== "iterator") return gen;
      const value = advance(interp, gen);
      if (value !== undefined) return value;
      return gen.why === undefined
        ? fail(interp, "RuntimeError", "generator didn't yield")
        : { kind: "unknown", why: gen.why };
    }),
    method("__exit__", EXIT, (interp, get) => {
      const gen = held(get("self"), "gen");
      if (gen.kind !== "iterator") return FALSE;
      const raised = get("value");
      if (raised.kind === "none") {
        if (advance(interp, gen) !== undefined) fail(interp, "RuntimeError", "generator didn't stop");
        return FALSE;
      }
      try {
        const more = gen.resume?.({ kind: "throw", value: raised });
        if (more !== undefined && more.kind !== "unknown")
          return fail(interp, "RuntimeError", "generator didn't stop after throw()");
        return bool(true);
      } catch (error) {
        // It came through: the `with` raises it itself.
        if (error instanceof Raised && error.value === raised) return FALSE;
        throw error;
      }
    }),
    method("__call__", "self, func", (_interp, get) => {
      const [self, func] = [get("self"), get("func")];
      return raw("inner", (interp, args) => {
        const again = held(self, "again");
        const manager = again.kind === "none" ? self : callValue(interp, again, { positional: [], keywords: [] });
        return within(interp, manager, () => callValue(interp, func, args));
      });
    }),
  ],
);

/** Runs inside a manager, as `with` does. */
function within(interp: Interp, manager: Value, body: () => Value): Value {
  enterManager(interp, manager);
  let value: Value;
  try {
    value = body();
  } catch (error) {
    if (error instanceof Raised && exitManager(interp, manager, error.value)) return NONE;
    throw error;
  }
  exitManager(interp, manager, undefined);
  return value;
}

function contextManager(func: Value): Value {
  const make = raw("contextmanager", (interp, args): Value => {
    const gen = callValue(interp, func, args);
    if (gen.kind !== "iterator") return gen.kind === "unknown" ? gen : quiet;
    const made = makeInstance(interp, generatorManager);
    made.attrs.set("gen", gen);
    made.attrs.set(
      "again",
      raw("again", (i) => callValue(i, make, args), { free: true }),
    );
    return made;
  });
  return make;
}

const suppressClass = nativeClass(
  "suppress",
  "contextlib",
  [objectClass],
  [
    [
      "__init__",
      raw("__init__", (interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind === "instance")
          interp.journal.set(self.attrs, "types", {
            kind: "tuple",
            items: args.positional.slice(1).map((a) => a.value),
          });
        return NONE;
      }),
    ],
    method("__enter__", "self", () => NONE),
    method("__exit__", EXIT, (interp, get) => {
      if (get("value").kind === "none") return FALSE;
      return bool(instanceOf(interp, get("value"), held(get("self"), "types")) === true);
    }),
  ],
);

const nullcontextClass = nativeClass(
  "nullcontext",
  "contextlib",
  [objectClass],
  [
    [
      "__init__",
      native("__init__", "self, enter_result=None", (interp, get) => {
        const self = get("self");
        if (self.kind === "instance") interp.journal.set(self.attrs, "enter_result", get("enter_result"));
        return NONE;
      }),
    ],
    ["__enter__", native("__enter__", "self", (_interp, get) => held(get("self"), "enter_result"))],
    ["__exit__", raw("__exit__", () => NONE)],
  ],
);

const closingClass = nativeClass(
  "closing",
  "contextlib",
  [objectClass],
  [
    [
      "__init__",
      native("__init__", "self, thing", (interp, get) => {
        const self = get("self");
        if (self.kind === "instance") interp.journal.set(self.attrs, "thing", get("thing"));
        return NONE;
      }),
    ],
    ["__enter__", native("__enter__", "self", (_interp, get) => held(get("self"), "thing"))],
    [
      "__exit__",
      native("__exit__", EXIT, (interp, get) => {
        const close = interp.lang.getAttribute(interp, held(get("self"), "thing"), "close", undefined);
        callValue(interp, close, { positional: [], keywords: [] });
        return NONE;
      }),
    ],
  ],
);

/** What an `ExitStack` will do, last first: a manager to leave or a callback to call. */
function push(interp: Interp, self: InstanceValue, entry: Value): void {
  const stack = self.attrs.get("stack");
  if (stack?.kind === "list") interp.journal.push(stack, entry);
  else interp.journal.set(self.attrs, "stack", list([entry]));
}

const exitStackClass = nativeClass(
  "ExitStack",
  "contextlib",
  [objectClass],
  [
    ["__enter__", native("__enter__", "self", (_interp, get) => get("self"))],
    method("__exit__", EXIT, (interp, get) => {
      const self = get("self");
      const stack = held(self, "stack");
      let raised: Value | undefined = get("value").kind === "none" ? undefined : get("value");
      const had = raised !== undefined;
      if (stack.kind !== "list" || self.kind !== "instance") return FALSE;
      const entries = [...stack.items].reverse();
      interp.journal.assign(stack, "items", []);
      for (const entry of entries) {
        try {
          if (entry.kind === "tuple") {
            const [manager = NONE] = entry.items;
            if (exitManager(interp, manager, raised)) raised = undefined;
          } else callValue(interp, entry, { positional: [], keywords: [] });
        } catch (error) {
          if (!(error instanceof Raised)) throw error;
          raised = error.value;
        }
      }
      if (raised !== undefined && raised !== get("value")) throw new Raised(raised, interp);
      return bool(had && raised === undefined);
    }),
    [
      "enter_context",
      native("enter_context", "self, cm", (interp, get) => {
        const self = get("self");
        const value = enterManager(interp, get("cm"));
        if (self.kind === "instance") push(interp, self, { kind: "tuple", items: [get("cm")] });
        return value;
      }),
    ],
    [
      "push",
      native("push", "self, exit", (interp, get) => {
        const self = get("self");
        if (self.kind === "instance") push(interp, self, { kind: "tuple", items: [get("exit")] });
        return get("exit");
      }),
    ],
    [
      "callback",
      raw("callback", (interp, args: CallArgs) => {
        const [self, func] = args.positional.map((arg) => arg.value);
        const rest = { ...args, positional: args.positional.slice(2) };
        if (self?.kind === "instance" && func !== undefined)
          push(
            interp,
            self,
            raw("callback", (i) => callValue(i, func, rest), { free: true }),
          );
        return func ?? NONE;
      }),
    ],
    [
      "close",
      native("close", "self", (interp, get) => {
        exitManager(interp, get("self"), undefined);
        return NONE;
      }),
    ],
    ["pop_all", native("pop_all", "self", (_interp, get) => get("self"))],
  ],
);

/** `contextlib`. */
export function contextlibNames(): Names {
  return {
    contextmanager: fn("contextmanager", "func", (_interp, get) => contextManager(get("func"))),
    suppress: suppressClass,
    nullcontext: nullcontextClass,
    closing: closingClass,
    ExitStack: exitStackClass,
    AbstractContextManager: nativeClass("AbstractContextManager", "contextlib", [objectClass]),
    ContextDecorator: nativeClass(
      "ContextDecorator",
      "contextlib",
      [objectClass],
      [
        [
          "__call__",
          native("__call__", "self, func", (_interp, get) =>
            raw("inner", (interp, args) => within(interp, get("self"), () => callValue(interp, get("func"), args))),
          ),
        ],
      ],
    ),
    redirect_stdout: raw("redirect_stdout", () => quiet, { free: true }),
    redirect_stderr: raw("redirect_stderr", () => quiet, { free: true }),
    asynccontextmanager: identity("asynccontextmanager"),
  };
}
