import type { PanelData } from "../preview/html.ts";
import type { Answer } from "../runtime/protocol.ts";
import { type Text, t } from "../text/text.ts";
import type { Transform } from "../weights/transform.ts";
import { type Client, fetchBytes, startClient } from "./client.ts";
import { type FileSource, wholeFile } from "./files.ts";

/** A picture after its transform. */
export type Pixels = Extract<Answer, { readonly kind: "pixels" }>;

/** Decodes and transforms pictures on a thread of its own, so that the page and a run go on. */
export interface Pictures {
  readonly transform: (file: FileSource, transform: Transform) => Promise<Pixels | Text>;
}

/** A picture file beyond this is not read, in bytes. */
const MAX_FILE = 100_000_000;
/** Transforms of one picture that are held. */
const HELD = 4;

export function makePictures(data: PanelData): Pictures {
  const held = new WeakMap<FileSource, Map<string, Promise<Pixels | Text>>>();
  let starting: Promise<{ readonly client: Client; readonly jpegWasm: Uint8Array }> | undefined;
  const start = async (): Promise<{ readonly client: Client; readonly jpegWasm: Uint8Array }> => {
    const [client, jpegWasm] = await Promise.all([startClient(data), fetchBytes(data.jpegUri)]);
    return { client, jpegWasm };
  };
  const made = async (file: FileSource, transform: Transform): Promise<Pixels | Text> => {
    if (MAX_FILE < file.size) return t("{0} is too large for a picture", file.name);
    try {
      starting ??= start();
      const { client, jpegWasm } = await starting;
      const bytes = await wholeFile(file);
      const answer = await client.ask("pixels", { kind: "picture", bytes, transform, jpegWasm });
      return answer.kind === "error" ? t("{0}: {1}", file.name, answer.reason) : answer;
    } catch {
      return t("{0} cannot be read", file.name);
    }
  };
  return {
    transform: (file, transform) => {
      const own = held.get(file) ?? new Map<string, Promise<Pixels | Text>>();
      held.set(file, own);
      const key = JSON.stringify(transform);
      const found = own.get(key) ?? made(file, transform);
      own.delete(key);
      own.set(key, found);
      for (const old of own.keys()) {
        if (own.size <= HELD) break;
        own.delete(old);
      }
      return found;
    },
  };
}
