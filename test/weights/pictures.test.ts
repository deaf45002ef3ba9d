import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodePicture, type Picture } from "../../src/weights/image.ts";
import { resizeBilinear } from "../../src/weights/resize.ts";
import { imageNetTransform } from "../../src/weights/transform.ts";

/** By `scripts/truth/record_pictures.py`: what Pillow and torchvision made of the same files. */
interface Expected {
  readonly decoded: Readonly<Record<string, { readonly size: readonly [number, number]; readonly sha256: string }>>;
  readonly resized: readonly { readonly size: readonly [number, number]; readonly sha256: string }[];
  readonly transformed: readonly { readonly resize: number; readonly crop: number; readonly data: string }[];
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

function sha256(picture: Picture): string {
  return createHash("sha256").update(picture.data).digest("hex");
}

describe("decoding gives Pillow's bytes", () => {
  const names = readdirSync(folder).filter((name) => /\.(png|jpg)$/.test(name) && name !== "cmyk.jpg");
  test.each(names)("%s", async (name) => {
    const picture = await decoded(name);
    expect([picture.width, picture.height]).toEqual(expected.decoded[name]?.size);
    expect(sha256(picture)).toBe(expected.decoded[name]?.sha256);
  });
});

describe("resizing gives Pillow's bytes", async () => {
  const picture = await decoded("420.jpg");
  test.each(expected.resized)("to $size", ({ size: [width, height], sha256: hash }) => {
    expect(sha256(resizeBilinear(picture, width, height))).toBe(hash);
  });
});

describe("the transform gives torchvision's floats", async () => {
  const picture = await decoded("420.jpg");
  test.each(expected.transformed)("short side $resize, crop $crop", ({ resize, crop, data }) => {
    const actual = imageNetTransform(picture, { width: crop, height: crop }, resize);
    expect(Buffer.from(actual.buffer).toString("base64")).toBe(data);
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
