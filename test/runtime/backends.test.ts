import { afterEach, expect, test, vi } from "vitest";
import { chooseBackend } from "../../src/runtime/backends.ts";

afterEach(() => vi.unstubAllGlobals());

/** A machine whose browser draws with this renderer. */
function drawsWith(name: string, extensions: readonly string[]): void {
  const gl = {
    RENDERER: 0x1f01,
    getExtension: (extension: string) =>
      extension === "WEBGL_debug_renderer_info"
        ? { UNMASKED_RENDERER_WEBGL: 0x9246 }
        : extensions.includes(extension)
          ? {}
          : null,
    getParameter: (parameter: number) => (parameter === 0x9246 ? name : "masked"),
  };
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      getContext = () => gl;
    },
  );
}

// Names as Chromium reports them on such machines.
test.each([
  ["ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)", "webgl"],
  ["ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)", "webgl"],
  ["ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)", "webgl"],
  ["ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)", "wasm"],
  ["ANGLE (Mesa, llvmpipe (LLVM 15.0.7, 256 bits), OpenGL 4.5)", "wasm"],
  ["ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0, D3D11)", "wasm"],
])("%s: %s", (renderer, kind) => {
  drawsWith(renderer, ["EXT_color_buffer_float"]);
  const chosen = chooseBackend();
  expect(chosen.kind).toBe(kind);
  expect(chosen.reason.args).toEqual([renderer]);
});

test("a graphics card without 32-bit float textures would not compute what PyTorch does", () => {
  drawsWith("ANGLE (Qualcomm, Adreno (TM) 306, OpenGL ES 3.0)", []);
  expect(chooseBackend()).toMatchObject({ kind: "wasm", reason: { template: "WebGL has no 32-bit float textures" } });
});
