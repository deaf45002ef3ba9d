import { fail, type Interp } from "../eval/interp.ts";
import { int, str, unknown, type Value } from "../eval/value.ts";
import { t } from "../text/text.ts";
import { toFloat } from "./arithmetic.ts";
import { formatValue, reprOf, strOf } from "./format.ts";
import { bigOf } from "./integers.ts";
import { formatNumber, type Spec } from "./spec.ts";
import { payloadOf, typeName } from "./types.ts";

/** `"%d of %s" % values`. */
export function percentFormat(interp: Interp, template: string, right: Value): Value {
  const given = payloadOf(right);
  const values = given.kind === "tuple" ? given.items : [right];
  const byKey = given.kind === "dict";
  let index = 0;
  let lost: Value | undefined;
  const take = (): Value => {
    const value = values[index++];
    if (value !== undefined) return value;
    if (given.kind === "unknown") return given;
    lost ??= fail(interp, "TypeError", "not enough arguments for format string");
    return lost;
  };
  const text = template.replace(
    /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?(.)/gs,
    (
      whole,
      key: string | undefined,
      flags: string,
      width: string | undefined,
      digits: string | undefined,
      type: string,
    ) => {
      if (lost !== undefined) return "";
      if (type === "%") return "%";
      const room = width === "*" ? (toFloat(take()) ?? 0) : Number(width ?? 0);
      const precision = digits === "*" ? toFloat(take()) : whole.includes(".") ? Number(digits ?? 0) : undefined;
      let value: Value;
      if (key === undefined) value = take();
      else {
        if (!byKey) {
          lost = given.kind === "unknown" ? given : fail(interp, "TypeError", "format requires a mapping");
          return "";
        }
        index = values.length;
        value = interp.lang.getItem(interp, right, str(key));
      }
      const left = flags.includes("-");
      const spec: Spec = {
        fill: flags.includes("0") && !left ? "0" : " ",
        align: left ? "<" : flags.includes("0") ? "=" : ">",
        sign: flags.includes("+") ? "+" : flags.includes(" ") ? " " : "",
        alternate: flags.includes("#"),
        zero: flags.includes("0"),
        width: Math.abs(room),
        group: "",
        precision,
        type: type === "i" || type === "u" ? "d" : type,
      };
      const made = percentOne(interp, value, spec);
      if (made.kind !== "str") lost = made;
      return made.kind === "str" ? made.value : "";
    },
  );
  if (lost !== undefined) return lost;
  if (
    !byKey &&
    index < values.length &&
    given.kind !== "unknown" &&
    (given.kind === "tuple" || !template.includes("%"))
  )
    return fail(interp, "TypeError", "not all arguments converted during string formatting");
  return str(text);
}

function percentOne(interp: Interp, value: Value, spec: Spec): Value {
  const { type } = spec;
  const padded = (text: string): Value => {
    const cut = spec.precision === undefined ? text : [...text].slice(0, spec.precision).join("");
    const room = spec.width - [...cut].length;
    return str(room <= 0 ? cut : spec.align === "<" ? cut + " ".repeat(room) : " ".repeat(room) + cut);
  };
  const lost = (): Value => (value.kind === "unknown" ? value : unknown({ reason: t("text of an unknown value") }));
  if (type === "s" || type === "r" || type === "a") {
    const text = type === "s" ? strOf(interp, value) : reprOf(interp, value);
    return text === undefined ? lost() : padded(text);
  }
  const inner = payloadOf(value);
  if (type === "c") {
    const code = toFloat(inner);
    return padded(inner.kind === "str" ? inner.value : String.fromCodePoint(code ?? 63));
  }
  const number = toFloat(inner);
  if (number === undefined) {
    if (inner.kind === "unknown" || inner.kind === "int" || inner.kind === "float" || inner.kind === "tensor")
      return lost();
    const message =
      type === "d"
        ? `%d format: a real number is required, not ${typeName(interp, value)}`
        : "oxX".includes(type)
          ? `%${type} format: an integer is required, not ${typeName(interp, value)}`
          : `must be real number, not ${typeName(interp, value)}`;
    return fail(interp, "TypeError", message);
  }
  const whole = "doxX".includes(type);
  const made = formatNumber(
    whole ? { ...spec, precision: undefined } : { ...spec, precision: spec.precision ?? 6 },
    whole ? (bigOf(inner) ?? BigInt(Math.trunc(number))) : number,
    String,
  );
  if (made === undefined) return fail(interp, "ValueError", `unsupported format character '${type}'`);
  return str(made);
}

