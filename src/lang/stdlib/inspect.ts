import type { Parameter } from "../../core/core.ts";
import { callValue, force } from "../../eval/evaluate.ts";
import { type Interp, Raised, unknownHere } from "../../eval/interp.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
  type InstanceValue,
  int,
  list,
  NONE,
  opaque,
  str,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { annotationValue } from "../annotations.ts";
import { dictOf } from "../attributes.ts";
import { bindArguments } from "../binding.ts";
import { reprOf } from "../format.ts";
import { functionAnnotations } from "../members.ts";
import { type Body, native, nativeClass, raw } from "../native.ts";
import { makeInstance, objectClass } from "../types.ts";
import { fn, type Names } from "./module.ts";
import { namedTupleClass } from "./namedtuple.ts";
import { moduleOfFrame } from "./system.ts";

const EMPTY = opaque("inspect", "empty");
const KINDS = ["POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD"] as const;
const KIND_OF = {
  "positional-only": 0,
  normal: 1,
  star: 2,
  "keyword-only": 3,
  "double-star": 4,
} as const;

const kindClass = nativeClass("_ParameterKind", "inspect", [objectClass]);
const kindValues: readonly InstanceValue[] = KINDS.map((name, i) => ({
  kind: "instance",
  cls: kindClass,
  attrs: new Map<string, Value>([
    ["name", str(name)],
    ["value", int(i)],
  ]),
  payload: int(i),
  serial: 0,
  place: undefined,
}));
kindClass.attrs.set(
  "__str__",
  native("__str__", "self", (_interp, get) => {
    const self = get("self");
    return self.kind === "instance" ? (self.attrs.get("name") ?? NONE) : NONE;
  }),
);
const parameterClass = nativeClass(
  "Parameter",
  "inspect",
  [objectClass],
  [...KINDS.map((name, i): [string, Value] => [name, kindValues[i] ?? NONE]), ["empty", EMPTY]],
);
const boundClass = nativeClass(
  "BoundArguments",
  "inspect",
  [objectClass],
  [
    [
      "apply_defaults",
      native("apply_defaults", "self", (interp, get) => {
        const self = get("self");
        const full = self.kind === "instance" ? self.attrs.get("_full") : undefined;
        if (self.kind === "instance" && full !== undefined) interp.journal.set(self.attrs, "arguments", full);
        return NONE;
      }),
    ],
  ],
);

/** What a signature is of, and how many leading parameters are bound already. */
interface Target {
  readonly value: Value;
  readonly skip: number;
}

function targetOf(callable: Value): Target {
  let value = callable;
  let skip = 0;
  for (let i = 0; i < 20; i++) {
    if (value.kind === "method") [value, skip] = [value.fn, skip + 1];
    else if (value.kind === "wrapper") value = value.fn;
    else if (value.kind === "class") {
      const init = value.mro.map((c) => c.attrs.get("__init__")).find((v) => v !== undefined);
      [value, skip] = [init ?? NONE, skip + 1];
    } else if (value.kind === "function" || value.kind === "instance") {
      const wrapped = value.attrs?.get("__wrapped__");
      if (wrapped === undefined) {
        const call = value.kind === "instance" ? value.cls.attrs.get("__call__") : undefined;
        if (call === undefined) break;
        [value, skip] = [call, skip + 1];
      } else value = wrapped;
    } else break;
  }
  return { value, skip };
}

function paramsOf(target: Target): readonly Parameter[] | undefined {
  const { value, skip } = target;
  const params = value.kind === "function" ? value.expr.params : value.kind === "builtin" ? value.params : undefined;
  return params?.slice(skip);
}

const defaultOf = (interp: Interp, target: Target, name: string): Value | undefined => {
  const value = target.value.kind === "function" ? target.value.defaults.get(name) : undefined;
  return value === undefined ? undefined : force(interp, value);
};

const targets = new WeakMap<InstanceValue, Target>();

