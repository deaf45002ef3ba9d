import type { Program } from "../../src/graph/program.ts";
import type { GivenWeight } from "../../src/runtime/prepare.ts";

/** In [-1, 1): the same integer hash as scripts/truth/record_parity.py. */
export function uniform(count: number, seed: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let h = Math.imul((i + 1 + seed) >>> 0, 2654435761) >>> 0;
    h ^= h >>> 15;
    h = Math.imul(h, 2246822519) >>> 0;
    h ^= h >>> 13;
    out[i] = (h >>> 0) / 2147483648 - 1;
  }
  return out;
}

/** The weights that the recorder fills: all but the buffers that it has `kept`. */
export function weightsFor(program: Program, kept: ReadonlySet<string>): ReadonlyMap<string, GivenWeight> {
  const given = new Map<string, GivenWeight>();
  for (const { keys, shape } of program.weights) {
    const [key = ""] = keys;
    if (!kept.has(key)) given.set(key, { shape, data: filled(key, shape) });
  }
  return given;
}

function filled(key: string, shape: readonly number[]): Float32Array {
  const values = uniform(
    shape.reduce((a, b) => a * b, 1),
    crc32(key),
  );
  const [base, scale] = rangeOf(key, shape);
  return Float32Array.from(values, (value) => base + scale * value);
}

function rangeOf(key: string, shape: readonly number[]): readonly [number, number] {
  if (key.endsWith("running_var")) return [1, 0.3];
  if (key.endsWith("running_mean") || key.endsWith("bias")) return [0, 0.1];
  if (1 < shape.length)
    return [
      0,
      Math.sqrt(
        6 /
          Math.max(
            1,
            shape.slice(1).reduce((a, b) => a * b, 1),
          ),
      ),
    ];
  return [1, 0.2];
}

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
