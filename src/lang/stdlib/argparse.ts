import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import {
  bool,
  type CallArgs,
  type InstanceValue,
  list,
  NONE,
  opaque,
  str,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { toFloat } from "../arithmetic.ts";
import { native, nativeClass, raw } from "../native.ts";
import { makeInstance, objectClass } from "../types.ts";
import type { Names } from "./module.ts";
import { simpleNamespace } from "./small.ts";

/** One argument that a parser takes. */
interface Option {
  readonly names: readonly string[];
  readonly dest: string;
  readonly fallback: Value;
  readonly type: Value;
  readonly action: string;
  readonly constant: Value;
  /** How many values: a number, `?`, `*`, `+`; undefined for one. */
  readonly many: string | undefined;
  readonly positional: boolean;
}

interface Parser {
  readonly options: Option[];
  readonly defaults: Map<string, Value>;
}

const parsers = new WeakMap<InstanceValue, Parser>();
const SUPPRESS = opaque("argparse", "SUPPRESS");

function parserOf(value: Value | undefined): Parser | undefined {
  const owner = value?.kind === "instance" ? (value.attrs.get("_parser") ?? value) : undefined;
  return owner?.kind === "instance" ? parsers.get(owner) : undefined;
}

function addOption(interp: Interp, args: CallArgs): Value {
  const parser = parserOf(args.positional[0]?.value);
  const names = args.positional.slice(1).flatMap(({ value }) => (value.kind === "str" ? [value.value] : []));
  const given = new Map(args.keywords.map(([key, { value }]) => [key, value]));
  if (parser === undefined) return NONE;
  const [first = ""] = names;
  const isPositional = !first.startsWith("-");
  const long = names.find((name) => name.startsWith("--")) ?? first;
  const dest = given.get("dest");
  const actionValue = given.get("action");
  const action = actionValue === undefined ? "store" : actionValue.kind === "str" ? actionValue.value : "custom";
  const many = given.get("nargs");
  const count = many === undefined ? undefined : many.kind === "str" ? many.value : String(toFloat(many) ?? "*");
  const implied =
    action === "store_true" ? bool(false) : action === "store_false" ? bool(true) : action === "count" ? NONE : NONE;
  parser.options.push({
    names,
    dest: dest?.kind === "str" ? dest.value : long.replace(/^-+/, "").replaceAll("-", "_"),
    fallback: given.get("default") ?? implied,
    type: given.get("type") ?? NONE,
    action,
    constant: given.get("const") ?? NONE,
    many: count,
    positional: isPositional,
  });
  void interp;
  return NONE;
}

function convert(interp: Interp, option: Option, text: string): Value {
  return option.type.kind === "none"
    ? str(text)
    : callValue(interp, option.type, { positional: [{ value: str(text) }], keywords: [] });
}

/** What `parse_args` gives: on no arguments, which is how a file is read, the defaults. */
function parse(interp: Interp, args: CallArgs, withRest: boolean): Value {
  const parser = parserOf(args.positional[0]?.value);
  if (parser === undefined) return NONE;
  const given = args.positional[1]?.value ?? args.keywords.find(([key]) => key === "args")?.[1].value;
  const items = given === undefined || given.kind === "none" ? [] : itemsOf(interp, given);
  if (isWhy(items)) return unknown(items);
  const words = items.flatMap((item) => (item.kind === "str" ? [item.value] : []));
  const made = makeInstance(interp, namespaceClass);
  for (const [key, value] of parser.defaults) made.attrs.set(key, value);
  for (const option of parser.options) {
    if (option.fallback === SUPPRESS) continue;
    // A default that is a text is read like an argument.
    const value =
      option.fallback.kind === "str" && option.type.kind !== "none"
        ? convert(interp, option, option.fallback.value)
        : option.fallback;
    if (!made.attrs.has(option.dest) || value.kind !== "none") made.attrs.set(option.dest, value);
  }
  const rest: Value[] = [];
  const places = parser.options.filter((option) => option.positional);
  for (let i = 0; i < words.length; i++) {
    const [word = "", joined] = (words[i] ?? "").split(/=(.*)/s);
    const named = parser.options.find((option) => option.names.includes(word) && !option.positional);
    const option = named ?? (word.startsWith("-") ? undefined : places.shift());
    if (option === undefined) {
      rest.push(str(words[i] ?? ""));
      continue;
    }
    const texts = joined !== undefined ? [joined] : named === undefined ? [words[i] ?? ""] : [];
    const takes = option.action === "store" || option.action === "append" || option.action === "extend";
    if (takes && joined === undefined) {
      const most =
        option.many === undefined || option.many === "?"
          ? 1
          : /^\d+$/.test(option.many)
            ? Number(option.many)
            : Infinity;
      while (texts.length < most && i + 1 < words.length && !/^--?[a-zA-Z]/.test(words[i + 1] ?? ""))
        texts.push(words[++i] ?? "");
    }
    const values = texts.map((text) => convert(interp, option, text));
    const one = option.many === undefined || option.many === "?" ? (values[0] ?? option.constant) : list(values);
    const old = made.attrs.get(option.dest);
    if (option.action === "store_true" || option.action === "store_false")
      made.attrs.set(option.dest, bool(option.action === "store_true"));
    else if (option.action === "append")
      made.attrs.set(option.dest, list([...(old?.kind === "list" ? old.items : []), one]));
    else if (takes) made.attrs.set(option.dest, one);
    else if (option.action === "store_const") made.attrs.set(option.dest, option.constant);
    else made.attrs.set(option.dest, unknown({ reason: t("an argument of the command line") }));
  }
  return withRest ? tuple([made, list(rest)]) : made;
}

const namespaceClass = nativeClass(
  "Namespace",
  "argparse",
  [simpleNamespace],
  [
    [
      "__contains__",
      native("__contains__", "self, key", (_interp, get) => {
        const [self, key] = [get("self"), get("key")];
        return bool(self.kind === "instance" && key.kind === "str" && self.attrs.has(key.value));
      }),
    ],
  ],
);

const groupClass = nativeClass(
  "_ArgumentGroup",
  "argparse",
  [objectClass],
  [["add_argument", raw("add_argument", addOption)]],
);

function group(interp: Interp, args: CallArgs): Value {
  const made = makeInstance(interp, groupClass);
  made.attrs.set("_parser", args.positional[0]?.value ?? NONE);
  return made;
}

const parserClass = nativeClass(
  "ArgumentParser",
  "argparse",
  [objectClass],
  [
    [
      "__init__",
      raw("__init__", (_interp, args) => {
        const self = args.positional[0]?.value;
        if (self?.kind === "instance") parsers.set(self, { options: [], defaults: new Map() });
        return NONE;
      }),
    ],
    ["add_argument", raw("add_argument", addOption)],
    ["add_argument_group", raw("add_argument_group", group)],
    ["add_mutually_exclusive_group", raw("add_mutually_exclusive_group", group)],
    [
      "set_defaults",
      raw("set_defaults", (_interp, args) => {
        const parser = parserOf(args.positional[0]?.value);
        for (const [key, { value }] of args.keywords) parser?.defaults.set(key, value);
        return NONE;
      }),
    ],
    ["parse_args", raw("parse_args", (interp, args) => parse(interp, args, false))],
    ["parse_known_args", raw("parse_known_args", (interp, args) => parse(interp, args, true))],
    [
      "get_default",
      native("get_default", "self, dest", (_interp, get) => {
        const dest = get("dest");
        const option = parserOf(get("self"))?.options.find((one) => dest.kind === "str" && one.dest === dest.value);
        return option?.fallback ?? NONE;
      }),
    ],
    ["print_help", raw("print_help", () => NONE)],
    ["error", native("error", "self, message", (interp) => fail(interp, "SystemExit", "2"))],
  ],
);

/** `argparse`: a script's options have their defaults. */
export function argparseNames(): Names {
  const plain = (name: string): Value => opaque("argparse", name);
  return {
    ArgumentParser: parserClass,
    Namespace: namespaceClass,
    SUPPRESS,
    ArgumentDefaultsHelpFormatter: plain("ArgumentDefaultsHelpFormatter"),
    RawTextHelpFormatter: plain("RawTextHelpFormatter"),
    RawDescriptionHelpFormatter: plain("RawDescriptionHelpFormatter"),
    REMAINDER: str("..."),
    OPTIONAL: str("?"),
    ZERO_OR_MORE: str("*"),
    ONE_OR_MORE: str("+"),
    BooleanOptionalAction: plain("BooleanOptionalAction"),
  };
}
