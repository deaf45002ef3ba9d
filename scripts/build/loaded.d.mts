import type { Plugin } from "esbuild";

export declare function loadBundled(entry: string, name: string, plugin: Plugin): Promise<unknown>;
