// The preview's worker, which loses its graphics context at the first progress after it is told to.

import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl/dist/backend_webgl.js";
import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import type { Answer, Request } from "../../src/runtime/protocol.ts";
import { serve } from "../../src/runtime/serve.ts";

interface Scope {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: Request }) => void): void;
}

const scope = globalThis as unknown as Scope;
/** A program with this seed is run on a context that is lost meanwhile. */
const LOSING_SEED = 13;
let losing = false;

const handle = serve((answer: Answer) => {
  if (losing && answer.kind === "progress" && 20 < answer.done) {
    losing = false;
    const { gl } = (ENGINE.backend as MathBackendWebGL).gpgpu;
    gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
  scope.postMessage(answer);
});
scope.addEventListener("message", ({ data }) => {
  if (data.kind === "load") losing = data.seed === LOSING_SEED;
  handle(data);
});
