import { itemsOf } from "../../eval/evaluate.ts";
import { type Interp, isWhy } from "../../eval/interp.ts";
import {
  bool,
  type CallArgs,
  type ClassValue,
  type ModuleValue,
  NONE,
  opaque,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { annotationsValue } from "../annotations.ts";
import { abstractOf } from "../classes.ts";
import { nativeClass, raw } from "../native.ts";
import {
  dictClass,
  frozensetClass,
  listClass,
  objectClass,
  setClass,
  tupleClass,
  typeClass,
  unionOf,
} from "../types.ts";
import { fn, identity, type Names, nativeModule } from "./module.ts";
import { namedTupleBase, namedTupleClass } from "./namedtuple.ts";

const has = (value: Value, ...methods: readonly string[]): boolean =>
  value.kind === "instance" &&
  methods.every((method) => {
    const found = value.cls.mro.map((cls) => cls.attrs.get(method)).find((attr) => attr !== undefined);
    return found !== undefined && found.kind !== "none";
  });
const payload = (value: Value): Value =>
  value.kind === "instance" && value.payload !== undefined ? value.payload : value;
const sequence = (value: Value): boolean => {
  const { kind } = payload(value);
  return kind === "list" || kind === "tuple" || kind === "str" || kind === "range" || kind === "bytes";
};
const iterable = (value: Value): boolean => {
  const { kind } = payload(value);
  return (
    sequence(value) ||
    kind === "dict" ||
    kind === "set" ||
    kind === "view" ||
    kind === "iterator" ||
    kind === "tensor" ||
    has(value, "__iter__")
  );
};
const sized = (value: Value): boolean =>
  (iterable(value) &&
    payload(value).kind !== "iterator" &&
    !(value.kind === "instance" && value.payload === undefined)) ||
  has(value, "__len__");
const callable = (v: Value): boolean =>
  v.kind === "function" || v.kind === "builtin" || v.kind === "method" || v.kind === "class" || has(v, "__call__");

/** `typing.Protocol`. */
const protocolClass = nativeClass("Protocol", "typing", [objectClass]);

/** The methods that a protocol of the analyzed code asks for; undefined for other classes. */
export function protocolMembers(cls: ClassValue): readonly string[] | undefined {
  if (!cls.bases.includes(protocolClass)) return undefined;
  return cls.mro
    .filter((ancestor) => ancestor.place !== undefined)
    .flatMap((ancestor) => [...ancestor.attrs.keys()])
    .filter((name) => !/^__(?:module|doc|hash|init|slots|qualname|annotations|abstractmethods)__$/.test(name));
}

/** What an abstract class of `collections.abc` accepts. */
const TESTS: Readonly<Record<string, (value: Value) => boolean>> = {
  Iterable: iterable,
  Collection: (v) => sized(v) && iterable(v),
  Container: (v) => (iterable(v) && payload(v).kind !== "iterator") || has(v, "__contains__"),
  Sized: sized,
  Reversible: (v) => sequence(v) || payload(v).kind === "dict" || has(v, "__reversed__"),
  Sequence: sequence,
  MutableSequence: (v) => payload(v).kind === "list",
  Mapping: (v) => payload(v).kind === "dict",
  MutableMapping: (v) => payload(v).kind === "dict",
  Set: (v) => payload(v).kind === "set" || (v.kind === "view" && v.of !== "values"),
  MutableSet: (v) => payload(v).kind === "set" && !(v.kind === "set" && v.frozen),
  Callable: callable,
  Hashable: (v) => v.kind !== "list" && v.kind !== "dict" && !(v.kind === "set" && !v.frozen),
  Iterator: (v) => v.kind === "iterator" || has(v, "__iter__", "__next__"),
  Generator: (v) => v.kind === "iterator" && v.name === "generator",
};

const abstracts = new Map<string, ClassValue>();

/** An abstract class of `collections.abc`. */
export function abstract(name: string): ClassValue {
  const known = abstracts.get(name);
  if (known !== undefined) return known;
  const cls = nativeClass(name, "collections.abc", [objectClass], mixins(name));
  const test = TESTS[name];
  if (test !== undefined) abstractOf.set(cls, test);
  abstracts.set(name, cls);
  return cls;
}

const self = (args: CallArgs): Value => args.positional[0]?.value ?? NONE;

/** What an abstract class gives to those that derive from it. */
function mixins(name: string): readonly (readonly [string, Value])[] {
  if (name === "Sequence" || name === "MutableSequence")
    return [
      ["index", onList("index")],
      ["count", onList("count")],
    ];
  if (name !== "Mapping" && name !== "MutableMapping") return [];
  const asDict = (interp: Interp, value: Value): Value =>
    interp.lang.call(interp, dictClass, { positional: [{ value }], keywords: [] });
  const given: (readonly [string, Value])[] = (["items", "values"] as const).map((of) => [
    of,
    raw(of, (interp, args) => {
      const dict = asDict(interp, self(args));
      return dict.kind === "dict" ? { kind: "view", of, dict } : dict;
    }),
  ]);
  return [
    ...given,
    [
      "keys",
      raw("keys", (interp, args) =>
        interp.lang.call(interp, interp.lang.builtins.get("list") ?? NONE, {
          positional: [{ value: interp.lang.iterate(interp, self(args)) }],
          keywords: [],
        }),
      ),
    ],
    [
      "get",
      raw("get", (interp, args) => {
        const [mapping = NONE, key = NONE, fallback = NONE] = args.positional.map((arg) => arg.value);
        const items = itemsOf(interp, interp.lang.iterate(interp, mapping));
        if (isWhy(items)) return unknown(items);
        const known = interp.lang.truth(
          interp,
          interp.lang.compare(interp, "in", key, { kind: "list", items: [...items] }),
        );
        if (isWhy(known)) return unknown(known);
        return known ? interp.lang.getItem(interp, mapping, key) : fallback;
      }),
    ],
  ];
}

const onList = (name: string): Value =>
  raw(name, (interp, args) => {
    const items = itemsOf(interp, self(args));
    if (isWhy(items)) return unknown(items);
    const method = interp.lang.getAttribute(interp, { kind: "list", items: [...items] }, name, undefined);
    return interp.lang.call(interp, method, { ...args, positional: args.positional.slice(1) });
  });

const SUBCLASS: Readonly<Record<string, readonly ClassValue[]>> = {
  Sequence: [listClass, tupleClass],
  MutableSequence: [listClass],
  Mapping: [dictClass],
  MutableMapping: [dictClass],
  Set: [setClass, frozensetClass],
  Iterable: [listClass, tupleClass, dictClass, setClass, frozensetClass],
};

/** Whether a class is a subclass of an abstract one by what it derives from or defines. */
export function acceptsClass(cls: ClassValue, name: string): boolean {
  const method = { Iterable: "__iter__", Sized: "__len__", Container: "__contains__", Callable: "__call__" }[name];
  if (method !== undefined && cls.mro.some((ancestor) => ancestor.attrs.has(method))) return true;
  return SUBCLASS[name]?.some((base) => cls.mro.includes(base)) ?? false;
}

export function abstractModule(name: string): ModuleValue {
  return nativeModule(name, {}, (_interp, member) => abstract(member));
}

/** `typing` and `typing_extensions`: what types are for a checker is of no effect. */
export function typingModule(name: string): ModuleValue {
  // A TypedDict is a dict, whatever it says of its keys.
  const typed = nativeClass(
    "TypedDict",
    "typing",
    [dictClass],
    [["__init_subclass__", { kind: "wrapper", type: "class", fn: raw("__init_subclass__", () => NONE) }]],
    (interp, _cls, args) => dictClass.construct?.(interp, dictClass, args) ?? NONE,
  );
  const names: Names = {
    TYPE_CHECKING: bool(false),
    NamedTuple: Object.assign(namedTupleBase, {
      construct: namedTupleBase.construct ?? functionalNamedTuple,
    }),
    cast: fn("cast", "typ, val", (_interp, get) => get("val")),
    overload: identity("overload"),
    final: identity("final"),
    override: identity("override"),
    runtime_checkable: identity("runtime_checkable"),
    no_type_check: identity("no_type_check"),
    dataclass_transform: raw("dataclass_transform", () => identity("dataclass_transform"), { free: true }),
    Generic: nativeClass("Generic", "typing", [objectClass]),
    Protocol: protocolClass,
    TypedDict: typed,
    List: listClass,
    Dict: dictClass,
    Tuple: tupleClass,
    Set: setClass,
    FrozenSet: frozensetClass,
    Type: typeClass,
    Union: special("Union"),
    Optional: special("Optional"),
    TypeVar: raw(
      "TypeVar",
      (_interp, args) =>
        opaque("typing", args.positional[0]?.value.kind === "str" ? `~${args.positional[0].value.value}` : "T"),
      { free: true },
    ),
    NewType: raw("NewType", () => identity("NewType"), { free: true }),
    get_type_hints: fn("get_type_hints", "obj", (interp, get) => {
      const value = get("obj");
      return value.kind === "class"
        ? annotationsValue(interp, value)
        : interp.lang.getAttribute(interp, value, "__annotations__", undefined);
    }),
  };
  const abstractNames = new Set([...Object.keys(TESTS).filter((key) => key !== "Set"), "AbstractSet"]);
  return nativeModule(name, names, (_interp, member) =>
    abstractNames.has(member) ? abstract(member === "AbstractSet" ? "Set" : member) : opaque("typing", member),
  );
}

/** `Union[int, None]` and `Optional[int]` as the union that `isinstance` knows. */
function special(name: "Union" | "Optional"): Value {
  const meta = nativeClass(
    `_${name}`,
    "typing",
    [typeClass],
    [
      [
        "__getitem__",
        raw("__getitem__", (_interp, args) => {
          const index = args.positional[1]?.value ?? NONE;
          const members = index.kind === "tuple" ? [...index.items] : [index];
          return unionOf(name === "Optional" ? [...members, NONE] : members);
        }),
      ],
    ],
  );
  const cls: ClassValue = { ...nativeClass(name, "typing", [objectClass]), meta };
  return cls;
}

const functionalNamedTuple: NonNullable<ClassValue["construct"]> = (interp, _cls, args) => {
  const [name, pairs] = args.positional.map((arg) => arg.value);
  const items = pairs === undefined ? [] : itemsOf(interp, pairs);
  if (isWhy(items)) return unknown(items);
  const fields = items.map((pair) => {
    const first = pair.kind === "tuple" || pair.kind === "list" ? pair.items[0] : undefined;
    return first?.kind === "str" ? first.value : "";
  });
  return namedTupleClass(interp, name?.kind === "str" ? name.value : "tuple", fields, new Map(), "typing");
};
