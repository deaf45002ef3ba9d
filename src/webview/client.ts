import type { PanelData } from "../preview/html.ts";
import type { Answer, Request } from "../runtime/protocol.ts";
import { type Text, t } from "../text/text.ts";
import type { FileSource } from "./files.ts";

type Asked = Request extends infer One ? (One extends { readonly id: number } ? Omit<One, "id"> : never) : never;
type Given = Exclude<Answer, { readonly kind: "error" | "progress" | "need" }>;

/** An answer of the wanted kind, or why there is none. */
export type Reply<K extends Given["kind"]> =
  | Extract<Given, { readonly kind: K }>
  | { readonly kind: "error"; readonly reason: Text };

/** The runtime in its own thread. */
export interface Client {
  readonly ask: <K extends Given["kind"]>(
    kind: K,
    request: Asked,
    progress?: (answer: Extract<Answer, { kind: "progress" }>) => void,
    file?: FileSource,
  ) => Promise<Reply<K>>;
  /** The thread died or lost its graphics card: what is asked of it is answered by why. */
  readonly gone: () => boolean;
  /** Asks the thread to end what it is asked at its next operator; the answer says how far it came. */
  readonly stop: () => void;
  /** Ends the thread; what was asked is never answered. */
  readonly end: () => void;
}

/** A thread that says nothing for so long after its first request does not run at all, in milliseconds. */
const START_LIMIT = 60_000;

/** Starts the worker from a blob, the only origin that a webview may start one from. */
export async function startClient(data: PanelData): Promise<Client> {
  const url = URL.createObjectURL(new Blob([await fetchBytes(data.workerUri)], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  const waiting = new Map<
    number,
    {
      readonly settle: (answer: Answer) => void;
      readonly progress: ((answer: Extract<Answer, { kind: "progress" }>) => void) | undefined;
      readonly file: FileSource | undefined;
    }
  >();
  let next = 1;
  let heard = false;
  let gone: Text | undefined;
  const failAll = (reason: Text): void => {
    for (const [id, { settle }] of waiting) settle({ kind: "error", id, reason });
    waiting.clear();
  };
  worker.addEventListener("message", ({ data: answer }: MessageEvent<Answer>) => {
    heard = true;
    if (answer.kind === "error" && answer.lost === true) gone = answer.reason;
    const entry = waiting.get(answer.id);
    if (answer.kind === "progress") return entry?.progress?.(answer);
    if (answer.kind === "need") return void give(answer, entry?.file);
    waiting.delete(answer.id);
    entry?.settle(answer);
  });
  worker.addEventListener("error", (event) => {
    gone = t("the runtime failed: {0}", event.message || "worker");
    failAll(gone);
  });
  async function give({ id, offset, length }: Extract<Answer, { kind: "need" }>, file: FileSource | undefined) {
    const bytes = await file?.read(offset, length).catch(() => undefined);
    // A copy of its own, which moves to the other thread instead of being copied again.
    const part = bytes === undefined ? undefined : bytes.slice();
    const answer: Request = { kind: "part", id, ...(part === undefined ? {} : { bytes: part }) };
    worker.postMessage(answer, part === undefined ? [] : [part.buffer]);
  }
  setTimeout(() => {
    if (!heard) failAll(t("the runtime did not start within {0} s", START_LIMIT / 1000));
  }, START_LIMIT);
  return {
    ask: (kind, request, progress, file) =>
      new Promise((resolve) => {
        if (gone !== undefined) {
          resolve({ kind: "error", reason: gone });
          return;
        }
        const id = next++;
        waiting.set(id, {
          progress,
          file,
          settle: (answer) =>
            resolve(
              isKind(answer, kind) || answer.kind === "error"
                ? answer
                : { kind: "error", reason: t("the runtime gave an unexpected answer") },
            ),
        });
        worker.postMessage({ ...request, id } as Request);
      }),
    gone: () => gone !== undefined,
    stop: () => {
      for (const id of waiting.keys()) worker.postMessage({ kind: "cancel", id } satisfies Request);
    },
    end: () => {
      waiting.clear();
      worker.terminate();
    },
  };
}

export async function fetchBytes(uri: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(uri);
  if (!response.ok) throw new Error(`${uri}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function isKind<K extends Answer["kind"]>(answer: Answer, kind: K): answer is Extract<Answer, { readonly kind: K }> {
  return answer.kind === kind;
}
