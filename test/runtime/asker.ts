import type { PanelData } from "../../src/preview/html.ts";
import type { Answer, Request } from "../../src/runtime/protocol.ts";
import { type Client, startClient } from "../../src/webview/client.ts";

type Given = Parameters<Client["ask"]>[0];
type Asked = Request extends infer R ? (R extends { readonly id: number } ? Omit<R, "id"> : never) : never;
/** What a request may be answered with, without its number. */
export type Reply = Awaited<ReturnType<Client["ask"]>>;

const ANSWERS: Readonly<Partial<Record<Request["kind"], Given>>> = {
  start: "started",
  load: "loaded",
  run: "result",
  compare: "comparison",
  read: "value",
  picture: "pixels",
};

/** The worker of this page, started as the panel starts its own. */
export interface Asker {
  readonly ask: (request: Asked) => Promise<Reply>;
  readonly end: () => void;
}

export async function startAsker(progress: (answer: Answer) => void = () => undefined): Promise<Asker> {
  // Of the panel's data the client reads this alone.
  const client = await startClient({ workerUri: "/worker.js" } as PanelData);
  return {
    ask: (request) => {
      const kind = ANSWERS[request.kind];
      if (kind === undefined) throw new Error(`${request.kind} has no answer`);
      return client.ask(kind, request, progress);
    },
    end: client.end,
  };
}

/** Where this page finds the backend's binary. */
export function wasmUrl(): string {
  return new URL("/tfjs-backend-wasm-simd.wasm", location.href).href;
}
