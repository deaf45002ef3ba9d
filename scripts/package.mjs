// Packages dist/ as resnet-lens-VERSION.vsix and says how large it is.
import { buildVsix } from "./build/vsix.mjs";
import { inRoot, ROOT } from "./lib/paths.mjs";
import { need } from "./lib/process.mjs";
import { step } from "./lib/progress.mjs";

await step("building", () => need([process.execPath, inRoot("scripts/build.mjs")]));
await buildVsix(ROOT);
