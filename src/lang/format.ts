import { callValue, itemsOf } from "../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../eval/interp.ts";
import { type ClassValue, type InstanceValue, str, unknown, type Value } from "../eval/value.ts";
import { printPython } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { toFloat } from "./arithmetic.ts";
import { bigOf } from "./integers.ts";
import { setItems } from "./sets.ts";
import { formatNumber, formatText, parseSpec } from "./spec.ts";
import { classAttribute, objectClass, typeName, unionMembers } from "./types.ts";

/** `str(value)`; undefined when it cannot be told. */
export function strOf(interp: Interp, value: Value): string | undefined {
  if (value.kind === "str") return value.value;
  if (value.kind === "instance") {
    const name = classAttribute(value.cls, "__str__") === undefined ? "__repr__" : "__str__";
    const own = classAttribute(value.cls, name);
    if (own !== undefined) return textBy(interp, value, own, name);
    if (value.payload?.kind === "str") return value.payload.value;
  }
  return reprOf(interp, value);
}

function textBy(interp: Interp, self: Value, fn: Value, name: string): string | undefined {
  const text = callValue(interp, { kind: "method", self, fn }, { positional: [], keywords: [] });
  if (text.kind === "str") return text.value;
  if (text.kind === "instance" && text.payload?.kind === "str") return text.payload.value;
  if (text.kind !== "unknown")
    fail(interp, "TypeError", `${name} returned non-string (type ${typeName(interp, text)})`);
  return undefined;
}

/** Containers whose `repr` is under way: one that holds itself prints dots. */
const open: Value[] = [];

/** `repr(value)`; undefined when it cannot be told. `plain`: as `object` does it, past the class's own `__repr__`. */
export function reprOf(interp: Interp, value: Value, plain = false): string | undefined {
  switch (value.kind) {
    case "none":
      return "None";
    case "bool":
      return value.value ? "True" : "False";
    case "int":
      if (value.big !== undefined) return value.big.toString();
      return typeof value.dim.size === "number" ? printPython(value.dim.size) : undefined;
    case "float":
      return value.value === undefined ? undefined : floatRepr(value.value);
    case "complex":
      return complexRepr(value.re, value.im);
    case "str":
      return strRepr(value.value);
    case "bytes":
      return `b${strRepr(value.value, true)}`;
    case "list":
    case "tuple":
    case "set":
    case "dict":
      if (open.includes(value))
        return value.kind === "list"
          ? "[...]"
          : value.kind === "dict"
            ? "{...}"
            : value.kind === "tuple"
              ? "(...)"
              : "set(...)";
      open.push(value);
      try {
        return containerRepr(interp, value);
      } finally {
        open.pop();
      }
    case "view": {
      const items = itemsOf(interp, value);
      return isWhy(items) ? undefined : wrap(interp, `dict_${value.of}([`, items, "])");
    }
    case "range": {
      const parts = [value.start, value.stop, value.step].map((n) => reprOf(interp, n));
      if (parts.includes(undefined)) return undefined;
      return `range(${parts[0]}, ${parts[1]}${parts[2] === "1" ? "" : `, ${parts[2]}`})`;
    }
    case "slice": {
      const parts = [value.lower, value.upper, value.step].map((part) => reprOf(interp, part));
      return parts.includes(undefined) ? undefined : `slice(${parts.join(", ")})`;
    }
    case "class":
      return classRepr(interp, value);
    case "opaque": {
      const members = unionMembers(value);
      if (members === undefined) return value.type === "typing" ? `typing.${value.name}` : value.name;
      return members
        .map((member) => (member.kind === "class" ? shortName(member) : reprOf(interp, member)))
        .join(" | ");
    }
    case "ellipsis":
      return "Ellipsis";
    case "not-implemented":
      return "NotImplemented";
    case "instance":
      return instanceRepr(interp, value, plain);
    case "function":
      return `<function ${value.qualname} at ${ADDRESS}>`;
    case "builtin":
      return `<built-in function ${value.name}>`;
    case "module":
      return value.file === undefined ? `<module '${value.name}' (built-in)>` : `<module '${value.name}'>`;
    case "unknown":
    case "tensor":
    case "lazy":
      return undefined;
    default:
      return `<${typeName(interp, value)} object at ${ADDRESS}>`;
  }
}

