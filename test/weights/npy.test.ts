import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readNpy, writeNpy } from "../../src/weights/npy.ts";

function bytesOf(name: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(`../data/run/npy/${name}.npy`, import.meta.url)));
}

/** Written by numpy from [[[-1.5, 0.25, 3], [0.001, 65504, -0.0]]], clipped to ±100. */
const EXACT = [-1.5, 0.25, 3, Math.fround(0.001), 100, -0];

describe("reading what numpy wrote", () => {
  test.each([
    ["f8", "float64", EXACT],
    ["f4", "float32", EXACT],
    ["f4-big", "float32", EXACT],
    // 0.001 as binary16 is 0x1419: 1049 / 1024 · 2^-10.
    ["f2", "float16", [-1.5, 0.25, 3, 1049 / 1024 / 1024, 100, -0]],
    ["i8", "int64", [-1, 0, 3, 0, 100, 0]],
    ["i4", "int32", [-1, 0, 3, 0, 100, 0]],
    ["i2", "int16", [-1, 0, 3, 0, 100, 0]],
    ["i1", "int8", [-1, 0, 3, 0, 100, 0]],
    ["u1", "uint8", [255, 0, 3, 0, 100, 0]],
    ["b1", "bool", [1, 1, 1, 1, 1, 0]],
  ])("%s", (name, dtype, values) => {
    const array = readNpy(bytesOf(name));
    expect(array).toMatchObject({ kind: "array", shape: [1, 2, 3], dtype });
    expect(array.kind === "array" ? [...array.data] : []).toEqual(values);
  });

  test("Fortran order, a scalar, version 2", () => {
    const fortran = readNpy(bytesOf("fortran"));
    expect(fortran).toMatchObject({ shape: [2, 3, 4] });
    expect(fortran.kind === "array" ? [...fortran.data] : []).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(readNpy(bytesOf("scalar"))).toMatchObject({ shape: [], data: Float32Array.of(2.5) });
    expect(readNpy(bytesOf("version2"))).toMatchObject({ shape: [3], data: Float32Array.of(0, 1, 2) });
  });

  test("objects and complex numbers are refused", () => {
    expect(readNpy(bytesOf("object"))).toMatchObject({ kind: "refused" });
    expect(readNpy(bytesOf("complex"))).toMatchObject({ kind: "refused" });
  });

  test("a cut or longer file is refused", () => {
    const whole = bytesOf("f4");
    for (let cut = 0; cut < whole.length; cut++) expect(readNpy(whole.subarray(0, cut)).kind).toBe("refused");
    expect(readNpy(Uint8Array.from([...whole, 0])).kind).toBe("refused");
  });
});

describe("writing", () => {
  test("gives numpy's own bytes", () => {
    const values = Float32Array.of(-1.5, 0.25, 3, 0.001, 100, -0);
    expect(Buffer.from(writeNpy([1, 2, 3], values)).equals(bytesOf("f4"))).toBe(true);
    expect(Buffer.from(writeNpy([], Float32Array.of(2.5))).equals(bytesOf("scalar"))).toBe(true);
  });

  test("is read again, whatever the shape", () => {
    expect(readNpy(writeNpy([3], Float32Array.of(1, 2, 3)))).toMatchObject({
      shape: [3],
      data: Float32Array.of(1, 2, 3),
    });
    expect(readNpy(writeNpy([0, 4], new Float32Array()))).toMatchObject({ shape: [0, 4] });
  });
});