function signatureOf(interp: Interp, callable: Value): Value {
  const target = targetOf(callable);
  const params = paramsOf(target);
  if (params === undefined) return unknownHere(interp, t("inspect.signature of a value that is not known"));
  const entries = new Map<string, readonly [Value, Value]>();
  const owner = target.value.kind === "function" ? target.value : undefined;
  const typed = (param: Parameter): Value =>
    param.annotation === undefined || owner === undefined
      ? EMPTY
      : annotationValue(interp, param.annotation, owner.closure);
  for (const param of params) {
    const made = makeInstance(interp, parameterClass);
    made.attrs.set("name", str(param.name));
    made.attrs.set("kind", kindValues[KIND_OF[param.kind]] ?? NONE);
    made.attrs.set("default", defaultOf(interp, target, param.name) ?? EMPTY);
    made.attrs.set("annotation", typed(param));
    entries.set(`s:${param.name}`, Object.freeze([str(param.name), made] as const));
  }
  const made = makeInstance(interp, signatureClass);
  targets.set(made, target);
  made.attrs.set("parameters", { kind: "dict", entries });
  made.attrs.set(
    "return_annotation",
    owner?.expr.returns === undefined ? EMPTY : annotationValue(interp, owner.expr.returns, owner.closure),
  );
  return made;
}

function textOf(interp: Interp, target: Target): string | undefined {
  const parts: string[] = [];
  let [slash, star] = [false, false];
  for (const param of paramsOf(target) ?? []) {
    if (param.kind === "positional-only") slash = true;
    else if (slash) {
      parts.push("/");
      slash = false;
    }
    if (param.kind === "star") star = true;
    if (param.kind === "keyword-only" && !star) {
      parts.push("*");
      star = true;
    }
    const lead = param.kind === "star" ? "*" : param.kind === "double-star" ? "**" : "";
    const value = defaultOf(interp, target, param.name);
    const shown = value === undefined ? "" : reprOf(interp, value);
    if (shown === undefined || param.annotation !== undefined) return undefined;
    parts.push(`${lead}${param.name}${value === undefined ? "" : `=${shown}`}`);
  }
  if (slash) parts.push("/");
  return `(${parts.join(", ")})`;
}

const signatureClass = nativeClass(
  "Signature",
  "inspect",
  [objectClass],
  [
    ["empty", EMPTY],
    [
      "__str__",
      native("__str__", "self", (interp, get) => {
        const self = get("self");
        const target = self.kind === "instance" ? targets.get(self) : undefined;
        const text = target === undefined ? undefined : textOf(interp, target);
        return text === undefined ? unknown({ reason: t("text of an unknown value") }) : str(text);
      }),
    ],
    ...(["bind", "bind_partial"] as const).map((name): [string, Value] => [
      name,
      raw(name, (interp, args) => bind(interp, args, name === "bind_partial")),
    ]),
  ],
);

function bind(interp: Interp, args: CallArgs, partial: boolean): Value {
  const self = args.positional[0]?.value;
  const target = self?.kind === "instance" ? targets.get(self) : undefined;
  if (target?.value.kind !== "function")
    return unknown({ reason: t("inspect.signature of a value that is not known") });
  const { expr, module } = target.value;
  const given: CallArgs = { ...args, positional: args.positional.slice(1) };
  const fnExpr = { ...expr, params: expr.params.slice(target.skip) };
  const defaults = partial ? new Map(fnExpr.params.map((p) => [p.name, NONE as Value])) : target.value.defaults;
  const bound = bindArguments(interp, fnExpr, expr.name, defaults, given, module, undefined);
  const names = new Set([
    ...fnExpr.params.slice(0, given.positional.length).map((param) => param.name),
    ...given.keywords.map(([key]) => key),
  ]);
  const dict = (isGiven: (param: Parameter, value: Value) => boolean): Value => ({
    kind: "dict",
    entries: new Map(
      fnExpr.params.flatMap((param) => {
        const value = bound.get(param.name);
        return value === undefined || !isGiven(param, value)
          ? []
          : [[`s:${param.name}`, Object.freeze([str(param.name), force(interp, value)] as const)] as const];
      }),
    ),
  });
  const made = makeInstance(interp, boundClass);
  made.attrs.set(
    "arguments",
    dict((param, value) =>
      param.kind === "star"
        ? value.kind === "tuple" && 0 < value.items.length
        : param.kind === "double-star"
          ? value.kind === "dict" && 0 < value.entries.size
          : names.has(param.name),
    ),
  );
  made.attrs.set(
    "_full",
    dict(() => true),
  );
  return made;
}

const SPEC_FIELDS = ["args", "varargs", "varkw", "defaults", "kwonlyargs", "kwonlydefaults", "annotations"];
let specClass: ClassValue | undefined;

