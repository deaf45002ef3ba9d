/** A format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`. */
export interface Spec {
  readonly fill: string;
  readonly align: "" | "<" | ">" | "=" | "^";
  readonly sign: "" | "+" | "-" | " ";
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly group: "" | "," | "_";
  readonly precision: number | undefined;
  readonly type: string;
}

/** Undefined for what is no specification. */
export function parseSpec(text: string): Spec | undefined {
  const match = /^(?:(.)?([<>=^]))?([+\- ])?z?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?(.)?$/su.exec(text);
  if (match === null) return undefined;
  const [, fill, align, sign, alternate, zero, width, group, precision, type = ""] = match;
  return {
    fill: fill ?? (zero === undefined || align !== undefined ? " " : "0"),
    align: (align ?? "") as Spec["align"],
    sign: (sign ?? "") as Spec["sign"],
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: width === undefined ? 0 : Math.min(Number(width), 10_000),
    group: (group ?? "") as Spec["group"],
    precision: precision === undefined ? undefined : Math.min(Number(precision), 100),
    type,
  };
}

/** A text cut to the precision and padded to the width. */
export function formatText(spec: Spec, text: string): string {
  const chars = [...text];
  const body = spec.precision === undefined ? text : chars.slice(0, spec.precision).join("");
  const align = spec.align === "" || spec.align === "=" ? "<" : spec.align;
  return pad(body, spec.width, align, spec.fill);
}

/** A number by its type's code; undefined for a code that it does not take. `shortest` is its `repr`. */
export function formatNumber(
  spec: Spec,
  value: number | bigint,
  shortest: (value: number) => string,
): string | undefined {
  const negative = typeof value === "bigint" ? value < 0n : value < 0 || Object.is(value, -0);
  const body =
    typeof value === "bigint"
      ? wholeBody(spec, value < 0n ? -value : value, shortest)
      : floatBody(spec, Math.abs(value), shortest);
  if (body === undefined) return undefined;
  const lead = (negative ? "-" : spec.sign === "+" || spec.sign === " " ? spec.sign : "") + body.prefix;
  const every = "bBoxX".includes(spec.type) && spec.type !== "" ? 4 : 3;
  const grouped = spec.group === "" ? body.whole : groupDigits(body.whole, spec.group, every);
  let digits = grouped + body.rest;
  const align = spec.align === "" ? (spec.zero ? "=" : ">") : spec.align;
  if (align !== "=") return pad(lead + digits, spec.width, align, spec.fill);
  const room = spec.width - lead.length - digits.length;
  if (0 < room) {
    if (spec.group !== "" && spec.fill === "0") {
      let whole = body.whole;
      while (lead.length + groupDigits(`0${whole}`, spec.group, every).length + body.rest.length <= spec.width)
        whole = `0${whole}`;
      digits = groupDigits(whole, spec.group, every) + body.rest;
      return lead + (lead.length + digits.length < spec.width ? "0" : "") + digits;
    }
    return lead + spec.fill.repeat(room) + digits;
  }
  return lead + digits;
}

interface Body {
  readonly prefix: string;
  readonly whole: string;
  /** Point, fraction, exponent, percent sign. */
  readonly rest: string;
}

function wholeBody(spec: Spec, value: bigint, shortest: (value: number) => string): Body | undefined {
  switch (spec.type) {
    case "":
    case "d":
    case "n":
      return { prefix: "", whole: value.toString(), rest: "" };
    case "b":
      return { prefix: spec.alternate ? "0b" : "", whole: value.toString(2), rest: "" };
    case "o":
      return { prefix: spec.alternate ? "0o" : "", whole: value.toString(8), rest: "" };
    case "x":
      return { prefix: spec.alternate ? "0x" : "", whole: value.toString(16), rest: "" };
    case "X":
      return { prefix: spec.alternate ? "0X" : "", whole: value.toString(16).toUpperCase(), rest: "" };
    case "c":
      return { prefix: "", whole: String.fromCodePoint(Number(value)), rest: "" };
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
    case "%":
      return floatBody(spec, Number(value), shortest);
    default:
      return undefined;
  }
}

