import type { Answer, Request } from "./protocol.ts";
import { serve } from "./serve.ts";

/** A classic web worker's own end; only what is used. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: Request }) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
const handle = serve((answer: Answer) => scope.postMessage(answer));
scope.addEventListener("message", ({ data }) => handle(data));
