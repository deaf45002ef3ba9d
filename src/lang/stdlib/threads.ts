import { type ModuleValue, NONE, TRUE, unknown } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { native, nativeClass, raw } from "../native.ts";
import { objectClass } from "../types.ts";
import { nativeModule } from "./module.ts";

/** One thread runs: whoever asks for a lock has it. */
const locks = ["Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition"].map((name) =>
  nativeClass(
    name,
    "threading",
    [objectClass],
    [
      ["__init__", native("__init__", "self, value=None", () => NONE)],
      ["acquire", native("acquire", "self, blocking=True, timeout=-1", () => TRUE)],
      ["release", native("release", "self, n=1", () => NONE)],
      ["__enter__", native("__enter__", "self", () => TRUE)],
      ["__exit__", raw("__exit__", () => NONE)],
    ],
  ),
);

/** `threading`: locks, and values of a thread's own; threads themselves are not followed. */
export function threadingModule(): ModuleValue {
  const names = Object.fromEntries(locks.map((cls) => [cls.name, cls]));
  const local = nativeClass("local", "_thread", [objectClass]);
  return nativeModule("threading", { ...names, local }, (interp, name) =>
    interp.really.absent("threading", name)
      ? undefined
      : unknown({ reason: t("{0}.{1} is not followed", "threading", name) }, `threading.${name}`),
  );
}
