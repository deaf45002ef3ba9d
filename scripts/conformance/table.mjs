import { SETS } from "./sets.mjs";

const MOST_REASONS = 25;
const MOST_FAULTS = 60;
/** How many differences of one model, and errors of one file, are shown. */
const FIRST = 5;

/** Columns of text, each as wide as its widest cell. @param {readonly string[][]} rows */
function printColumns(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join("  ")
        .trimEnd(),
    );
}

/**
 * The table of analyzed models, one line a set, then their gaps by reason.
 *
 * @param {string} title
 * @param {readonly import("./packages.mjs").Row[]} rows
 */
export function printModels(title, rows) {
  const head = [
    title,
    "models",
    "fully known",
    "outputs known",
    "variables known",
    "wrong",
    "errors",
    "median",
    "slowest",
  ];
  const lines = [...groupBy(rows, "set")].map(([set, all]) => {
    const timed = all.filter(({ ms }) => ms !== undefined).toSorted((a, b) => a.ms - b.ms);
    const slowest = timed.at(-1);
    return [
      set,
      `${all.length}`,
      `${all.filter(isWhole).length}`,
      share(sum(all, "outputsKnown"), sum(all, "outputs")),
      share(sum(all, "varsKnown"), sum(all, "vars")),
      `${all.filter(({ wrong }) => wrong.length !== 0).length}`,
      `${all.filter(({ errors }) => errors.length !== 0).length}`,
      `${Math.round(timed[timed.length >> 1]?.ms ?? 0)} ms`,
      slowest === undefined ? "" : `${Math.round(slowest.ms)} ms ${slowest.model}`,
    ];
  });
  printColumns([head, ...lines]);
  const reasons = new Map();
  for (const row of rows)
    for (const { reason, at } of row.gaps) {
      const seen = reasons.get(reason) ?? { models: new Set(), at, first: row.model };
      seen.models.add(`${row.set} ${row.file} ${row.model}`);
      reasons.set(reason, seen);
    }
  const sorted = [...reasons].toSorted(([, a], [, b]) => b.models.size - a.models.size);
  if (sorted.length !== 0) console.log("gaps, by count of models:");
  for (const [reason, { models, at, first }] of sorted.slice(0, MOST_REASONS))
    console.log(`  ${String(models.size).padStart(4)} × ${reason}   (${at}, ${first})`);
  if (MOST_REASONS < sorted.length) console.log(`  … ${sorted.length - MOST_REASONS} more reasons`);
}

/**
 * Prints what fails: each difference once, with how many models have it and the first; model by model if `verbose`.
 *
 * @returns {boolean[]} for each row whether it failed
 */
export function reportModels(title, rows, verbose) {
  const faults = new Map();
  for (const row of rows) {
    const found = faultsOf(row);
    if (verbose && found.length + row.unknown.length !== 0) {
      console.log(`${found.length === 0 ? "·" : "✗"} ${title} · ${row.set} · ${row.file} ${row.model}`);
      for (const text of [...found, ...row.unknown.map((each) => `unknown: ${each}`)]) console.log(`    ${text}`);
    }
    for (const text of found.slice(0, FIRST)) {
      // An error is the same wherever it is said of one place, whatever it names.
      const key = text.startsWith("error: ") ? text.replace(/^.*\[/s, "error [") : text;
      const seen = faults.get(key) ?? { text, first: row, rows: new Set() };
      faults.set(key, { ...seen, rows: seen.rows.add(row) });
    }
  }
  const sorted = [...faults.values()].toSorted((a, b) => b.rows.size - a.rows.size);
  for (const { text, first, rows: all } of verbose ? [] : sorted.slice(0, MOST_FAULTS))
    console.log(
      `✗ ${title} · ${text}   (${first.set} ${first.file} ${first.model}${all.size === 1 ? "" : ` and ${all.size - 1} more`})`,
    );
  if (!verbose && MOST_FAULTS < sorted.length) console.log(`  … ${sorted.length - MOST_FAULTS} more differences`);
  return rows.map((row) => faultsOf(row).length !== 0);
}

function faultsOf({ wrong, errors }) {
  return [...wrong.map((text) => `wrong: ${text}`), ...errors.map((text) => `error: ${text}`)];
}

/** Sets that fall below what they have reached before, in words. */
export function undercut(rows) {
  return [...groupBy(rows, "set")].flatMap(([set, all]) => {
    const least = SETS[set];
    const found = [
      ["module outputs", percent(sum(all, "outputsKnown"), sum(all, "outputs")), least.outputs],
      ["variables", percent(sum(all, "varsKnown"), sum(all, "vars")), least.vars],
    ];
    return found.flatMap(([what, reached, needed]) =>
      reached < needed ? [`${set}: ${reached.toFixed(2)} % of ${what} known, at least ${needed} % is asked`] : [],
    );
  });
}

/** The files as a user opens them, one line a set, and every error. @returns {number} files that failed */
export function printOpened(rows) {
  const head = [
    "as opened",
    "files",
    "roots",
    "roots ok",
    "variables ranked",
    "errors",
    "other diagnostics",
    "median",
    "slowest",
  ];
  const lines = [...groupBy(rows, "set")].map(([set, all]) => {
    const roots = all.flatMap((row) => row.roots);
    const codes = new Map();
    for (const one of all.flatMap(({ diagnostics }) => diagnostics))
      if (one.severity !== "error")
        codes.set(`${one.severity} ${one.code}`, (codes.get(`${one.severity} ${one.code}`) ?? 0) + 1);
    const real = new Set(all.flatMap((row) => [...row.real]));
    const found = new Set(all.flatMap((row) => [...row.found]));
    const times = all.toSorted((a, b) => a.ms - b.ms);
    return [
      set,
      `${all.length}`,
      `${roots.length}`,
      `${roots.filter(({ status }) => status === "ok").length}`,
      share([...real].filter((key) => found.has(key)).length, real.size),
      `${all.filter(hasError).length}`,
      [...codes].map(([code, count]) => `${count} ${code}`).join(", "),
      `${Math.round(times[times.length >> 1]?.ms ?? 0)} ms`,
      `${Math.round(times.at(-1)?.ms ?? 0)} ms ${times.at(-1)?.file ?? ""}`,
    ];
  });
  printColumns([head, ...lines]);
  const failed = rows.filter(hasError);
  for (const row of failed) {
    const errors = row.diagnostics.filter(({ severity }) => severity === "error");
    console.log(`✗ as opened · ${row.file}`);
    if (row.error !== undefined) console.log(`    failed: ${row.error}`);
    for (const one of errors.slice(0, FIRST))
      console.log(`    error: ${one.message} [${one.code}] at ${one.file}:${one.line} (${one.root})`);
    if (FIRST < errors.length) console.log(`    … ${errors.length - FIRST} more`);
  }
  return failed.length;
}

function hasError({ diagnostics, error }) {
  return error !== undefined || diagnostics.some(({ severity }) => severity === "error");
}

function isWhole({ wrong, unknown, errors, gaps }) {
  return wrong.length + unknown.length + errors.length + gaps.length === 0;
}

function share(known, all) {
  return all === 0 ? "–" : `${percent(known, all).toFixed(known === all ? 0 : 2)} % of ${all}`;
}

function percent(known, all) {
  return all === 0 ? 100 : (known / all) * 100;
}

function sum(rows, key) {
  return rows.reduce((total, row) => total + row[key], 0);
}

function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) groups.set(row[key], [...(groups.get(row[key]) ?? []), row]);
  return groups;
}