function floatBody(spec: Spec, value: number, shortest: (value: number) => string): Body | undefined {
  const { type, precision, alternate } = spec;
  if (!"eEfFgGn%".includes(type)) return undefined;
  const upper = type === "E" || type === "F" || type === "G";
  if (!Number.isFinite(value)) {
    const text = (Number.isNaN(value) ? "nan" : "inf") + (type === "%" ? "%" : "");
    return { prefix: "", whole: "", rest: upper ? text.toUpperCase() : text };
  }
  let text: string;
  if (type === "f" || type === "F") text = fixed(value, precision ?? 6);
  else if (type === "%") text = `${fixed(value * 100, precision ?? 6)}%`;
  else if (type === "e" || type === "E") text = exponential(value, precision ?? 6);
  else if (type === "" && precision === undefined) text = shortest(value);
  else text = general(value, precision ?? 6, alternate, type === "");
  if (alternate && !text.includes(".")) text = text.replace(/^\d+/, "$&.");
  if (upper) text = text.toUpperCase();
  const [, whole = "", rest = ""] = /^(\d*)(.*)$/s.exec(text) ?? [];
  return { prefix: "", whole, rest };
}

/** `toFixed` for any size, rounding the exact binary value, halves to even. */
function fixed(value: number, digits: number): string {
  if (value < 1e21 && digits <= 100) {
    // An exact half is rounded away by `toFixed` and to even by Python.
    const scaled = value * 10 ** digits;
    if (
      digits < 16 &&
      scaled < 2 ** 52 &&
      scaled % 1 === 0.5 &&
      scaled / 10 ** digits === value &&
      exactHalf(value, digits)
    ) {
      const down = Math.floor(scaled);
      const even = down % 2 === 0 ? down : down + 1;
      return (even / 10 ** digits).toFixed(digits);
    }
    return value.toFixed(digits);
  }
  return BigInt(value).toString() + (digits === 0 ? "" : `.${"0".repeat(digits)}`);
}

/** Whether the binary value lies exactly between two decimals of that many digits. */
function exactHalf(value: number, digits: number): boolean {
  let [top, bottom] = [value, 1n];
  for (let i = 0; i < 1100 && !Number.isInteger(top); i++) {
    top *= 2;
    bottom *= 2n;
  }
  const scaled = BigInt(top) * 10n ** BigInt(digits) * 2n;
  return scaled % bottom === 0n && (scaled / bottom) % 2n === 1n;
}

function exponential(value: number, digits: number): string {
  return value.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
}

/** `g`: fixed or exponent form with that many digits, trailing zeros dropped. `keepPoint`: at least one decimal. */
function general(value: number, precision: number, alternate: boolean, keepPoint: boolean): string {
  const digits = Math.max(1, precision);
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split("e")[1]);
  const bound = keepPoint ? digits - 1 : digits;
  if (exponent < -4 || bound <= exponent) {
    const [mantissa = "", power = ""] = exponential(value, digits - 1).split("e");
    return `${alternate ? mantissa : dropZeros(mantissa)}e${power}`;
  }
  const text = fixed(value, Math.max(0, digits - 1 - exponent));
  const short = alternate ? text : dropZeros(text);
  return keepPoint && !short.includes(".") ? `${short}.0` : short;
}

function dropZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function groupDigits(digits: string, separator: string, every: number): string {
  let out = "";
  for (let i = 0; i < digits.length; i++) {
    if (0 < i && (digits.length - i) % every === 0) out += separator;
    out += digits[i];
  }
  return out;
}

function pad(text: string, width: number, align: string, fill: string): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (align === "<") return text + fill.repeat(missing);
  if (align === "^") return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2));
  return fill.repeat(missing) + text;
}
