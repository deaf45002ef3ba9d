import { duration } from "../lib/progress.mjs";

/** How much of a failed case is printed unless everything is asked for. */
const FIRST = 5;
/** How many reasons of gaps are printed a group. */
const MOST_REASONS = 12;

/**
 * @typedef {object} Case
 * @property {string} group
 * @property {string} name
 * @property {any} answer the command's JSON, or `{ error }`, with `ms`
 * @property {import("./compare.mjs").Verdict} [verdict] against the record
 * @property {readonly string[]} [problems] other differences, in words
 * @property {boolean} strict unknown facts, gaps and warnings fail it too
 * @property {boolean} [gapsExpected] gaps alone do not fail it
 * @property {boolean} [notesExpected] nor do infos and hints: some of our own files fit certain sizes only
 */

/** What fails a case, in words. @param {Case} one @returns {string[]} */
function faults({ answer, verdict, problems = [], strict, gapsExpected = false, notesExpected = false }) {
  const found = [...problems, ...(verdict?.wrong ?? []).map((text) => `wrong: ${text}`)];
  if (answer.error !== undefined) found.push(`failed: ${answer.error}`);
  for (const one of answer.diagnostics ?? [])
    if (one.severity === "error" || (strict && (one.severity === "warning" || !notesExpected)))
      found.push(`${one.severity}: ${one.message} [${one.code}] at ${one.file}:${one.line}`);
  if (!strict) return found;
  found.push(...(verdict?.unknown ?? []).map((text) => `unknown: ${text}`));
  if (!gapsExpected) found.push(...reasons(answer).map((text) => `gap: ${text}`));
  return found;
}

/** Prints what is at fault with a case. @param {Case} one @returns {boolean} whether it failed */
export function report(one, verbose) {
  const found = faults(one);
  if (found.length === 0) return false;
  console.log(`✗ ${one.group} · ${one.name}`);
  const shown = verbose ? found : found.slice(0, FIRST);
  for (const text of shown) console.log(`    ${text}`);
  if (shown.length < found.length) console.log(`    … ${found.length - shown.length} more`);
  return true;
}

/** Prints one line a group, then the reasons of its gaps. @param {readonly Case[]} cases */
export function printTable(cases) {
  const groups = groupBy(cases);
  const head = ["group", "cases", "fully known", "shapes known", "wrong", "errors", "failed to run", "time"];
  const rows = [...groups].map(([group, all]) => {
    const verdicts = all.flatMap(({ verdict }) => (verdict === undefined ? [] : [verdict]));
    const known = sum(verdicts.map(({ shapesKnown }) => shapesKnown));
    const total = sum(verdicts.map(({ shapes }) => shapes));
    const errors = all.flatMap(({ answer }) =>
      (answer.diagnostics ?? []).filter(({ severity }) => severity === "error"),
    );
    return [
      group,
      `${all.length}`,
      `${verdicts.filter(({ unknown, wrong }) => unknown.length + wrong.length === 0).length} of ${verdicts.length}`,
      total === 0 ? "–" : `${((known / total) * 100).toFixed(known === total ? 0 : 2)} % of ${total}`,
      `${sum(verdicts.map(({ wrong }) => wrong.length))}`,
      `${errors.length}`,
      `${all.filter(({ answer }) => answer.error !== undefined).length}`,
      duration(sum(all.map(({ answer }) => answer.ms ?? 0))),
    ];
  });
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)));
  for (const row of [head, ...rows])
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join("  ")
        .trimEnd(),
    );
  for (const [group, all] of groups) {
    const counts = new Map();
    for (const { answer } of all)
      for (const reason of reasons(answer)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
    if (sorted.length !== 0) console.log(`gaps of ${group}:`);
    for (const [reason, count] of sorted.slice(0, MOST_REASONS)) console.log(`  ${count} × ${reason}`);
    if (MOST_REASONS < sorted.length) console.log(`  … ${sorted.length - MOST_REASONS} more reasons`);
  }
}

function reasons(answer) {
  const all = [...(answer.gaps ?? []), ...(answer.roots ?? []).flatMap(({ gaps }) => gaps ?? [])];
  return [...new Set(all.map(({ reason }) => reason))];
}

function groupBy(cases) {
  const groups = new Map();
  for (const one of cases) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}

function sum(numbers) {
  return numbers.reduce((a, b) => a + b, 0);
}
