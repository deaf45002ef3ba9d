import "@tensorflow/tfjs-core/dist/base_side_effects.js";
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js";
import startWasmModule from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js";
import { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl/dist/backend_webgl.js";
import type { KernelBackend } from "@tensorflow/tfjs-core/dist/backends/backend.js";
import { ENGINE } from "@tensorflow/tfjs-core/dist/engine.js";
import { env } from "@tensorflow/tfjs-core/dist/environment.js";
import { type KernelConfig, registerKernel } from "@tensorflow/tfjs-core/dist/kernel_registry.js";
import { type Text, t } from "../text/text.ts";
import { WASM_OWN, WEBGL_OWN } from "./kernels_own.ts";
import { WASM_KERNELS } from "./kernels_wasm.ts";
import { WEBGL_KERNELS } from "./kernels_webgl.ts";
import { selfCheck } from "./selfcheck.ts";

export type BackendKind = "webgl" | "wasm" | "cpu";

/** A backend that has started and computed a small network right. */
export interface Backend {
  readonly kind: BackendKind;
  /** The graphics driver's name, for `webgl`. */
  readonly renderer?: string;
  /** Whether the graphics card's context was lost; this thread then computes nothing any more. Absent where it cannot be. */
  readonly lost?: () => boolean;
}

export interface BackendSources {
  /** The binary `tfjs-backend-wasm-simd.wasm`, or where it can be fetched; needed for `wasm`. */
  readonly wasm?: Uint8Array | string;
  /** Needed for `cpu`. */
  readonly plain?: PlainBackend;
}

/** The backend in plain JavaScript, which is bundled only where it is given. */
export interface PlainBackend {
  readonly make: () => KernelBackend;
  readonly kernels: readonly KernelConfig[];
}

export type Start =
  | { readonly kind: "started"; readonly backend: Backend }
  | { readonly kind: "refused"; readonly reason: Text };

/** A backend that has not answered by then hangs (a threaded build under a strict CSP does). */
const START_LIMIT_MS = 30_000;

/**
 * Starts one backend in this thread and checks it against plain JavaScript. A thread holds one backend at a time: to
 * recover from a lost context, start another thread.
 */
export async function startBackend(kind: BackendKind, sources: BackendSources = {}): Promise<Start> {
  // Only silences the library's console messages.
  env().set("PROD", true);
  try {
    const problem = await within(START_LIMIT_MS, register(kind, sources));
    if (problem !== undefined) return { kind: "refused", reason: problem };
    // setBackend gives false and stays on another backend when the factory fails.
    if (!(await ENGINE.setBackend(kind)) || ENGINE.backendName !== kind)
      return { kind: "refused", reason: t("the {0} backend did not start", kind) };
    const check = await selfCheck();
    if (!check.ok)
      return {
        kind: "refused",
        reason: t("the {0} backend computes a small network wrong by {1}", kind, check.difference.toPrecision(2)),
      };
  } catch (error) {
    return { kind: "refused", reason: t("the {0} backend did not start: {1}", kind, messageOf(error)) };
  }
  if (kind !== "webgl") return { kind: "started", backend: { kind } };
  const { gl } = (ENGINE.backend as MathBackendWebGL).gpgpu;
  return { kind: "started", backend: { kind, renderer: detectRenderer()?.name ?? "", lost: () => gl.isContextLost() } };
}

/** Makes kernels and factory known; gives a reason where the backend cannot be had. */
async function register(kind: BackendKind, sources: BackendSources): Promise<Text | undefined> {
  const kernels = {
    cpu: sources.plain?.kernels ?? [],
    wasm: [...WASM_KERNELS, ...WASM_OWN],
    webgl: [...WEBGL_KERNELS, ...WEBGL_OWN],
  }[kind];
  if (ENGINE.registryFactory[kind] !== undefined) return undefined;
  const backend = await make(kind, sources);
  if ("template" in backend) return backend;
  for (const config of kernels) registerKernel(config);
  ENGINE.registerBackend(kind, () => backend);
  return undefined;
}

async function make(kind: BackendKind, sources: BackendSources): Promise<KernelBackend | Text> {
  switch (kind) {
    case "cpu":
      return sources.plain?.make() ?? t("the {0} backend is not part of this program", kind);
    case "wasm": {
      if (sources.wasm === undefined) return t("the wasm backend has no binary");
      const bytes = typeof sources.wasm === "string" ? await fetchBytes(sources.wasm) : sources.wasm;
      return makeWasm(bytes);
    }
    case "webgl": {
      if (detectRenderer() === undefined) return t("WebGL 2 is not available");
      // Without this flag a software renderer is refused even where it was asked for.
      env().set("SOFTWARE_WEBGL_ENABLED", true);
      // Its cache of programs, though faster to fill, takes a program for another broadcast: [1, 3, 20] − [1, 3, 1].
      env().set("WEBGL_USE_SHAPES_UNIFORMS", false);
      // Textures are freed at once: a forward pass rarely meets the same size again.
      env().set("WEBGL_DELETE_TEXTURE_THRESHOLD", 0);
      if (env().getNumber("WEBGL_VERSION") !== 2) return t("WebGL 2 is not available");
      if (!env().getBool("WEBGL_RENDER_FLOAT32_ENABLED")) return t("WebGL has no 32-bit float textures");
      return new MathBackendWebGL();
    }
  }
}

/**
 * The unthreaded SIMD build from its bytes. The package's own `init` would look for threads and fetch by file name.
 * @see https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-backend-wasm/src/backend_wasm.ts (`init`)
 */
async function makeWasm(bytes: Uint8Array): Promise<KernelBackend> {
  // The declaration leaves out what every Emscripten module takes and has.
  const start = startWasmModule as unknown as (options: WasmOptions) => Promise<WasmModule>;
  const wasm = await start({ wasmBinary: bytes, printErr: () => undefined });
  wasm.tfjs = {
    init: wasm.cwrap("init", null, []),
    initWithThreadsCount: wasm.cwrap("init_with_threads_count", null, ["number"]),
    getThreadsCount: wasm.cwrap("get_threads_count", "number", []),
    registerTensor: wasm.cwrap("register_tensor", null, ["number", "number", "number"]),
    disposeData: wasm.cwrap("dispose_data", null, ["number"]),
    dispose: wasm.cwrap("dispose", null, []),
  };
  return new BackendWasm(wasm as unknown as ConstructorParameters<typeof BackendWasm>[0]);
}

interface WasmOptions {
  readonly wasmBinary: Uint8Array;
  /** What it prints also stands in the error it throws. */
  readonly printErr: (message: string) => void;
}

interface WasmModule {
  readonly cwrap: (name: string, result: "number" | null, parameters: readonly "number"[]) => unknown;
  tfjs?: Readonly<Record<string, unknown>>;
}

export async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function within<T>(limit: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit / 1000} s`)), limit);
  });
  return Promise.race([work, bound]).finally(() => clearTimeout(timer));
}

export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
  return String(error);
}

/** Renderers that compute on the CPU, slower than WebAssembly by 20 times and more. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|basic render|software/i;

/** The backend that fits this machine, and why. */
export function chooseBackend(): { readonly kind: BackendKind; readonly reason: Text } {
  const renderer = detectRenderer();
  if (renderer === undefined) return { kind: "wasm", reason: t("WebGL 2 is not available") };
  if (SOFTWARE.test(renderer.name))
    return { kind: "wasm", reason: t("WebGL is drawn by software here ({0})", renderer.name) };
  if (!renderer.float32) return { kind: "wasm", reason: t("WebGL has no 32-bit float textures") };
  return { kind: "webgl", reason: t("the graphics card computes ({0})", renderer.name) };
}

/** What draws WebGL 2 in this thread, undefined where there is none. */
function detectRenderer(): { readonly name: string; readonly float32: boolean } | undefined {
  if (typeof OffscreenCanvas === "undefined") return undefined;
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (gl === null) return undefined;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL));
  const float32 = gl.getExtension("EXT_color_buffer_float") !== null;
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return { name, float32 };
}
