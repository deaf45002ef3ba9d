import type { ToPage } from "../preview/messages.ts";
import type { Host } from "./host.ts";

/** A file that was chosen; its parts are read where it lies, in bytes. */
export interface FileSource {
  readonly name: string;
  readonly size: number;
  /** Rejects where the file cannot be read. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
  /** It is not read again. */
  readonly close?: () => void;
}

/** A file that is held whole. */
export interface ChosenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** No message to or from the extension carries more, in bytes. */
const PART_BYTES = 4_000_000;

/** Files that the extension opened, read through messages. */
export interface HostFiles {
  readonly opened: (message: Extract<ToPage, { kind: "opened" }>) => FileSource;
  readonly receive: (message: Extract<ToPage, { kind: "part" }>) => void;
}

export function hostFiles(host: Host): HostFiles {
  const waiting = new Map<number, (bytes: Uint8Array | undefined) => void>();
  let requests = 0;
  const part = (file: number, offset: number, length: number): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      requests++;
      waiting.set(requests, (bytes) => (bytes === undefined ? reject(new Error("unreadable")) : resolve(bytes)));
      host.post({ kind: "read-part", request: requests, file, offset, length });
    });
  return {
    opened: ({ name, size, file }) => ({
      name,
      size,
      read: (offset, length) => inParts(offset, length, (at, count) => part(file, at, count)),
      close: () => host.post({ kind: "close-file", file }),
    }),
    receive: ({ request, bytes }) => {
      waiting.get(request)?.(bytes);
      waiting.delete(request);
    },
  };
}

/** A file that was dropped or pasted, or is held in memory. */
export function localFile(name: string, content: Blob | Uint8Array): FileSource {
  if (content instanceof Uint8Array)
    return { name, size: content.length, read: async (offset, length) => content.subarray(offset, offset + length) };
  return {
    name,
    size: content.size,
    read: async (offset, length) => new Uint8Array(await content.slice(offset, offset + length).arrayBuffer()),
  };
}

/** All of a file. */
export function wholeFile(file: FileSource): Promise<Uint8Array> {
  return file.read(0, file.size);
}

async function inParts(
  offset: number,
  length: number,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (length <= PART_BYTES) return read(offset, length);
  const out = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const bytes = await read(offset + at, Math.min(PART_BYTES, length - at));
    if (bytes.length === 0) throw new Error("unreadable");
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}
