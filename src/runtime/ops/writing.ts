import type { PlainArg } from "../../graph/program.ts";
import { t } from "../../text/text.ts";
import { input, type Run } from "../args.ts";
import { cast, concat, gather, reshape, type Tensor, upload } from "../kernels.ts";
import { first, ofFirst, product, range } from "../value.ts";

/** Positions in a tensor, row-major, as a view of it sees them. */
interface View {
  readonly shape: readonly number[];
  readonly at: readonly number[];
}

/** `x[…] = value` where views alone select what is written: the other elements stay. */
export const assign: Run = (inputs, args) => {
  const x = first(input(inputs, 0));
  const written = inputs[1] === undefined ? undefined : first(inputs[1]);
  const selected = Array.isArray(args.views) ? viewed(x.shape, args.views) : undefined;
  if (selected === undefined || (written === undefined && typeof args.value !== "number"))
    return { kind: "unsupported", reason: t("writing where index tensors select is not part of a preview") };
  const value = written ?? upload(Float32Array.of(Number(args.value)), [], "float32");
  const source = spread(value.shape, selected.shape);
  const count = product(x.shape);
  const from = [...range(0, count)];
  for (const [i, at] of selected.at.entries()) from[at] = count + (source[i] ?? 0);
  const numeric = (tensor: Tensor): Tensor => (x.dtype === "float32" ? cast(tensor, "float32") : cast(tensor, "int32"));
  const both = concat([reshape(numeric(x), [count]), reshape(numeric(value), [product(value.shape)])], 0);
  const out = reshape(gather(both, from, 0), x.shape);
  return [ofFirst(x.dtype === "bool" ? cast(out, "bool") : out)];
};

/** Where each element of `shape` comes from in a value that is broadcast to it; axes of 1 in front fall away. */
function spread(value: readonly number[], shape: readonly number[]): readonly number[] {
  const own = value.slice(Math.max(0, value.length - shape.length));
  const strides: number[] = [];
  let stride = 1;
  for (let axis = own.length - 1; 0 <= axis; axis--) {
    strides.unshift(own[axis] === 1 ? 0 : stride);
    stride *= own[axis] ?? 1;
  }
  return positions(shape, [...shape.slice(own.length).map(() => 0), ...strides], 0);
}

function viewed(shape: readonly number[], views: readonly PlainArg[]): View | undefined {
  let strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  let lengths = [...shape];
  let offset = 0;
  for (const view of views) {
    if (!Array.isArray(view)) return undefined;
    const [kind, a, b, c] = view;
    if (kind === "select" && typeof a === "number" && typeof b === "number") {
      const axis = a < 0 ? a + lengths.length : a;
      offset += (strides[axis] ?? 0) * (b < 0 ? b + (lengths[axis] ?? 0) : b);
      strides = strides.filter((_, i) => i !== axis);
      lengths = lengths.filter((_, i) => i !== axis);
    } else if (kind === "unsqueeze" && typeof a === "number") {
      const axis = a < 0 ? a + lengths.length + 1 : a;
      strides.splice(axis, 0, 0);
      lengths.splice(axis, 0, 1);
    } else if (kind === "slice" && Array.isArray(a) && Array.isArray(b) && Array.isArray(c)) {
      for (const [axis, size] of [...lengths].entries()) {
        const from = bounded(a[axis], 0, size);
        const to = bounded(b[axis], size, size);
        const step = wholeOr(c[axis], 1);
        offset += from * (strides[axis] ?? 0);
        strides[axis] = (strides[axis] ?? 0) * step;
        lengths[axis] = Math.max(0, Math.ceil((to - from) / step));
      }
    } else return undefined;
  }
  return { shape: lengths, at: positions(lengths, strides, offset) };
}

function positions(shape: readonly number[], strides: readonly number[], offset: number): readonly number[] {
  let at = [offset];
  for (const [axis, length] of shape.entries()) {
    const stride = strides[axis] ?? 0;
    at = at.flatMap((start) => range(0, length).map((i) => start + i * stride));
  }
  return at;
}

function wholeOr(value: PlainArg | undefined, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}

function bounded(value: PlainArg | undefined, fallback: number, size: number): number {
  const whole = wholeOr(value, fallback);
  return Math.max(0, Math.min(size, whole < 0 ? whole + size : whole));
}
