import type { Init } from "../graph/graph.ts";
import { normalStream, type Random, randomStream } from "./random.ts";

/** Without this, a truncation far from the mean would never accept a draw. */
const MAX_REJECTIONS = 1000;

/** A weight's elements before any training, row-major; `stream` is its own among those of one seed. */
export function firstValue(init: Init, shape: readonly number[], seed: number, stream: number): Float32Array {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  switch (init.kind) {
    case "constant":
      return data.fill(init.value);
    case "values":
      data.set(init.values.slice(0, data.length));
      return data;
    case "uniform": {
      const random = randomStream(seed, stream);
      const width = init.high - init.low;
      for (let i = 0; i < data.length; i++) data[i] = init.low + width * random();
      return data;
    }
    case "normal": {
      const random = normalStream(randomStream(seed, stream));
      const { mean, std, truncate } = init;
      for (let i = 0; i < data.length; i++) {
        let value = mean + std * random();
        if (truncate !== undefined) {
          const [low, high] = truncate;
          for (let k = 0; k < MAX_REJECTIONS && (value < low || high < value); k++) value = mean + std * random();
          value = Math.max(low, Math.min(high, value));
        }
        data[i] = value;
      }
      return data;
    }
    case "orthogonal":
      return orthogonal(data, shape[0] ?? 1, init.gain, normalStream(randomStream(seed, stream)));
    case "dirac":
      return dirac(data, shape, init.groups, init.value);
    case "sparse":
      return sparse(data, shape[1] ?? 1, init.zeros, init.std, randomStream(seed, stream));
    case "unknown":
      return data;
  }
}

/** Gaussian vectors brought to right angles one after another, in float64, each `gain` long. */
function orthogonal(data: Float32Array, rows: number, gain: number, random: Random): Float32Array {
  const columns = data.length / rows;
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const vectors: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = Float64Array.from({ length }, random);
    for (const other of vectors) {
      const along = dot(vector, other);
      for (let i = 0; i < length; i++) vector[i] = (vector[i] ?? 0) - along * (other[i] ?? 0);
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((x) => x / norm));
  }
  for (const [k, vector] of vectors.entries())
    for (let i = 0; i < length; i++) data[rows < columns ? k * columns + i : i * columns + k] = gain * (vector[i] ?? 0);
  return data;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** `value` at the middle of each filter from a channel to the same channel of its group; shape [O, C, *K]. */
function dirac(data: Float32Array, shape: readonly number[], groups: number, value: number): Float32Array {
  const [outs = 0, ins = 0, ...kernel] = shape;
  const perGroup = outs / groups;
  const area = kernel.reduce((a, b) => a * b, 1);
  const middle = kernel.reduce((at, size) => at * size + Math.floor(size / 2), 0);
  for (let out = 0; out < outs; out++)
    if (out % perGroup < ins) data[(out * ins + (out % perGroup)) * area + middle] = value;
  return data;
}

/** Normal elements, of each column `zeros` drawn ones 0. */
function sparse(data: Float32Array, columns: number, zeros: number, std: number, random: Random): Float32Array {
  const normal = normalStream(random);
  const rows = data.length / columns;
  for (let i = 0; i < data.length; i++) data[i] = std * normal();
  for (let column = 0; column < columns; column++) {
    const left = Array.from({ length: rows }, (_, row) => row);
    for (let k = 0; k < Math.min(zeros, rows); k++) {
      const [row = 0] = left.splice(Math.floor(random() * left.length), 1);
      data[row * columns + column] = 0;
    }
  }
  return data;
}
