import { type ModuleValue, NONE, unknown } from "../eval/value.ts";
import { t } from "../text/text.ts";
import { abcNames } from "./stdlib/abc.ts";
import { argparseNames } from "./stdlib/argparse.ts";
import { clockModules } from "./stdlib/clock.ts";
import { collectionsNames } from "./stdlib/collections.ts";
import { contextlibNames } from "./stdlib/contextlib.ts";
import { copyValue } from "./stdlib/copy.ts";
import { dataclassesNames } from "./stdlib/dataclasses.ts";
import { enumNames } from "./stdlib/enum.ts";
import { functools } from "./stdlib/functools.ts";
import { inspectNames } from "./stdlib/inspect.ts";
import { itertools } from "./stdlib/itertools.ts";
import { jsonNames } from "./stdlib/json.ts";
import { loggingModule } from "./stdlib/logging.ts";
import { mathModule } from "./stdlib/math.ts";
import { fn, nativeModule, silent } from "./stdlib/module.ts";
import { operatorNames } from "./stdlib/operator.ts";
import { globModule, pathlibModule, pathModule } from "./stdlib/paths.ts";
import { reNames } from "./stdlib/re.ts";
import {
  bisectModule,
  gcModule,
  heapqModule,
  keywordModule,
  numbersModule,
  simpleNamespace,
  statisticsModule,
  stringModule,
  textwrapModule,
  weakrefModule,
} from "./stdlib/small.ts";
import { importModules, osModule, systemModule } from "./stdlib/system.ts";
import { threadingModule } from "./stdlib/threads.ts";
import { abstractModule, typingModule } from "./stdlib/typing.ts";
import {
  builtinFunctionClass,
  functionClass,
  iteratorClass,
  methodClass,
  moduleClass,
  noneClass,
  propertyClass,
} from "./types.ts";

/** The parts of the standard library that model code uses, by module name. */
export function standardLibrary(): ReadonlyMap<string, ModuleValue> {
  const path = pathModule();
  const modules: ModuleValue[] = [
    mathModule(),
    nativeModule("functools", functools()),
    nativeModule("collections", collectionsNames()),
    abstractModule("collections.abc"),
    nativeModule("itertools", itertools()),
    typingModule("typing"),
    typingModule("typing_extensions"),
    nativeModule("types", {
      FunctionType: functionClass,
      LambdaType: functionClass,
      MethodType: methodClass,
      BuiltinFunctionType: builtinFunctionClass,
      ModuleType: moduleClass,
      NoneType: noneClass,
      SimpleNamespace: simpleNamespace,
      GeneratorType: iteratorClass("generator"),
      CoroutineType: iteratorClass("coroutine"),
      BuiltinMethodType: builtinFunctionClass,
      MappingProxyType: fn("MappingProxyType", "mapping", (_interp, get) => get("mapping")),
      DynamicClassAttribute: propertyClass,
    }),
    nativeModule("abc", abcNames()),
    nativeModule("enum", enumNames()),
    nativeModule("dataclasses", dataclassesNames()),
    nativeModule("inspect", inspectNames()),
    nativeModule("copy", {
      copy: fn("copy", "x", (interp, get) => copyValue(interp, get("x"), new Map(), false)),
      deepcopy: fn("deepcopy", "x, memo=None", (interp, get) => copyValue(interp, get("x"), new Map(), true)),
    }),
    nativeModule("operator", operatorNames()),
    nativeModule("warnings", silent("warnings", ["warn", "simplefilter", "filterwarnings", "catch_warnings"])),
    loggingModule(),
    threadingModule(),
    nativeModule("contextlib", contextlibNames()),
    nativeModule("__future__", {}, () => NONE),
    nativeModule("re", reNames()),
    nativeModule("json", jsonNames()),
    nativeModule("argparse", argparseNames()),
    bisectModule(),
    heapqModule(),
    keywordModule(),
    stringModule(),
    textwrapModule(),
    numbersModule(),
    statisticsModule(),
    weakrefModule(),
    gcModule(),
    path,
    osModule(path),
    systemModule(),
    pathlibModule(),
    globModule(),
    ...importModules(),
    ...clockModules(),
  ];
  for (const name of [
    "re",
    "random",
    "json",
    "pickle",
    "string",
    "shutil",
    "urllib",
    "urllib.request",
    "urllib.parse",
    "hashlib",
    "tempfile",
    "argparse",
    "multiprocessing",
    "textwrap",
    "uuid",
    "io",
    "gc",
    "platform",
    "subprocess",
    "zipfile",
    "tarfile",
    "weakref",
    "numbers",
    "fractions",
    "statistics",
    "heapq",
    "bisect",
    "struct",
    "csv",
    "pprint",
    "signal",
    "socket",
    "inspect",
    "unittest",
    "pdb",
    "ast",
  ]) {
    if (!modules.some((module) => module.name === name))
      modules.push(
        nativeModule(name, {}, (interp, member) =>
          interp.really.absent(name, member)
            ? undefined
            : unknown({ reason: t("{0}.{1} is not followed", name, member) }, `${name}.${member}`),
        ),
      );
  }
  return new Map(modules.map((module) => [module.name, module]));
}
