import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu/dist/backend_cpu.js";
import type { PlainBackend } from "./backends.ts";
import { CPU_KERNELS } from "./kernels_cpu.ts";

/** The backend in plain JavaScript. The panel's worker is shipped without it, since nobody would wait for it. */
export const PLAIN: PlainBackend = { make: () => new MathBackendCPU(), kernels: CPU_KERNELS };
