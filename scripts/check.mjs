// Types, lint and format, dead code: each is one check, and all run even where one fails.
import { run, tool } from "./lib/process.mjs";
import { duration, totalLine } from "./lib/progress.mjs";

const CHECKS = [
  ["types", tool("typescript/bin/tsc", "--project", ".", "--pretty", "false")],
  [
    "lint and format",
    tool("@biomejs/biome/bin/biome", "ci", "--colors=off", "--diagnostic-level=warn", "--max-diagnostics=40"),
  ],
  ["dead code", tool("knip/bin/knip.js", "--no-progress")],
];

const total = { passed: 0, failed: 0 };
for (const [name, command] of CHECKS) {
  const start = performance.now();
  const { code, output } = await run(command, { quiet: true });
  total[code === 0 ? "passed" : "failed"] += 1;
  console.log(`  ${code === 0 ? "✓" : "✗"} ${name} (${duration(performance.now() - start)})`);
  if (code !== 0) console.log(output.trimEnd());
}
console.log(totalLine(total));
process.exit(total.failed === 0 ? 0 : 1);
