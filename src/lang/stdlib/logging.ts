import { callValue } from "../../eval/evaluate.ts";
import { int, list, type ModuleValue, NONE, TRUE, type Value } from "../../eval/value.ts";
import { native, nativeClass } from "../native.ts";
import { objectClass } from "../types.ts";
import { fn, nativeModule, quiet } from "./module.ts";

/** `NOTSET` to `CRITICAL`, with the two older names. */
const LEVELS = { NOTSET: 0, DEBUG: 10, INFO: 20, WARN: 30, WARNING: 30, ERROR: 40, FATAL: 50, CRITICAL: 50 };

const FILTERS = "addFilter removeFilter filter";
const HANDLER = `${FILTERS} setLevel setFormatter setStream format emit handle handleError acquire release flush close`;
const LOGGER = `${FILTERS} setLevel debug info warn warning error exception critical fatal log handle addHandler removeHandler hasHandlers callHandlers isEnabledFor getEffectiveLevel getChild findCaller makeRecord process`;

/** What a log is made of, with its methods. Nothing is written anywhere: whatever is asked of one is done in silence. */
const METHODS = {
  Filterer: FILTERS,
  Logger: LOGGER,
  LoggerAdapter: LOGGER,
  Handler: HANDLER,
  StreamHandler: HANDLER,
  FileHandler: HANDLER,
  NullHandler: HANDLER,
  Formatter: "format formatTime formatException formatMessage formatStack usesTime",
  Filter: "filter",
  LogRecord: "getMessage",
} as const;

const classes = new Map(
  Object.entries(METHODS).map(([name, methods]) => {
    const silent = methods
      .split(" ")
      .map((method): [string, Value] => [method, native(method, "self, *a, **k", () => quiet)]);
    const init = native("__init__", "self, name=None, level=0, *a, **k", (interp, get) => {
      const self = get("self");
      if (self.kind !== "instance") return NONE;
      const attrs = { name: get("name"), level: get("level"), handlers: list([]), filters: list([]), propagate: TRUE };
      for (const [key, value] of Object.entries(attrs)) interp.journal.set(self.attrs, key, value);
      return NONE;
    });
    return [name, nativeClass(name, "logging", [objectClass], [["__init__", init], ...silent])] as const;
  }),
);

/** `logging`: loggers that log nothing. */
export function loggingModule(): ModuleValue {
  const levels = Object.entries(LEVELS).map(([name, level]) => [name, int(level)] as const);
  const getLogger = fn("getLogger", "name='root'", (interp, get) => {
    const positional = [{ value: get("name") }];
    return callValue(interp, classes.get("Logger") ?? quiet, { positional, keywords: [] });
  });
  return nativeModule(
    "logging",
    new Map<string, Value>([...levels, ...classes, ["getLogger", getLogger]]),
    (interp, name) => (interp.really.absent("logging", name) ? undefined : quiet),
  );
}
