import { t } from "../text/text.ts";
import { toFloat32 } from "./elements.ts";
import { type Refused, refused } from "./refusal.ts";
import { type RangedReader, readSafetensors } from "./safetensors.ts";

/** Weights by state-dict key, as float32, row-major. */
export interface Checkpoint {
  readonly kind: "checkpoint";
  readonly weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
}

/** Every tensor of a `.safetensors` file; `module.` in front of all keys (a wrapped model) is taken off. */
export async function loadSafetensors(source: Uint8Array | RangedReader): Promise<Checkpoint | Refused> {
  const file = await readSafetensors(source);
  if (file.kind === "refused") return file;
  const wrapped = 0 < file.tensors.length && file.tensors.every(({ name }) => name.startsWith("module."));
  const weights = new Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>();
  for (const { name, dtype, shape, bytes } of file.tensors) {
    let data: Float32Array | undefined;
    try {
      data = toFloat32(dtype, await bytes());
    } catch {
      return refused(t("the file ended within {0}", name));
    }
    if (data === undefined) return refused(t("{0} has the element type {1}, which is not read", name, dtype));
    weights.set(wrapped ? name.slice("module.".length) : name, { shape, data });
  }
  return { kind: "checkpoint", weights };
}
