import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadCheckpoint } from "../../src/weights/load.ts";
import { hostileFiles } from "./hostile.ts";

interface Truth {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly bytes: string;
        readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly sha256: string }>>;
      }
    >
  >;
  readonly hostile: Readonly<Record<string, string>>;
}

const path = fileURLToPath(new URL("../data/run/checkpoints/checkpoints.json", import.meta.url));
const truth: Truth = JSON.parse(readFileSync(path, "utf8"));
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

describe("a checkpoint gives what torch.load gives", () => {
  test.each(Object.entries(truth.files))("%s", async (_name, { bytes, tensors }) => {
    const checkpoint = await loadCheckpoint(bytesOf(bytes), (key) => key in tensors);
    if (checkpoint.kind === "refused") throw new Error(JSON.stringify(checkpoint.reason));
    const found = Object.fromEntries(
      [...checkpoint.weights].map(([key, { shape, data }]) => [
        key,
        {
          shape,
          sha256: createHash("sha256")
            .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
            .digest("hex"),
        },
      ]),
    );
    expect(found).toEqual(tensors);
  });
});

describe("a file that would run something", () => {
  test.each(Object.entries(truth.hostile))("%s is refused by name", async (_name, base64) => {
    const checkpoint = await loadCheckpoint(bytesOf(base64));
    expect(checkpoint.kind === "refused" && checkpoint.reason).toEqual({
      template: "the file calls {0}, which is never done",
      args: ["posix.system"],
    });
    expect(existsSync("executed-by-a-checkpoint")).toBe(false);
  });
});

describe("a file that was made to harm", () => {
  const files = [...hostileFiles()];

  test.each(files)("%s is refused with a reason", async (_name, bytes) => {
    const checkpoint = await loadCheckpoint(bytes);
    expect(checkpoint.kind === "refused" && checkpoint.reason.template).toMatch(/./);
  });

  test("takes no more memory at any time than an archive's packed entry may", async () => {
    const before = process.resourceUsage().maxRSS;
    for (const [, bytes] of files) await loadCheckpoint(bytes);
    const kilobytes = process.resourceUsage().maxRSS - before;
    expect(kilobytes).toBeLessThan(300_000);
  });
});

/** A pseudorandom whole number below `bound` for each call; the same for each run. */
function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** One to four of: a byte changed, a part cut out, a part repeated, the end cut off, a word of all ones. */
function mutated(bytes: Uint8Array, roll: (bound: number) => number): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (let left = 1 + roll(4); 0 < left; left--) {
    const at = roll(out.length);
    const length = 1 + roll(64);
    switch (roll(6)) {
      case 0:
      case 1:
        out[at] = roll(256);
        break;
      case 2:
        out = Uint8Array.from([...out.subarray(0, at), ...out.subarray(at + length)]);
        break;
      case 3:
        out = Uint8Array.from([...out.subarray(0, at + length), ...out.subarray(at)]);
        break;
      case 4:
        out = out.slice(0, at);
        break;
      case 5:
        out.fill(255, at, at + 8);
        break;
    }
  }
  return out;
}

describe("10,000 damaged files", () => {
  const files = Object.entries(truth.files);
  test.each(files)("%s gives whole tensors or a reason", async (name, { bytes }) => {
    const roll = dice(name.length * 7919 + 1);
    const original = bytesOf(bytes);
    const odd: unknown[] = [];
    let refusals = 0;
    const count = Math.ceil(10_000 / files.length);
    for (let i = 0; i < count; i++) {
      const result = await loadCheckpoint(mutated(original, roll));
      if (result.kind === "refused") {
        refusals += 1;
        if (result.reason.template === "") odd.push(result);
      } else
        for (const [key, { shape, data }] of result.weights)
          if (data.length !== shape.reduce((a, b) => a * b, 1)) odd.push([key, shape, data.length]);
    }
    expect(odd).toEqual([]);
    // Bytes of elements and of names may be changed without harm; most damage is seen.
    expect(refusals).toBeGreaterThan(count / 4);
  });
});
