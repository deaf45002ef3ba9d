// Holds the analyzer against mutants of published model code that real PyTorch has run: recall, lines, false errors.
//
//   npm run mutation                          all of them
//   npm run mutation -- --held                the sample that CI runs
//   npm run mutation -- --every 10            each tenth
//   npm run mutation -- --quick               without proving fixes, and so without counting what they join
//   npm run mutation -- --match 'resnet' --kind stride --id 12.3      these only
//   npm run mutation -- --verbose             every miss, each with what PyTorch says and what is said here
//   npm run mutation -- hovers                also measures the hovers on what is reported
//   npm run mutation -- fixes                 applies the offered fixes, and tells what real PyTorch makes of them
//
// The labels are data (test/data/truth/mutants), made by `npm run truth -- mutants`. Fetches the packages' source from
// PyPI on first use. Ends with `N passed, N failed`: a mutant passes if its failure is reported on the statement that
// fails, or if it runs, nothing is reported, and no shape is wrong. Exits badly only where a required figure is missed,
// and then counts as failed what is over it.

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { installDependencies } from "./lib/dependencies.mjs";
import { inRoot } from "./lib/paths.mjs";
import { need } from "./lib/process.mjs";
import { step, totalLine } from "./lib/progress.mjs";
import { askAll } from "./mutation/ask.mjs";
import { fixes } from "./mutation/fixes.mjs";
import { hovers } from "./mutation/hovers.mjs";
import { judge, keyOf } from "./mutation/judge.mjs";
import { described, programs, textOf } from "./mutation/mutants.mjs";
import { figures, holds, printBreakdown, printFigures } from "./mutation/table.mjs";

const TIMEOUT = 30_000;
/** Of how many mutants CI runs one. */
const HELD_EVERY = 40;
const FEW = 12;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: "string" },
    held: { type: "boolean" },
    quick: { type: "boolean" },
    match: { type: "string" },
    kind: { type: "string" },
    id: { type: "string" },
    jobs: { type: "string" },
    verbose: { type: "boolean" },
    list: { type: "string" },
  },
});

const quick = (options.held || options.quick) ?? false;
await installDependencies();
const command = [process.execPath, inRoot("dist", "cli.js"), "batch"];
if (!existsSync(inRoot("dist", "cli.js")))
  await step("building", () => need([process.execPath, inRoot("scripts", "build.mjs")]));

const all = await step("source and labels", programs);
const chosen = select(all);
const { rows, unmodified } = await step(`${chosen.reduce((sum, one) => sum + one.mutants.length, 0)} mutants`, run);
const list = figures(rows, unmodified, { held: options.held ?? false, quick });
if (positionals[0] === "hovers")
  list.push(...(await hovers(rows, { jobs: Number(options.jobs ?? 2), timeout: TIMEOUT })));
if (positionals[0] === "fixes") list.push(...(await fixes(rows, options)));
for (const [title, of] of misses()) {
  const shown = options.verbose ? of : of.slice(0, FEW);
  if (of.length !== 0) console.log(`\n${title}: ${of.length}`);
  for (const text of shown) console.log(`  ${text}`);
}
if (!options.held) printBreakdown(rows);
console.log();
printFigures(list);
const failed = list.filter((figure) => !holds(figure)).length;
const passes = rows.filter(({ verdict }) =>
  verdict.fails ? verdict.placed : !verdict.found && verdict.wrong.length === 0,
);
console.log(totalLine({ passed: passes.length, failed }));
process.exit(failed === 0 ? 0 : 1);

/** Programs with those of their mutants that were asked for. */
function select(list) {
  const every = options.held ? HELD_EVERY : Number(options.every ?? 1);
  const pattern = new RegExp(options.match ?? "");
  let at = 0;
  return list.flatMap((program) => {
    if (!pattern.test(`${program.base.file} ${program.base.model}`)) return [];
    const mutants = program.mutants.filter(
      ({ id, kind }) =>
        (options.kind === undefined || kind === options.kind) &&
        (options.id === undefined ? at++ % every === 0 : options.id.split(",").includes(id)),
    );
    return mutants.length === 0 ? [] : [{ ...program, mutants }];
  });
}

