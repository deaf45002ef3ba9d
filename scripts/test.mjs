// Installs what is missing and runs every test that the npm registry alone is enough for. Until the packages are
// installed only Node's own modules may be imported here.
import { installDependencies } from "./lib/dependencies.mjs";
import { inRoot } from "./lib/paths.mjs";
import { counted, need } from "./lib/process.mjs";
import { duration, step, totalLine } from "./lib/progress.mjs";

const PARTS = [
  ["checks", "check.mjs"],
  ["unit tests", "test-unit.mjs"],
  ["extension host", "test-host.mjs"],
];

const start = performance.now();
const times = [];
const total = { passed: 0, failed: 0 };

await timed("install", installDependencies);
await timed("build", () =>
  step("building", () => need([process.execPath, inRoot("scripts/build.mjs")])).catch((error) => {
    console.log(error.message);
    total.failed += 1;
  }),
);
for (const [name, script] of PARTS)
  await timed(name, async () => {
    console.log(`\n${name}`);
    const { passed, failed } = await counted([process.execPath, inRoot("scripts", script)]);
    total.passed += passed;
    total.failed += failed;
  });

console.log(`\n${times.join(", ")}; ${duration(performance.now() - start)} in all`);
console.log(totalLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;

async function timed(name, work) {
  const begin = performance.now();
  await work();
  times.push(`${name} ${duration(performance.now() - begin)}`);
}
