import type { Dim, DType, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add, floorDiv, mul, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { dimList, wholeOrList } from "./args.ts";
import { broadcastShapes } from "./broadcast.ts";
import { differ } from "./claims.ts";
import { compute, setBy, show, showShape, unknownFrom } from "./dims.ts";
import type { Args, Operator } from "./operator.ts";
import {
  axisIn,
  axisRefusal,
  badArgument,
  documented,
  entry,
  input,
  ok,
  refuse,
  tensor,
  unknownTensor,
} from "./outcome.ts";

/** Complex numbers and Fourier transforms. */

const toComplex = (dtype: DType | undefined): DType | undefined =>
  dtype === undefined ? undefined : dtype === "float64" || dtype === "complex128" ? "complex128" : "complex64";
/** The type of a complex type's parts; a real type itself. */
export const toReal = (dtype: DType | undefined): DType | undefined =>
  dtype === "complex128" ? "float64" : dtype === "complex64" ? "float32" : dtype;
const isComplex = (x: TensorType): boolean => x.dtype?.startsWith("complex") === true;

/** A complex tensor of two real ones: as real and imaginary part, or as length and angle. */
function ofParts(name: string): Operator {
  return entry({
    name,
    signature: "…, … -> …",
    parameters: {},
    shape: (inputs) => {
      const [a, b] = [input(inputs, 0), input(inputs, 1)];
      const dtype = toComplex(a.dtype);
      if (a.shape === undefined || b.shape === undefined) return ok([unknownTensor(dtype, [a, b])]);
      const guards: Guard[] = [];
      const { shape, misfits } = broadcastShapes([a.shape, b.shape], guards);
      const out = [tensor(shape, dtype)];
      if (misfits.length !== 0)
        return refuse("broadcast", t("cannot broadcast {0} with {1}", showShape(a.shape), showShape(b.shape)), out, {
          axes: misfits,
        });
      const wrong = [a, b].findIndex((x) => x.dtype !== undefined && !x.dtype.startsWith("float"));
      if (wrong < 0) return ok(out, guards);
      return refuse("dtype", t("expects floating-point numbers, gets {0}", inputs[wrong]?.dtype ?? "?"), out, {
        input: wrong,
      });
    },
    link: documented(`torch.${name}`),
    examples: [
      {
        inputs: [
          [2, 3],
          [2, 3],
        ],
        args: {},
        gives: [[2, 3]],
      },
      { inputs: [[2, 3], [4]], args: {}, gives: "broadcast" },
      { inputs: [[2], [2]], args: {}, dtypes: ["int64", "int64"], gives: "dtype" },
    ],
  });
}

/** Pairs along the last axis as complex numbers. */
const viewAsComplex = entry({
  name: "view_as_complex",
  signature: "… 2 -> …",
  parameters: {},
  shape: (inputs) => {
    const x = input(inputs, 0);
    const dtype = toComplex(x.dtype);
    if (x.shape === undefined) return ok([unknownTensor(dtype, [x])]);
    const out = [tensor(x.shape.slice(0, -1), dtype)];
    const last = x.shape.at(-1) ?? { size: 1 };
    const guards: Guard[] = [];
    if (differ(last, { size: 2 }, guards))
      return refuse("shapes", t("expects a last axis of length 2, gets {0}", show(last)), out, {
        input: 0,
        axes: [x.shape.length - 1],
      });
    if (x.dtype !== undefined && x.dtype !== "float32" && x.dtype !== "float64" && x.dtype !== "float16")
      return refuse("dtype", t("expects floating-point numbers, gets {0}", x.dtype), out, { input: 0 });
    return ok(out, guards);
  },
  link: documented("torch.view_as_complex"),
  examples: [
    { inputs: [[3, 4, 2]], args: {}, gives: [[3, 4]] },
    { inputs: [["N", "L", 2]], args: {}, gives: [["N", "L"]] },
    { inputs: [[3, 4]], args: {}, gives: "shapes" },
    { inputs: [[3, 2]], args: {}, dtypes: ["int64"], gives: "dtype" },
  ],
});

const viewAsReal = entry({
  name: "view_as_real",
  signature: "… -> … 2",
  parameters: {},
  shape: (inputs) => {
    const x = input(inputs, 0);
    const out =
      x.shape === undefined ? unknownTensor(toReal(x.dtype), [x]) : tensor([...x.shape, { size: 2 }], toReal(x.dtype));
    if (x.dtype === undefined || isComplex(x)) return ok([out]);
    return refuse("dtype", t("expects complex numbers, gets {0}", x.dtype), [out], { input: 0 });
  },
  link: documented("torch.view_as_real"),
  examples: [
    { inputs: [[3, 4]], args: {}, dtypes: ["complex64"], gives: [[3, 4, 2]] },
    { inputs: [[3, 4]], args: {}, gives: "dtype" },
  ],
});

/** A part of each complex number. Real numbers are their own real part and have no imaginary one. */
function part(name: string, refusesReal: boolean): Operator {
  return entry({
    name,
    signature: "… -> …",
    parameters: { part: "which part" },
    shape: (inputs) => {
      const x = input(inputs, 0);
      const dtype =
        name === "angle" &&
        x.dtype !== undefined &&
        !isComplex(x) &&
        !x.dtype.startsWith("float") &&
        x.dtype !== "bfloat16"
          ? "float32"
          : toReal(x.dtype);
      const out: TensorType = { ...x, dtype };
      if (!refusesReal || x.dtype === undefined || isComplex(x)) return ok([out]);
      return refuse("dtype", t("expects complex numbers, gets {0}", x.dtype), [out], { input: 0 });
    },
    link: documented(`torch.${name}`),
    examples: [
      { inputs: [[3, 4]], args: {}, dtypes: ["complex64"], gives: [[3, 4]] },
      { inputs: [[3, 4]], args: {}, gives: refusesReal ? "dtype" : [[3, 4]] },
    ],
  });
}

/**
 * A Fourier transform along some axes. `fft` keeps lengths, `rfft` keeps the half of the last axis that is not
 * redundant, `irfft` undoes that.
 */
function fourier(kind: "fft" | "rfft" | "irfft"): Operator {
  return entry({
    name: kind,
    signature: kind === "fft" ? "… -> …" : kind === "rfft" ? "… n -> … (n // 2 + 1)" : "… n -> … 2·(n − 1)",
    parameters: {
      axes: "axes that are transformed; null: all",
      lengths: "lengths that they are cut or padded to first; null: as they are",
    },
    shape: (inputs, args) => {
      const x = input(inputs, 0);
      const dtype =
        kind === "irfft" ? toReal(x.dtype === undefined ? undefined : toComplex(x.dtype)) : toComplex(x.dtype);
      if (x.shape === undefined) return ok([unknownTensor(dtype, [x])]);
      const { shape } = x;
      const lengths = args.lengths === null || args.lengths === undefined ? undefined : dimList(args, "lengths");
      const asked =
        args.axes === null || args.axes === undefined
          ? allAxes(shape.length, lengths?.length)
          : wholeOrList(args, "axes");
      if (asked === undefined) return ok([unknownTensor(dtype, [x])]);
      const none = [unknownTensor(dtype, [x])];
      const out: Dim[] = [...shape];
      const seen = new Set<number>();
      let empty: Dim | undefined;
      for (const [i, axis] of asked.entries()) {
        const at = axisIn(axis, shape.length);
        if (at === undefined || shape.length === 0) return axisRefusal("dim", axis, shape.length, none);
        if (seen.has(at)) return badArgument("dim", t("axis {0} appears more than once", axis), none, { size: axis });
        seen.add(at);
        const given = lengths?.[i];
        const own = given === undefined || given.size === -1 ? (shape[at] ?? unknownFrom([])) : given;
        if (typeof own.size === "number" && own.size < 1) empty = own;
        const isLast = i === asked.length - 1;
        out[at] = !isLast || kind === "fft" ? own : lastLength(kind, own, given, shape[at]);
      }
      const made = [tensor(out, dtype)];
      empty ??= out.find((d, i) => seen.has(i) && typeof d.size === "number" && d.size < 1);
      if (empty !== undefined)
        return badArgument("n", t("{0} must be at least {1}, is {2}", "n", 1, show(empty)), made);
      if (kind === "rfft" && isComplex(x))
        return refuse("dtype", t("does not take complex numbers"), made, { input: 0 });
      return ok(made);
    },
    link: `https://docs.pytorch.org/docs/stable/generated/torch.fft.${kind}n.html`,
    examples: [
      {
        inputs: [[2, 3, 8, 8]],
        args: { axes: [-2, -1], lengths: null },
        gives: [[2, 3, 8, kind === "rfft" ? 5 : kind === "irfft" ? 14 : 8]],
      },
      {
        inputs: [["N", 9]],
        args: { axes: [1], lengths: null },
        gives: [["N", kind === "rfft" ? 5 : kind === "irfft" ? 16 : 9]],
      },
      { inputs: [[2, 9]], args: { axes: [1], lengths: [4] }, gives: [[2, kind === "rfft" ? 3 : 4]] },
      { inputs: [[2, 3]], args: { axes: [2], lengths: null }, gives: "argument" },
      { inputs: [[2, 3]], args: { axes: [1], lengths: [0] }, gives: "argument" },
    ],
  });
}

function lastLength(kind: "rfft" | "irfft", own: Dim, given: Dim | undefined, before: Dim | undefined): Dim {
  if (kind === "rfft")
    return setBy(
      compute([own], (n) => {
        const half = floorDiv(n, 2);
        return half === undefined ? undefined : add(half, 1);
      }),
      "rfft",
      [own],
    );
  if (given !== undefined && given.size !== -1) return given;
  const from = before ?? own;
  return setBy(
    compute([from], (n) => mul(2, sub(n, 1))),
    "irfft",
    [from],
  );
}

function allAxes(rank: number, count: number | undefined): readonly number[] {
  const n = count ?? rank;
  return Array.from({ length: n }, (_, i) => rank - n + i);
}

/** The same values in another order along the axes. */
const fftShift = entry({
  name: "fftshift",
  signature: "… -> …",
  parameters: { axes: "axes that are shifted by half; null: all", inverse: "undo it" },
  shape: (inputs, args: Args) => {
    const x = input(inputs, 0);
    const asked = args.axes === null || args.axes === undefined ? [] : (wholeOrList(args, "axes") ?? []);
    const rank = x.shape?.length;
    const wrong = rank === undefined ? undefined : asked.find((axis) => axisIn(axis, rank) === undefined);
    return wrong === undefined || rank === undefined ? ok([x]) : axisRefusal("dim", wrong, rank, [x]);
  },
  link: "https://docs.pytorch.org/docs/stable/generated/torch.fft.fftshift.html",
  examples: [
    { inputs: [[2, 3]], args: { axes: [1] }, gives: [[2, 3]] },
    { inputs: [[2, 3]], args: { axes: [2] }, gives: "argument" },
  ],
});

export const COMPLEX: readonly Operator[] = [
  ofParts("complex"),
  ofParts("polar"),
  viewAsComplex,
  viewAsReal,
  part("real", false),
  part("imag", true),
  part("angle", false),
  fourier("fft"),
  fourier("rfft"),
  fourier("irfft"),
  fftShift,
];
