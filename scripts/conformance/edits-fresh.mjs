// Analyzes one file in a process of its own. Argument: the bundle; reads what is asked from stdin, prints its digest.

import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { digest, diskFiles, freshOutcome } = createRequire(import.meta.url)(process.argv[2]);
const { options, asked } = JSON.parse(await text(process.stdin));
process.stdout.write(String(digest(freshOutcome(diskFiles, options, asked))));
