import { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl/dist/backend_webgl.js";
import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import type { Backend } from "./backends.ts";

/** Calls back once when the graphics card's context is gone: what is read from it then never comes. */
export function whenLost({ kind }: Backend, tell: () => void): void {
  const backend = kind === "webgl" ? ENGINE.findBackend(kind) : undefined;
  if (backend instanceof MathBackendWebGL)
    backend.gpgpu.gl.canvas.addEventListener("webglcontextlost", () => tell(), { once: true });
}
