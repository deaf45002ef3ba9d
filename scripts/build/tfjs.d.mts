import type { Plugin } from "esbuild";

export declare const tfjsParts: Plugin;
