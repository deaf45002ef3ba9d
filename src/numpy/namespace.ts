import type { Interp } from "../eval/interp.ts";
import { bool, type ModuleValue, NONE, str, unknown, type Value } from "../eval/value.ts";
import { raw } from "../lang/native.ts";
import { nativeModule, quiet } from "../lang/stdlib/module.ts";
import { t } from "../text/text.ts";
import "./arranging.ts";
import { typeNames } from "./classes.ts";
import "./creation.ts";
import { numpyFunctions } from "./define.ts";
import "./elementwise.ts";
import "./indexing.ts";
import { randomFunctions } from "./random.ts";
import "./reducing.ts";

/** `numpy` and its submodules, by dotted name. `missing` gives what is not known of a module. */
export function numpyModules(
  missing: (module: string) => (interp: Interp, name: string) => Value | undefined,
): ReadonlyMap<string, ModuleValue> {
  const modules = new Map<string, ModuleValue>();
  const add = (name: string, names: Record<string, Value>): ModuleValue => {
    const module = nativeModule(name, names, missing(name));
    modules.set(name, module);
    return module;
  };
  const random = add("numpy.random", randomFunctions());
  const lost = raw("norm", () => unknown({ reason: t("numpy.{0} is not followed", "linalg") }), { free: true });
  const linalg = add("numpy.linalg", {
    norm: lost,
    inv: lost,
    svd: lost,
    qr: lost,
    det: lost,
    eig: lost,
    eigh: lost,
    pinv: lost,
    solve: lost,
  });
  const typing = add("numpy.typing", {
    NDArray: typeNames.get("ndarray") ?? NONE,
    ArrayLike: typeNames.get("ndarray") ?? NONE,
  });
  const constants: Record<string, Value> = {
    pi: { kind: "float", value: Math.PI },
    e: { kind: "float", value: Math.E },
    inf: { kind: "float", value: Infinity },
    nan: { kind: "float", value: Number.NaN },
    newaxis: NONE,
    True_: bool(true),
    False_: bool(false),
  };
  const silent = Object.fromEntries(
    ["set_printoptions", "seterr", "errstate"].map((name) => [name, raw(name, () => quiet, { free: true })]),
  );
  add("numpy", {
    ...constants,
    ...silent,
    ...Object.fromEntries(typeNames),
    ...Object.fromEntries(numpyFunctions),
    random,
    linalg,
    typing,
    __version__: str("2.4.6"),
  });
  return modules;
}