/** `template.format(*positional, **keywords)`; keywords are read by `keyword`, undefined for one that is not there. */
export function strFormat(
  interp: Interp,
  template: string,
  positional: readonly Value[],
  keyword: (name: string) => Value | undefined,
): Value {
  let index = 0;
  let numbering: "automatic" | "manual" | undefined;
  let lost: Value | undefined;
  const error = (exception: string, message: string, args?: readonly Value[]): undefined => {
    lost ??= fail(interp, exception, message, args === undefined ? {} : { args });
    return undefined;
  };
  const fieldOf = (field: string): Value | undefined => {
    const [, head = "", path = ""] = /^([^.[]*)(.*)$/s.exec(field) ?? [];
    let value: Value | undefined;
    if (head === "" || /^\d+$/.test(head)) {
      const kind = head === "" ? "automatic" : "manual";
      if (numbering !== undefined && numbering !== kind)
        return error(
          "ValueError",
          kind === "manual"
            ? "cannot switch from automatic field numbering to manual field specification"
            : "cannot switch from manual field specification to automatic field numbering",
        );
      numbering = kind;
      const at = head === "" ? index++ : Number(head);
      value = positional[at];
      if (value === undefined)
        return error("IndexError", `Replacement index ${at} out of range for positional args tuple`);
    } else {
      value = keyword(head);
      if (value === undefined) return error("KeyError", `'${head}'`, [str(head)]);
    }
    for (const [, attribute, item] of path.matchAll(/\.(\w+)|\[([^\]]*)\]/g)) {
      value =
        attribute !== undefined
          ? interp.lang.getAttribute(interp, value, attribute, undefined)
          : interp.lang.getItem(interp, value, /^\d+$/.test(item ?? "") ? int(Number(item)) : str(item ?? ""));
    }
    return value;
  };
  const fill = (text: string, depth: number): string => {
    let out = "";
    for (let i = 0; i < text.length && lost === undefined; i++) {
      const char = text[i];
      if (char === "{" && text[i + 1] === "{" && depth === 0) {
        out += "{";
        i++;
      } else if (char === "}" && depth === 0) {
        if (text[i + 1] !== "}") error("ValueError", "Single '}' encountered in format string");
        out += "}";
        i++;
      } else if (char === "{") {
        let open = 1;
        let end = i + 1;
        while (end < text.length && 0 < open) {
          if (text[end] === "{") open++;
          if (text[end] === "}") open--;
          end++;
        }
        if (0 < open) {
          error(
            "ValueError",
            i + 1 === text.length ? "Single '{' encountered in format string" : "expected '}' before end of string",
          );
          break;
        }
        const [, field = "", conversion = "", spec = ""] =
          /^((?:[^!:[\]]|\[[^\]]*\])*)(?:!([rsa]))?(?::(.*))?$/s.exec(text.slice(i + 1, end - 1)) ?? [];
        i = end - 1;
        const value = fieldOf(field);
        if (value === undefined) break;
        const made = formatValue(interp, value, conversion, fill(spec, depth + 1));
        if (made.kind === "str") out += made.value;
        else lost = made;
      } else out += char;
    }
    return out;
  };
  const text = fill(template, 0);
  return lost ?? str(text);
}
