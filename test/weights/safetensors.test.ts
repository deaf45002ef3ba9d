import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadCheckpoint } from "../../src/weights/load.ts";
import { readSafetensors } from "../../src/weights/safetensors.ts";

const file = (name: string): Uint8Array => readFileSync(fileURLToPath(new URL(`../data/run/${name}`, import.meta.url)));

/** A file with this header and so many bytes of data. */
function made(header: unknown, bytes: readonly number[], length?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + bytes.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
  out.set(text, 8);
  out.set(bytes, 8 + text.length);
  return out;
}

const entry = (dtype: string, shape: readonly unknown[], begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

async function reason(bytes: Uint8Array): Promise<string> {
  const result = await readSafetensors(bytes);
  return result.kind === "refused" ? result.reason.template : "read";
}

describe("a checkpoint that PyTorch's safetensors wrote", () => {
  test("has the state dict's keys and shapes", async () => {
    const checkpoint = await loadCheckpoint(file("narrow_resnet.safetensors"));
    if (checkpoint.kind === "refused") throw new Error(checkpoint.reason.template);
    // 20 convolutions, 20 batch normalizations with 5 tensors each, a linear layer with 2.
    expect(checkpoint.weights.size).toBe(20 + 20 * 5 + 2);
    expect(checkpoint.weights.get("layer2.0.downsample.0.weight")?.shape).toEqual([16, 8, 1, 1]);
    expect(checkpoint.weights.get("bn1.num_batches_tracked")).toEqual({ shape: [], data: Float32Array.of(0) });
  });

  test("is read range by range", async () => {
    const bytes = file("narrow_resnet.safetensors");
    let read = 0;
    const reader = {
      size: bytes.length,
      read: async (offset: number, length: number) => {
        read += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    const lazy = await readSafetensors(reader);
    if (lazy.kind === "refused") throw new Error(lazy.reason.template);
    expect(read).toBeLessThan(bytes.length / 10);
    const bias = lazy.tensors.find(({ name }) => name === "fc.bias");
    const before = read;
    expect(await bias?.bytes()).toHaveLength(40);
    expect(read - before).toBe(40);
  });
});

describe("element types", () => {
  test.each([
    ["F64", [0, 0, 0, 0, 0, 0, 0xf8, 0xbf], -1.5],
    ["F32", [0, 0, 0xc0, 0xbf], -1.5],
    ["F16", [0, 0xbe], -1.5],
    ["F16", [1, 0], 2 ** -24],
    ["F16", [0, 0xfc], Number.NEGATIVE_INFINITY],
    ["BF16", [0xc0, 0xbf], -1.5],
    ["I64", [0xfe, 255, 255, 255, 255, 255, 255, 255], -2],
    ["I32", [0xfe, 255, 255, 255], -2],
    ["U8", [0xfe], 254],
    ["BOOL", [1], 1],
  ])("%s of %j", async (dtype, bytes, value) => {
    const checkpoint = await loadCheckpoint(made({ x: entry(dtype, [1], 0, bytes.length) }, bytes));
    expect(checkpoint.kind === "checkpoint" ? [...(checkpoint.weights.get("x")?.data ?? [])] : checkpoint).toEqual([
      value,
    ]);
  });

  test("others are refused by name", async () => {
    expect(await readSafetensors(made({ x: entry("F8_E4M3", [1], 0, 1) }, [0]))).toMatchObject({
      kind: "refused",
      reason: { args: ["x", "F8_E4M3"] },
    });
  });
});

test("the prefix of a wrapped model is taken off", async () => {
  const checkpoint = await loadCheckpoint(made({ "module.x": entry("U8", [1], 0, 1) }, [7]));
  expect(checkpoint.kind === "checkpoint" ? [...checkpoint.weights.keys()] : []).toEqual(["x"]);
});

describe("a hostile file is refused", () => {
  test.each([
    ["too short", new Uint8Array(7)],
    ["a header beyond the end", made({}, [], 1000)],
    ["a header of 2^63 bytes", made({}, [], 2 ** 63)],
    ["a header that is no JSON", made("{", [])],
    ["a header that is a list", made([], [])],
    ["a header that is not UTF-8", Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff)],
    ["an entry that is no object", made({ x: 1 }, [])],
    ["a negative length", made({ x: entry("F32", [-1], 0, 4) }, [0, 0, 0, 0])],
    ["a fractional length", made({ x: entry("F32", [0.5], 0, 2) }, [0, 0])],
    ["lengths whose product overflows", made({ x: entry("F32", [2 ** 40, 2 ** 40], 0, 4) }, [0, 0, 0, 0])],
    ["a thousand axes", made({ x: entry("F32", Array(1000).fill(1), 0, 4) }, [0, 0, 0, 0])],
    ["an end before its begin", made({ x: entry("F32", [0], 4, 0) }, [0, 0, 0, 0])],
    ["an offset beyond the end", made({ x: entry("F32", [1], 4, 8) }, [0, 0, 0, 0])],
    ["an offset that is a string", made({ x: entry("F32", [1], "0", 4) }, [0, 0, 0, 0])],
    ["bytes that do not fit the shape", made({ x: entry("F32", [2], 0, 4) }, [0, 0, 0, 0])],
    ["an overlap", made({ x: entry("U8", [2], 0, 2), y: entry("U8", [2], 1, 3) }, [0, 0, 0])],
    ["a hole", made({ x: entry("U8", [1], 0, 1), y: entry("U8", [1], 2, 3) }, [0, 0, 0])],
    ["bytes behind the last tensor", made({ x: entry("U8", [1], 0, 1) }, [0, 0])],
  ])("%s", async (_, bytes) => {
    expect(await reason(bytes)).not.toBe("read");
  });

  test("a reader that gives too little", async () => {
    const whole = made({ x: entry("U8", [2], 0, 2) }, [1, 2]);
    const short = {
      size: whole.length,
      read: async (at: number, n: number) => whole.subarray(at, Math.min(at + n, whole.length - 1)),
    };
    expect(await loadCheckpoint(short)).toMatchObject({ kind: "refused" });
  });
});