/** Python prints where an object lies; nothing may depend on it. */
const ADDRESS = "0x7f0000000000";

function shortName(cls: ClassValue): string {
  if (cls.name === "NoneType" && cls.moduleName === "builtins") return "None";
  return cls.moduleName === "builtins" ? cls.qualname : `${cls.moduleName}.${cls.qualname}`;
}

function classRepr(interp: Interp, cls: ClassValue): string | undefined {
  const own = cls.meta === undefined ? undefined : classAttribute(cls.meta, "__repr__");
  if (own !== undefined) return textBy(interp, cls, own, "__repr__");
  return cls.moduleName === "builtins" ? `<class '${cls.qualname}'>` : `<class '${cls.moduleName}.${cls.qualname}'>`;
}

function instanceRepr(interp: Interp, value: InstanceValue, plain: boolean): string | undefined {
  const own = plain ? undefined : classAttribute(value.cls, "__repr__");
  if (own !== undefined) return textBy(interp, value, own, "__repr__");
  if (value.payload !== undefined) return reprOf(interp, value.payload);
  const { cls } = value;
  return `<${cls.moduleName === "builtins" ? "" : `${cls.moduleName}.`}${cls.qualname} object at ${ADDRESS}>`;
}

function containerRepr(
  interp: Interp,
  value: Extract<Value, { kind: "list" | "tuple" | "set" | "dict" }>,
): string | undefined {
  if (value.kind === "list") return value.why === undefined ? wrap(interp, "[", value.items, "]") : undefined;
  if (value.kind === "tuple") {
    const own = value.cls === undefined ? undefined : classAttribute(value.cls, "__repr__");
    if (own !== undefined) return textBy(interp, value, own, "__repr__");
    return wrap(interp, "(", value.items, value.items.length === 1 ? ",)" : ")");
  }
  if (value.why !== undefined) return undefined;
  if (value.kind === "set") {
    if (value.items.size === 0) return value.frozen ? "frozenset()" : "set()";
    const inner = wrap(interp, "{", setItems(value), "}");
    return value.frozen && inner !== undefined ? `frozenset(${inner})` : inner;
  }
  const own = value.cls === undefined ? undefined : classAttribute(value.cls, "__repr__");
  if (own !== undefined) return textBy(interp, value, own, "__repr__");
  return dictRepr(interp, value.entries.values());
}

/** A dict's entries as a display. */
function dictRepr(interp: Interp, entries: Iterable<readonly [Value, Value]>): string | undefined {
  const parts: string[] = [];
  for (const [key, item] of entries) {
    const k = reprOf(interp, key);
    const v = reprOf(interp, item);
    if (k === undefined || v === undefined) return undefined;
    parts.push(`${k}: ${v}`);
  }
  return `{${parts.join(", ")}}`;
}

function wrap(interp: Interp, start: string, items: readonly Value[], end: string): string | undefined {
  const parts: string[] = [];
  for (const item of items) {
    const text = reprOf(interp, item);
    if (text === undefined) return undefined;
    parts.push(text);
  }
  return start + parts.join(", ") + end;
}

/** A string as Python's `repr` writes it. */
function strRepr(text: string, bytes = false): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === "\\" || char === quote) out += `\\${char}`;
    else if (char === "\n") out += "\\n";
    else if (char === "\r") out += "\\r";
    else if (char === "\t") out += "\\t";
    else if (code < 32 || code === 127 || (bytes && 127 < code)) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 127 || !/[\p{C}\p{Z}]/u.test(char)) out += char;
    else if (code < 256) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 65536) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return out + quote;
}

/** `ascii(value)` from its `repr`. */
export function asciiOf(text: string): string {
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 128) out += char;
    else if (code < 256) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 65536) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return out;
}

