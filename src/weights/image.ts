import startModule from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import { t } from "../text/text.ts";
import { pngHeader, readPng } from "./png.ts";
import { type Refused, refused } from "./refusal.ts";

/** Pixels, a byte for each channel (R, G, B, or grey), row by row from the top. */
export interface Picture {
  readonly kind: "picture";
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** The part of the Emscripten module that is used; the package's own declaration refers to types that it does not ship. */
type StartJpegDecoder = (options: {
  readonly noInitialRun: boolean;
  readonly locateFile: (name: string) => string;
  readonly printErr: (message: string) => void;
  readonly instantiateWasm: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports;
}) => Promise<{
  readonly decode: (
    data: Uint8Array,
    rotate: boolean,
  ) => { readonly width: number; readonly height: number; readonly data: ArrayLike<number> } | null;
}>;
const startJpegDecoder: StartJpegDecoder = startModule;

/** Pillow refuses twice this as a decompression bomb; one picture of this size takes 270 MB as RGB. */
const MAX_PIXELS = 89_478_485;

/**
 * Decodes a png or jpeg file as Pillow's `Image.open(f).convert("RGB")` does: alpha dropped, EXIF rotation not applied.
 * `jpegWasm` is the binary `mozjpeg_dec.wasm`, asked for only for a jpeg.
 */
export async function decodePicture(
  bytes: Uint8Array,
  jpegWasm: () => Promise<Uint8Array>,
): Promise<Picture | Refused> {
  const png = pngHeader(bytes);
  const jpeg = png === undefined ? jpegSize(bytes) : undefined;
  const size = png ?? jpeg;
  if (size === undefined) return refused(t("the file is neither a png nor a jpeg picture"));
  if (size.width < 1 || size.height < 1) return refused(t("the picture is empty"));
  if (MAX_PIXELS < size.width * size.height)
    return refused(t("the picture is too large: {0}×{1}", size.width, size.height));
  try {
    if (png !== undefined) return fromPng(bytes);
    if (jpeg?.components === 4) return refused(t("a CMYK jpeg is not read"));
    return await fromJpeg(bytes, await jpegWasm());
  } catch (error) {
    return refused(t("the picture cannot be decoded: {0}", error instanceof Error ? error.message : String(error)));
  }
}

function fromPng(bytes: Uint8Array): Picture {
  const { width, height, depth, channels, samples, palette } = readPng(bytes);
  const out = new Uint8Array(width * height * 3);
  if (palette !== undefined) {
    for (let i = 0, to = 0; i < samples.length; i++, to += 3) {
      const color = (samples[i] ?? 0) * 3;
      for (let c = 0; c < 3; c++) out[to + c] = palette[color + c] ?? 0;
    }
    return { kind: "picture", width, height, channels: 3, data: out };
  }
  // Pillow opens 16-bit grey as 16-bit integers and clips them to 255; it keeps the high byte of other 16-bit samples.
  const scale = 255 / ((1 << depth) - 1);
  const toByte = (value: number): number =>
    depth < 16 ? Math.round(value * scale) : channels === 1 ? Math.min(value, 255) : value >> 8;
  const colors = channels < 3 ? 1 : 3;
  for (let at = 0, to = 0; to < out.length; at += channels, to += 3) {
    for (let c = 0; c < 3; c++) out[to + c] = toByte(samples[at + (c % colors)] ?? 0);
  }
  return { kind: "picture", width, height, channels: 3, data: out };
}

async function fromJpeg(bytes: Uint8Array, wasm: Uint8Array): Promise<Picture | Refused> {
  const compiled = new WebAssembly.Module(new Uint8Array(wasm));
  const complaints: string[] = [];
  const decoder = await startJpegDecoder({
    noInitialRun: true,
    // Without it the module asks for its own address, which a classic script does not have.
    locateFile: (name) => name,
    printErr: (message) => complaints.push(message),
    instantiateWasm: (imports, done) => {
      const instance = new WebAssembly.Instance(compiled, imports);
      done(instance);
      return instance.exports;
    },
  });
  const image = decoder.decode(new Uint8Array(bytes), false);
  if (image === null) return refused(t("the picture cannot be decoded: {0}", "jpeg"));
  // The decoder fills what is missing with grey; Pillow refuses such a file.
  if (complaints.some((message) => message.includes("Premature end"))) return refused(t("the picture is cut off"));
  const { width, height, data } = image;
  const out = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < out.length; from += 4, to += 3) {
    out[to] = data[from] ?? 0;
    out[to + 1] = data[from + 1] ?? 0;
    out[to + 2] = data[from + 2] ?? 0;
  }
  return { kind: "picture", width, height, channels: 3, data: out };
}

/** Size and component count from the frame header (SOF marker), ITU-T T.81 B.2.2. */
function jpegSize(
  bytes: Uint8Array,
): { readonly width: number; readonly height: number; readonly components: number } | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 < bytes.byteLength) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const frame = 0xc0 <= marker && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame)
      return {
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        components: bytes[at + 9] ?? 0,
      };
    const length = view.getUint16(at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}
