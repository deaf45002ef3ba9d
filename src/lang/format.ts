import { callValue, itemsOf } from "../eval/evaluate.ts";
import { type Interp, isWhy } from "../eval/interp.ts";
import { str, unknown, type Value } from "../eval/value.ts";
import { printPython } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { classAttribute, typeName } from "./types.ts";

/** `str(value)`; undefined when it cannot be told. */
export function strOf(interp: Interp, value: Value): string | undefined {
  if (value.kind === "str") return value.value;
  if (value.kind === "instance") {
    const own = classAttribute(value.cls, "__str__") ?? classAttribute(value.cls, "__repr__");
    if (own !== undefined) {
      const text = callValue(interp, { kind: "method", self: value, fn: own }, { positional: [], keywords: [] });
      return text.kind === "str" ? text.value : undefined;
    }
  }
  return reprOf(interp, value);
}

/** `repr(value)`; undefined when it cannot be told. */
export function reprOf(interp: Interp, value: Value): string | undefined {
  switch (value.kind) {
    case "none":
      return "None";
    case "bool":
      return value.value ? "True" : "False";
    case "int":
      return typeof value.dim.size === "number" ? printPython(value.dim.size) : undefined;
    case "float":
      return value.value === undefined ? undefined : floatRepr(value.value);
    case "str":
      return value.value.includes("'") && !value.value.includes('"')
        ? `"${value.value}"`
        : `'${value.value.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
    case "list":
      return value.why === undefined ? wrap(interp, "[", value.items, "]") : undefined;
    case "tuple":
      return value.items.length === 1 ? wrap(interp, "(", value.items, ",)") : wrap(interp, "(", value.items, ")");
    case "set":
      return value.why === undefined
        ? value.items.size === 0
          ? "set()"
          : wrap(interp, "{", [...value.items.values()], "}")
        : undefined;
    case "dict": {
      if (value.why !== undefined) return undefined;
      const parts: string[] = [];
      for (const [key, item] of value.entries.values()) {
        const k = reprOf(interp, key);
        const v = reprOf(interp, item);
        if (k === undefined || v === undefined) return undefined;
        parts.push(`${k}: ${v}`);
      }
      return `{${parts.join(", ")}}`;
    }
    case "class":
      return value.moduleName === "builtins"
        ? `<class '${value.name}'>`
        : `<class '${value.moduleName}.${value.qualname}'>`;
    case "opaque":
      return value.name;
    case "ellipsis":
      return "Ellipsis";
    case "instance": {
      const own = classAttribute(value.cls, "__repr__");
      if (own === undefined)
        return value.payload === undefined ? `<${value.cls.name} object>` : reprOf(interp, value.payload);
      const text = callValue(interp, { kind: "method", self: value, fn: own }, { positional: [], keywords: [] });
      return text.kind === "str" ? text.value : undefined;
    }
    case "function":
      return `<function ${value.qualname}>`;
    case "unknown":
    case "tensor":
      return undefined;
    default:
      return `<${typeName(interp, value)}>`;
  }
}

function wrap(interp: Interp, open: string, items: readonly Value[], close: string): string | undefined {
  const parts: string[] = [];
  for (const item of items) {
    const text = reprOf(interp, item);
    if (text === undefined) return undefined;
    parts.push(text);
  }
  return open + parts.join(", ") + close;
}

function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return Object.is(value, -0) ? "-0.0" : `${value}.0`;
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

/** `format(value, spec)` for an f-string hole or `str.format`. */
export function formatValue(interp: Interp, value: Value, conversion: string, spec: string): Value {
  const text = conversion === "r" || conversion === "a" ? reprOf(interp, value) : strOf(interp, value);
  if (text === undefined) return value.kind === "unknown" ? value : unknown({ reason: t("text of an unknown value") });
  if (spec === "") return str(text);
  const match = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/.exec(spec);
  if (match === null) return unknown({ reason: t("format {0} is not known", spec) });
  const [, fill, align, sign, alternate, zero, width, group, precision, type] = match;
  const number =
    value.kind === "int" && typeof value.dim.size === "number"
      ? value.dim.size
      : value.kind === "float"
        ? value.value
        : value.kind === "bool"
          ? Number(value.value)
          : undefined;
  let body = text;
  if (number !== undefined && conversion === "") {
    const digits = precision === undefined ? 6 : Number(precision);
    const magnitude = Math.abs(number);
    if (type === "f" || type === "F") body = magnitude.toFixed(digits);
    else if (type === "e" || type === "E") body = magnitude.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
    else if (type === "%") body = `${(magnitude * 100).toFixed(digits)}%`;
    else if (type === "b") body = (alternate ? "0b" : "") + magnitude.toString(2);
    else if (type === "o") body = (alternate ? "0o" : "") + magnitude.toString(8);
    else if (type === "x" || type === "X") body = (alternate ? "0x" : "") + magnitude.toString(16);
    else if (type === "g" || type === "G" || (type === undefined && precision !== undefined))
      body = String(Number(magnitude.toPrecision(Math.max(1, digits))));
    else if (type === undefined || type === "d" || type === "n") body = text.replace(/^-/, "");
    if (type === "X" || type === "E" || type === "G") body = body.toUpperCase();
    if (group !== undefined) body = body.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, group));
    const lead = number < 0 || Object.is(number, -0) ? "-" : sign === "+" || sign === " " ? sign : "";
    const target = width === undefined ? 0 : Number(width);
    if (zero !== undefined && align === undefined) return str(lead + body.padStart(target - lead.length, "0"));
    body = lead + body;
    return str(pad(body, target, align ?? ">", fill ?? " "));
  }
  if (precision !== undefined) body = body.slice(0, Number(precision));
  return str(
    pad(body, width === undefined ? 0 : Number(width), align ?? "<", fill ?? (zero === undefined ? " " : "0")),
  );
}

function pad(text: string, width: number, align: string, fill: string): string {
  const missing = Math.min(width, 10_000) - text.length;
  if (missing <= 0) return text;
  if (align === "<") return text + fill.repeat(missing);
  if (align === "^") return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2));
  return fill.repeat(missing) + text;
}

/** `"%d of %s" % values`. */
export function percentFormat(interp: Interp, template: string, right: Value): Value {
  const values = right.kind === "tuple" ? right.items : [right];
  let index = 0;
  let lost: Value | undefined;
  const text = template.replace(
    /%(?:\((\w+)\))?([-+ #0]*)(\d+)?(?:\.(\d+))?([diouxXeEfFgGcrsa%])/g,
    (
      _whole,
      key: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      type: string,
    ) => {
      if (type === "%") return "%";
      let value: Value | undefined = values[index++];
      if (key !== undefined && right.kind === "dict") value = right.entries.get(`s:${key}`)?.[1];
      if (value === undefined) {
        lost = unknown({ reason: t("a format with too few values") });
        return "";
      }
      const kind = type === "i" || type === "u" ? "d" : type;
      const align = flags.includes("-") ? "<" : width === undefined ? "" : ">";
      const zero = flags.includes("0") && !flags.includes("-") ? "0" : "";
      const spec = `${zero === "" ? align : ""}${flags.includes("+") ? "+" : ""}${zero}${width ?? ""}${precision === undefined ? "" : `.${precision}`}${kind === "s" || kind === "r" || kind === "a" ? "" : kind}`;
      let number = value;
      if (kind === "d" && value.kind === "float" && value.value !== undefined)
        number = { kind: "int", dim: { size: Math.trunc(value.value) } };
      const formatted = formatValue(interp, number, kind === "r" || kind === "a" ? "r" : "", spec);
      if (formatted.kind !== "str") lost = formatted;
      return formatted.kind === "str" ? formatted.value : "";
    },
  );
  return lost ?? str(text);
}

/** `template.format(*positional, **keywords)`. */
export function strFormat(
  interp: Interp,
  template: string,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): Value {
  let index = 0;
  let lost: Value | undefined;
  const text = template.replace(
    /\{\{|\}\}|\{([^{}:!]*)(?:!([rsa]))?(?::([^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}/g,
    (whole, field: string | undefined, conversion: string | undefined, spec: string | undefined) => {
      if (whole === "{{") return "{";
      if (whole === "}}") return "}";
      const [, head = "", path = ""] = /^([^.[]*)(.*)$/.exec(field ?? "") ?? [];
      let value: Value | undefined =
        head === "" ? positional[index++] : /^\d+$/.test(head) ? positional[Number(head)] : keywords.get(head);
      for (const [, attribute, item] of path.matchAll(/\.(\w+)|\[([^\]]*)\]/g)) {
        if (value === undefined) break;
        value =
          attribute !== undefined
            ? interp.lang.getAttribute(interp, value, attribute, undefined)
            : interp.lang.getItem(
                interp,
                value,
                /^\d+$/.test(item ?? "") ? { kind: "int", dim: { size: Number(item) } } : str(item ?? ""),
              );
      }
      if (value === undefined) {
        lost = unknown({ reason: t("a format with too few values") });
        return "";
      }
      const inner = (spec ?? "").replace(/\{(\w*)\}/g, (_hole, name: string) => {
        const width = name === "" ? positional[index++] : keywords.get(name);
        return width === undefined ? "" : (strOf(interp, width) ?? "");
      });
      const formatted = formatValue(interp, value, conversion ?? "", inner);
      if (formatted.kind !== "str") lost = formatted;
      return formatted.kind === "str" ? formatted.value : "";
    },
  );
  return lost ?? str(text);
}

/** Texts of an iterable of strings; undefined when one is not known. */
export function stringsOf(interp: Interp, value: Value): readonly string[] | undefined {
  const items = itemsOf(interp, value);
  if (isWhy(items)) return undefined;
  const texts: string[] = [];
  for (const item of items) {
    if (item.kind !== "str") return undefined;
    texts.push(item.value);
  }
  return texts;
}
