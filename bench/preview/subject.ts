/** What `bench/preview.mjs` needs of our own code, bundled for Node. */
export { derivedValues } from "../../src/runtime/derived.ts";
export { fold } from "../../src/runtime/fold.ts";
export { prepare } from "../../src/runtime/prepare.ts";
