import type { TensorValue } from "../eval/value.ts";

/** One element along the first axis of a tensor with known values. */
export function hostElement(value: TensorValue, index: number): TensorValue | undefined {
  const { host } = value;
  const length = host?.shape[0];
  if (host === undefined || length === undefined) return undefined;
  const at = index < 0 ? index + length : index;
  if (at < 0 || length <= at) return undefined;
  const rest = host.shape.slice(1);
  const size = rest.reduce((a, b) => a * b, 1);
  return {
    kind: "tensor",
    type: { shape: rest.map((n) => ({ size: n })), dtype: value.type.dtype },
    host: { shape: rest, data: host.data.slice(at * size, (at + 1) * size) },
  };
}