/** A float as Python's `repr` writes it: exponents from 1e16 and below 1e-4. */
function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (1e16 <= size || size < 1e-4) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits}e${exponent.replace(/^([+-])(\d)$/, "$10$2")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function complexRepr(re: number, im: number): string {
  const part = (n: number): string => floatRepr(n).replace(/\.0$/, "");
  if (re === 0 && !Object.is(re, -0)) return `${part(im)}j`;
  const sign = im < 0 || Object.is(im, -0) ? "" : "+";
  return `(${part(re)}${sign}${part(im)}j)`;
}

/** `format(value, spec)` for an f-string hole or `str.format`. `plain`: past the class's own `__format__`. */
export function formatValue(interp: Interp, value: Value, conversion: string, spec: string, plain = false): Value {
  if (value.kind === "lazy") return unknown({ reason: t("text of an unknown value") });
  if (conversion === "" && value.kind === "instance" && !plain) {
    const own = classAttribute(value.cls, "__format__");
    if (own !== undefined)
      return callValue(
        interp,
        { kind: "method", self: value, fn: own },
        { positional: [{ value: str(spec) }], keywords: [] },
      );
  }
  if (conversion === "" && spec !== "") {
    const inner = value.kind === "instance" && value.payload !== undefined ? value.payload : value;
    const number = inner.kind === "int" || inner.kind === "float" || inner.kind === "bool" ? toFloat(inner) : undefined;
    if (number !== undefined) {
      const parsed = parseSpec(spec);
      const type = typeName(interp, inner);
      if (parsed === undefined) return fail(interp, "ValueError", "Invalid format specifier");
      const made = formatNumber(parsed, inner.kind === "float" ? number : (bigOf(inner) ?? BigInt(number)), (n) =>
        floatRepr(n),
      );
      if (made !== undefined)
        return str(inner.kind === "bool" && parsed.type === "" ? boolText(inner.value, spec) : made);
      return fail(interp, "ValueError", `Unknown format code '${parsed.type}' for object of type '${type}'`);
    }
    if (inner.kind === "instance" || isPlainContainer(inner))
      return fail(interp, "TypeError", `unsupported format string passed to ${typeName(interp, inner)}.__format__`);
  }
  const text = conversion === "r" || conversion === "a" ? reprOf(interp, value) : strOf(interp, value);
  if (text === undefined) return value.kind === "unknown" ? value : unknown({ reason: t("text of an unknown value") });
  const shown = conversion === "a" ? asciiOf(text) : text;
  if (spec === "") return str(shown);
  const parsed = parseSpec(spec);
  if (parsed === undefined) return fail(interp, "ValueError", "Invalid format specifier");
  if (parsed.type !== "" && parsed.type !== "s")
    return fail(interp, "ValueError", `Unknown format code '${parsed.type}' for object of type 'str'`);
  return str(formatText(parsed, shown));
}

function boolText(value: boolean, spec: string): string {
  const parsed = parseSpec(spec);
  const made = parsed === undefined ? undefined : formatNumber(parsed, value ? 1n : 0n, String);
  return made ?? String(value);
}

function isPlainContainer(value: Value): boolean {
  return (
    value.kind === "list" ||
    value.kind === "tuple" ||
    value.kind === "dict" ||
    value.kind === "set" ||
    value.kind === "none" ||
    value.kind === "range" ||
    (value.kind === "class" && value.mro.includes(objectClass))
  );
}

/** Texts of an iterable of strings; undefined when one is not known. */
export function stringsOf(interp: Interp, value: Value): readonly string[] | undefined {
  const items = itemsOf(interp, value);
  if (isWhy(items)) return undefined;
  const texts: string[] = [];
  for (const [index, item] of items.entries()) {
    const inner = item.kind === "instance" && item.payload !== undefined ? item.payload : item;
    if (inner.kind !== "str") {
      if (inner.kind !== "unknown" && inner.kind !== "opaque" && inner.kind !== "lazy")
        fail(interp, "TypeError", `sequence item ${index}: expected str instance, ${typeName(interp, item)} found`);
      return undefined;
    }
    texts.push(inner.value);
  }
  return texts;
}
