import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import type { NamedAttrMap } from "@tensorflow/tfjs-core/dist/kernel_registry.js";
import type { Tensor } from "@tensorflow/tfjs-core/dist/tensor.js";

export type { NamedAttrMap, Tensor };
export type TensorType = "float32" | "int32" | "bool";

/** Runs one TensorFlow.js kernel with one output on the backend in use. The kernel's own checks throw. */
export function kernel(name: string, inputs: Readonly<Record<string, Tensor>>, attrs: NamedAttrMap = {}): Tensor {
  return ENGINE.runKernel<Tensor>(name, { ...inputs }, attrs);
}

/** Concatenates along a physical axis. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const [only] = tensors;
  if (only !== undefined && tensors.length === 1) return only;
  // The engine takes a list where its type asks for a record: Concat's kernels read it as a list.
  return ENGINE.runKernel<Tensor>("Concat", [...tensors] as unknown as Record<string, Tensor>, { axis });
}

/** Uploads elements in row-major order. */
export function upload(data: Float32Array, shape: readonly number[], dtype: TensorType = "float32"): Tensor {
  const values = dtype === "float32" ? data : dtype === "int32" ? Int32Array.from(data) : Uint8Array.from(data, Number);
  return ENGINE.makeTensor(values, [...shape], dtype);
}

export function scalar(value: number, dtype: TensorType = "float32"): Tensor {
  return upload(Float32Array.of(value), [], dtype);
}

export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  return sameShape(x.shape, shape) ? x : kernel("Reshape", { x }, { shape: [...shape] });
}

export function transpose(x: Tensor, perm: readonly number[]): Tensor {
  if (perm.every((axis, i) => axis === i)) return x;
  // Moving only axes of length 1 moves no element.
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, i) => i === 0 || (moved[i - 1] ?? 0) < axis))
    return reshape(
      x,
      perm.map((axis) => x.shape[axis] ?? 1),
    );
  return kernel("Transpose", { x }, { perm: [...perm] });
}

export function cast(x: Tensor, dtype: TensorType): Tensor {
  return x.dtype === dtype ? x : kernel("Cast", { x }, { dtype });
}

function slice(x: Tensor, begin: readonly number[], size: readonly number[]): Tensor {
  return kernel("Slice", { x }, { begin: [...begin], size: [...size] });
}

/**
 * Applies `f` along one physical axis. Several shaders take no more than four axes, so a tensor of more is given to `f`
 * as [before, axis, behind], with axis 1.
 */
export function alongAxis(x: Tensor, axis: number, f: (x: Tensor, axis: number) => Tensor): Tensor {
  if (x.shape.length <= 4) return f(x, axis);
  const before = x.shape.slice(0, axis);
  const behind = x.shape.slice(axis + 1);
  const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
  const out = f(reshape(x, [count(before), x.shape[axis] ?? 1, count(behind)]), 1);
  return reshape(out, [...before, out.shape[1] ?? 1, ...behind]);
}

/** Part `[from, from + length)` of one axis. */
export function slab(x: Tensor, axis: number, from: number, length: number): Tensor {
  if (from === 0 && length === x.shape[axis]) return x;
  return alongAxis(x, axis, (flat, at) =>
    slice(
      flat,
      flat.shape.map((_, i) => (i === at ? from : 0)),
      flat.shape.map((n, i) => (i === at ? length : n)),
    ),
  );
}

/** Elements of one axis in the opposite order. */
export function reverse(x: Tensor, axis: number): Tensor {
  return alongAxis(x, axis, (flat, at) => kernel("Reverse", { x: flat }, { dims: [at] }));
}

export function add(a: Tensor, b: Tensor): Tensor {
  return kernel("Add", { a, b });
}

export function sub(a: Tensor, b: Tensor): Tensor {
  return kernel("Sub", { a, b });
}

export function mul(a: Tensor, b: Tensor): Tensor {
  return kernel("Multiply", { a, b });
}

export function div(a: Tensor, b: Tensor): Tensor {
  return kernel("RealDiv", { a, b });
}

export function scale(x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : mul(x, scalar(factor));
}

/** Batched product of the last two axes; the batch axes broadcast. */
export function matmul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return kernel("BatchMatMul", { a, b: rightOperand(b) }, { transposeA, transposeB });
}

/** The shape in which a right operand's data was first met. */
const FIRST_SHAPES = new WeakMap<object, string>();

/**
 * A right operand whose data no product has met in another shape. The WebAssembly kernel prepares a right operand once
 * and keeps that by its data alone; another view of the same data would get the first one's product.
 * @see https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-backend-wasm/src/cc/batch_mat_mul_impl.cc (`operator_cache`)
 */
function rightOperand(b: Tensor): Tensor {
  if (ENGINE.backendName !== "wasm") return b;
  const shape = b.shape.slice(-2).join();
  const met = FIRST_SHAPES.get(b.dataId) ?? shape;
  FIRST_SHAPES.set(b.dataId, met);
  return met === shape ? b : mul(b, scalar(1));
}

/**
 * The product of x [m, k] and y [k, n], with a bias [n] and an activation as `attrs` say. Not for transposed operands:
 * the WebAssembly kernel then adds the bias wrongly, and takes a slow path.
 */
export function fusedProduct(x: Tensor, y: Tensor, bias: Tensor | undefined, attrs: NamedAttrMap): Tensor {
  const [a, b] = [reshape(x, [1, ...x.shape]), rightOperand(reshape(y, [1, ...y.shape]))];
  const inputs = bias === undefined ? { a, b } : { a, b, bias };
  const out = kernel("_FusedMatMul", inputs, { transposeA: false, transposeB: false, ...attrs });
  return reshape(out, out.shape.slice(1));
}

/** Zeros (or `value`) around; `paddings` per physical axis, elements before and after. */
export function pad(x: Tensor, paddings: readonly (readonly [number, number])[], value = 0): Tensor {
  if (paddings.every(([lo, hi]) => lo === 0 && hi === 0)) return x;
  if (x.shape.length <= 4)
    return kernel("PadV2", { x }, { paddings: paddings.map(([lo, hi]) => [lo, hi]), constantValue: value });
  return paddings.reduce(
    (tensor, [lo, hi], axis) =>
      lo === 0 && hi === 0
        ? tensor
        : alongAxis(tensor, axis, (flat) =>
            pad(
              flat,
              [
                [0, 0],
                [lo, hi],
                [0, 0],
              ],
              value,
            ),
          ),
    x,
  );
}

export type Reduction = "Mean" | "Sum" | "Max" | "Min" | "Prod";

/** Reduces physical axes. Reductions of integers other than Max and Min are made in float32. */
export function reduce(name: Reduction, x: Tensor, axes: readonly number[], keepDims: boolean): Tensor {
  if (axes.length === 0) return x;
  if (name === "Max" || name === "Min")
    return kernel(name, { x }, { reductionIndices: [...axes], axis: [...axes], keepDims });
  return kernel(name, { x }, { axis: [...axes], keepDims });
}

/** Elements of `x` at `indices` along one physical axis, in that order. */
export function gather(x: Tensor, indices: readonly number[], axis: number): Tensor {
  const list = upload(Float32Array.from(indices), [indices.length], "int32");
  return kernel("GatherV2", { x, indices: list }, { axis, batchDims: 0 });
}

/** Repeats axes of length 1 up to `shape`; ranks are equal. */
export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
  const lifted = reshape(x, [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape]);
  const reps = shape.map((n, i) => (lifted.shape[i] === n ? 1 : n));
  return reps.every((n) => n === 1) ? lifted : kernel("Tile", { x: lifted }, { reps });
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}