/** Asks for every chosen mutant, and for each program as it is. */
async function run() {
  const rows = [];
  const unmodified = [];
  const groups = chosen.map((program) => [
    { program, known: new Set() },
    ...program.mutants.map((mutant) => ({ program, mutant })),
  ]);
  for (const group of groups) for (const item of group) item.known = group[0].known;
  const progress = (done) => {
    if (done % 500 === 0) console.log(`… ${done} asked`);
  };
  await askAll(
    groups,
    { command, jobs: Number(options.jobs ?? 2), progress },
    async (server, { program, mutant, known }) => {
      if (mutant === undefined) {
        const answer = await server.ask({ command: "check", ...program.request, timeout: TIMEOUT });
        const diagnostics = answer.diagnostics ?? [];
        for (const one of diagnostics) known.add(keyOf(one));
        const errors = diagnostics
          .filter(({ severity }) => severity === "error")
          .map(({ message, code }) => `${message} [${code}]`);
        if (answer.error !== undefined) errors.push(answer.error);
        unmodified.push({ program, errors });
        return;
      }
      const text = textOf(program, mutant);
      // A mutant that runs is asked for its modules' shapes, one that fails for what is reported, with the fixes.
      const kind = quick || mutant.label.error === undefined ? "shapes" : "check";
      const answer = await server.ask({ command: kind, ...program.request, text, timeout: TIMEOUT });
      if (answer.error !== undefined) console.log(`✗ ${described(program, mutant)}: ${answer.error}`);
      rows.push({ program, mutant, answer, verdict: judge(program, mutant, answer, known) });
    },
  );
  rows.sort((a, b) => order(a) - order(b));
  return { rows, unmodified };
}

function order({ mutant }) {
  const [program, at] = mutant.id.split(".").map(Number);
  return program * 10_000 + at;
}

/** What is not as it should be, in words. */
function misses() {
  const said = ({ answer, verdict }) => {
    const [first] = verdict.errors;
    if (first !== undefined) return `said: ${first.line}: ${first.message} [${first.code}]`;
    const gaps = (answer.gaps ?? answer.roots?.[0]?.gaps ?? []).map(({ reason, line }) => `${reason} (${line})`);
    return `said nothing, status ${answer.status ?? answer.roots?.[0]?.status}; gaps: ${gaps.slice(0, 3).join("; ") || "none"}`;
  };
  const really = ({ mutant: { label } }) =>
    `PyTorch: ${label.at?.[0]}:${label.statement?.[0]} ${label.error}: ${label.message}${label.residual ? " [residual add]" : ""}`;
  const text = (row) => `${described(row.program, row.mutant)}\n      ${really(row)}\n      ${said(row)}`;
  const of = (test, show = text) => rows.filter(({ verdict }) => test(verdict)).map(show);
  return [
    [
      "False errors on unmodified code",
      unmodified.flatMap(({ program, errors }) =>
        errors.map((one) => `${program.base.file} ${program.base.model}: ${one}`),
      ),
    ],
    [
      "False errors",
      of(
        (one) => !one.fails && one.found,
        (row) => `${described(row.program, row.mutant)}\n      ${said(row)}`,
      ),
    ],
    [
      "Wrong shapes",
      of(
        (one) => one.wrong.length !== 0,
        (row) => `${described(row.program, row.mutant)}\n      ${row.verdict.wrong.slice(0, 3).join("\n      ")}`,
      ),
    ],
    ["Failures that nothing is said of", of((one) => one.fails && !one.found)],
    ["Residual adds not reported as such", of((one) => one.residual && one.found && !one.named)],
    ["Errors elsewhere than PyTorch's", of((one) => one.fails && one.found && !one.placed)],
    ["Messages over 120 characters", rows.flatMap(({ verdict }) => verdict.long)],
    [
      "More than two diagnostics",
      of(
        (one) => one.fails && 2 < one.count,
        (row) => `${text(row)}${row.answer.diagnostics.map((one) => `\n        ${one.line}: ${one.message}`).join("")}`,
      ),
    ],
  ];
}