function fullSpec(interp: Interp, callable: Value): Value {
  const target = targetOf(callable);
  const params = target.value.kind === "function" ? target.value.expr.params : paramsOf(target);
  if (params === undefined) return unknownHere(interp, t("inspect.signature of a value that is not known"));
  const of = (...kinds: readonly Parameter["kind"][]): readonly Parameter[] =>
    params.filter((param) => kinds.includes(param.kind));
  const names = (found: readonly Parameter[]): Value => list(found.map((param) => str(param.name)));
  const plain = of("normal", "positional-only");
  const values = plain.map((param) => defaultOf(interp, target, param.name)).filter((value) => value !== undefined);
  const defaults = of("keyword-only").flatMap((param): readonly [string, Value][] => {
    const value = defaultOf(interp, target, param.name);
    return value === undefined ? [] : [[param.name, value]];
  });
  const [star, double] = [of("star")[0], of("double-star")[0]];
  specClass ??= namedTupleClass(interp, "FullArgSpec", SPEC_FIELDS, new Map(), "inspect");
  const items = [
    names(plain),
    star === undefined ? NONE : str(star.name),
    double === undefined ? NONE : str(double.name),
    values.length === 0 ? NONE : tuple(values),
    names(of("keyword-only")),
    defaults.length === 0 ? NONE : dictOf(defaults),
    target.value.kind === "function" ? functionAnnotations(interp, target.value) : dictOf([]),
  ];
  return { kind: "tuple", items, cls: specClass };
}

/** `inspect`, as far as models look at their own functions. */
export function inspectNames(): Names {
  const test = (name: string, holds: (value: Value) => boolean): [string, Value] => {
    const body: Body = (_interp, get) => {
      const value = get("object");
      return value.kind === "unknown" || value.kind === "lazy" ? value : bool(holds(value));
    };
    return [name, fn(name, "object", body)];
  };
  return {
    signature: fn("signature", "callable, *, follow_wrapped=True", (interp, get) =>
      signatureOf(interp, get("callable")),
    ),
    getfullargspec: fn("getfullargspec", "func", (interp, get) => fullSpec(interp, get("func"))),
    getargspec: fn("getargspec", "func", (interp, get) => fullSpec(interp, get("func"))),
    Parameter: parameterClass,
    Signature: signatureClass,
    BoundArguments: boundClass,
    _empty: EMPTY,
    getmro: fn("getmro", "cls", (_interp, get) => {
      const cls = get("cls");
      return cls.kind === "class" ? tuple(cls.mro) : cls;
    }),
    getmodule: fn("getmodule", "object", (_interp, get) => {
      const value = get("object");
      if (value.kind === "module") return value;
      const found = value.kind === "function" ? value.module : moduleOfFrame(value);
      return found ?? unknown({ reason: t("the module of a value") });
    }),
    getmembers: fn("getmembers", "object, predicate=None", (interp, get) => {
      const object = get("object");
      const names = callValue(interp, interp.lang.builtins.get("dir") ?? NONE, {
        positional: [{ value: object }],
        keywords: [],
      });
      if (names.kind !== "list" || names.why !== undefined) return unknown({ reason: t("the members of a value") });
      const found: Value[] = [];
      for (const name of names.items) {
        if (name.kind !== "str") continue;
        try {
          const value = interp.lang.getAttribute(interp, object, name.value, undefined);
          const predicate = get("predicate");
          const kept =
            predicate.kind === "none"
              ? true
              : interp.lang.truth(interp, callValue(interp, predicate, { positional: [{ value }], keywords: [] }));
          if (kept === true) found.push(tuple([name, value]));
          else if (kept !== false) return unknown(kept);
        } catch (error) {
          if (!(error instanceof Raised)) throw error;
        }
      }
      return list(found);
    }),
    ...Object.fromEntries([
      test("isclass", (value) => value.kind === "class"),
      test("isfunction", (value) => value.kind === "function"),
      test("ismethod", (value) => value.kind === "method" && value.fn.kind === "function"),
      test("ismodule", (value) => value.kind === "module"),
      test("isbuiltin", (value) => value.kind === "builtin"),
      test("isroutine", (value) => value.kind === "function" || value.kind === "builtin" || value.kind === "method"),
      test("isgenerator", (value) => value.kind === "iterator" && value.name === "generator"),
      test("isgeneratorfunction", (value) => {
        const { value: target } = targetOf(value);
        return target.kind === "function" && target.expr.generator;
      }),
      test("iscoroutinefunction", (value) => value.kind === "function" && value.expr.async),
      test("isabstract", (value) => {
        const names = value.kind === "class" ? value.attrs.get("__abstractmethods__") : undefined;
        return names?.kind === "set" && 0 < names.items.size;
      }),
    ]),
  };
}
