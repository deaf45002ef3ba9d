import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodePicture, type Picture } from "../../src/weights/image.ts";
import { likelyPreset, pictureSize, presetTransform } from "../../src/weights/presets.ts";
import { type Interpolation, resize } from "../../src/weights/resize.ts";
import { type Transform, transformed } from "../../src/weights/transform.ts";

interface Variant {
  readonly channels: 1 | 3;
  readonly resize: number | null;
  readonly interpolation: Interpolation;
  readonly crop: readonly [number, number];
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** By `scripts/truth/record_pictures.py`: what Pillow and torchvision made of the same files. */
interface Expected {
  readonly variants: readonly Variant[];
  readonly decoded: Readonly<
    Record<
      string,
      { readonly size: readonly [number, number]; readonly sha256: string; readonly transformed: readonly string[] }
    >
  >;
  readonly resized: readonly {
    readonly size: readonly [number, number];
    readonly interpolation: Interpolation;
    readonly sha256: string;
  }[];
  readonly presets: readonly { readonly resize: number; readonly crop: number; readonly data: string }[];
}

const folder = fileURLToPath(new URL("../data/run/pictures/", import.meta.url));
const expected: Expected = JSON.parse(readFileSync(`${folder}expected.json`, "utf8"));
const jpegWasm = async () =>
  readFileSync(fileURLToPath(new URL("../../node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm", import.meta.url)));

function bytesOf(name: string): Uint8Array {
  return readFileSync(folder + name);
}

async function decoded(name: string): Promise<Picture> {
  const picture = await decodePicture(bytesOf(name), jpegWasm);
  if (picture.kind === "refused") throw new Error(JSON.stringify(picture.reason));
  return picture;
}

function sha256(data: Uint8Array | Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");
}

function transformOf({ channels, resize, interpolation, crop: [height, width], mean, std }: Variant): Transform {
  return { channels, resize: resize ?? undefined, interpolation, crop: { height, width }, mean, std };
}

const names = readdirSync(folder).filter((name) => /\.(png|jpg)$/.test(name) && name !== "cmyk.jpg");

describe("decoding gives Pillow's bytes, and a transform torchvision's floats", () => {
  test("of at least 40 files", () => expect(names.length).toBeGreaterThanOrEqual(40));

  test.each(names)("%s", async (name) => {
    const picture = await decoded(name);
    expect([picture.width, picture.height]).toEqual(expected.decoded[name]?.size);
    expect(sha256(picture.data)).toBe(expected.decoded[name]?.sha256);
    expect(expected.variants.map((variant) => sha256(transformed(picture, transformOf(variant)).data))).toEqual(
      expected.decoded[name]?.transformed,
    );
  });
});

describe("resizing gives Pillow's bytes", async () => {
  const picture = await decoded("420.jpg");
  test.each(expected.resized)("$interpolation to $size", ({ size: [width, height], interpolation, sha256: hash }) => {
    expect(sha256(resize(picture, width, height, interpolation).data)).toBe(hash);
  });
});

describe("torchvision's own preset gives the same floats", async () => {
  const picture = await decoded("420.jpg");
  test.each(expected.presets)("short side $resize, crop $crop", ({ resize: side, crop, data }) => {
    const preset = presetTransform("imagenet", { channels: 3, height: crop, width: crop });
    const actual = transformed(picture, { ...preset, resize: side }).data;
    expect(Buffer.from(actual.buffer).toString("base64")).toBe(data);
  });
});

describe("the preset that an input most likely wants", () => {
  test.each([
    { shape: [1, 3, 224, 224], preset: "imagenet", resize: 256 },
    { shape: [8, 3, 32, 32], preset: "cifar", resize: 32 },
    { shape: [1, 1, 28, 28], preset: "mnist", resize: 28 },
    { shape: [1, 3, 384, 384], preset: "imagenet", resize: 439 },
  ])("$shape: $preset", ({ shape, preset, resize: side }) => {
    const size = pictureSize(shape);
    if (size === undefined) throw new Error("takes no picture");
    expect(likelyPreset(size)).toBe(preset);
    expect(presetTransform(likelyPreset(size), size)).toMatchObject({ resize: side, channels: shape[1] });
  });

  test("none for an input that is no picture", () => {
    expect(
      [
        [1, 4, 8, 8],
        [1, 3],
        [3, 8, 8],
        [1, 3, 0, 8],
      ].map(pictureSize),
    ).toEqual(new Array(4).fill(undefined));
  });
});

describe("a file that is not read", () => {
  const reason = async (bytes: Uint8Array): Promise<string> => {
    const picture = await decodePicture(bytes, jpegWasm);
    return picture.kind === "refused" ? picture.reason.template : "read";
  };

  test("says why", async () => {
    expect(await reason(bytesOf("cmyk.jpg"))).toBe("a CMYK jpeg is not read");
    expect(await reason(new TextEncoder().encode("GIF89a, and more bytes than a header"))).toBe(
      "the file is neither a png nor a jpeg picture",
    );
    expect(await reason(new Uint8Array())).toBe("the file is neither a png nor a jpeg picture");
  });

  test("claims more pixels than memory should hold", async () => {
    const bytes = Uint8Array.from(bytesOf("rgb.png"));
    new DataView(bytes.buffer).setUint32(16, 10_000_000);
    expect(await reason(bytes)).toBe("the picture is too large: {0}×{1}");
  });

  test("ends early", async () => {
    const whole = bytesOf("420.jpg");
    expect(await reason(whole.subarray(0, whole.length - 200))).toBe("the picture is cut off");
  });

  test.each(["rgb.png", "420.jpg", "interlaced.png"])("%s, cut or damaged anywhere, never throws", async (name) => {
    const whole = bytesOf(name);
    for (let cut = 0; cut < whole.length; cut += 97) {
      const picture = await decodePicture(whole.subarray(0, cut), jpegWasm);
      if (picture.kind === "picture") expect(picture.data).toHaveLength(picture.width * picture.height * 3);
      const damaged = Uint8Array.from(whole);
      damaged[cut] = 255 - (damaged[cut] ?? 0);
      const other = await decodePicture(damaged, jpegWasm);
      if (other.kind === "picture") expect(other.data).toHaveLength(other.width * other.height * 3);
    }
  });
});
