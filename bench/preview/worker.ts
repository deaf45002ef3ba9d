// The preview's worker, which also tells what it has allocated.

import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import type { Answer, Request } from "../../src/runtime/protocol.ts";
import { serve } from "../../src/runtime/serve.ts";
import type { Memory } from "./page.ts";

interface Question {
  readonly kind: "profile" | "memory";
  readonly id: number;
}

interface Scope {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: Request | Question }) => void): void;
}

const scope = globalThis as unknown as Scope;
const handle = serve((answer: Answer) => scope.postMessage(answer));
let endProfile = (): void => {};

scope.addEventListener("message", ({ data }) => {
  if (!isQuestion(data)) return handle(data);
  const { kind, id } = data;
  if (kind === "memory") return scope.postMessage({ kind, id, ...memory() });
  void ENGINE.profile(
    () =>
      new Promise<never[]>((resolve) => {
        endProfile = () => resolve([]);
      }),
  );
  scope.postMessage({ kind, id });
});

/** Of the backend now, and of what ran since `profile`. */
function memory(): Memory {
  endProfile();
  const { numTensors, numBytes } = ENGINE.memory();
  const allocated = (ENGINE.memory() as { readonly numBytesInGPUAllocated?: number }).numBytesInGPUAllocated;
  const peak = Math.max(0, ...ENGINE.state.activeProfile.kernels.map((one) => one.totalBytesSnapshot));
  return { tensors: numTensors, bytes: numBytes, allocated, peak };
}

function isQuestion(data: Request | Question): data is Question {
  return data.kind === "profile" || data.kind === "memory";
}
