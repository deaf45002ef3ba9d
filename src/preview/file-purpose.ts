import type { FilePurpose } from "./messages.ts";

/** What a file of this name is taken for; undefined: nothing here reads it. */
export function purposeOf(name: string): Exclude<FilePurpose, "labels" | "beside"> | undefined {
  if (/\.(png|jpe?g)$/i.test(name)) return "image";
  if (/\.npy$/i.test(name)) return "tensor";
  return /\.(safetensors|pth|pt|ckpt|bin)$/i.test(name) ? "weights" : undefined;
}
