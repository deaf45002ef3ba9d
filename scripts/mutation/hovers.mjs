// The hovers on what is reported of failing mutants: each must be whole beside an open panel.

import { build } from "esbuild";
import { parserStubs } from "../build/parser-stubs.mjs";
import { inRoot } from "../lib/paths.mjs";
import { step } from "../lib/progress.mjs";
import { askAll } from "./ask.mjs";
import { described, textOf } from "./mutants.mjs";

/** Asks for the hovers of the rows; gives the figure, and prints what does not fit. */
export async function hovers(rows, { jobs, timeout }) {
  const failing = rows.filter(({ verdict }) => verdict.fails && verdict.found);
  const command = [process.execPath, await bundled()];
  const groups = [...new Set(failing.map(({ program }) => program))].map((program) =>
    failing.filter((row) => row.program === program),
  );
  let cards = 0;
  const cut = [];
  await step(`hovers of ${failing.length} mutants`, () =>
    askAll(groups, { command, jobs }, async (server, { program, mutant }) => {
      const answer = await server.ask({ ...program.request, text: textOf(program, mutant), timeout });
      cards += answer.cards ?? 0;
      for (const fault of answer.faults ?? []) cut.push({ text: described(program, mutant), fault });
    }),
  );
  for (const { text, fault } of cut) console.log(`  ${text}\n${JSON.stringify(fault, null, 2)}`);
  return [{ name: "hovers that do not fit beside the panel", part: cut.length, whole: cards, most: 0 }];
}

async function bundled() {
  const outfile = inRoot("out", "mutation", "hovers.mjs");
  await build({
    entryPoints: [inRoot("test", "mutation", "hovers.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
    plugins: [parserStubs],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return outfile;
}
