import { open, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { CachedFile, OpenFile } from "./platform.ts";

const CHECKPOINT = /\.(safetensors|pth|pt|ckpt|bin)$/i;

/** A file on this disk, read in parts. */
export async function openOnDisk(file: string): Promise<OpenFile> {
  const handle = await open(file, "r");
  const { size } = await handle.stat();
  return {
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

/**
 * The checkpoints in torch's own download folder; empty where there is none. Nothing is downloaded.
 * @see https://docs.pytorch.org/docs/stable/hub.html#where-are-my-downloaded-models-saved
 */
export async function torchCheckpoints(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly CachedFile[]> {
  const home =
    environment.TORCH_HOME ?? path.join(environment.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "torch");
  const folder = path.join(home, "hub", "checkpoints");
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => CHECKPOINT.test(name))
      .map(async (name) => {
        const file = path.join(folder, name);
        const info = await stat(file).catch(() => undefined);
        return info?.isFile() === true ? [{ name, path: file, size: info.size }] : [];
      }),
  );
  return found.flat();
}
