import { LEAST_RANKED, MOST_MEMORY } from "./opened.mjs";
import { SETS, TRUE_ERRORS } from "./sets.mjs";

const MOST_REASONS = 25;
const MOST_FAULTS = 60;
const MOST_LETTERS = 40;
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
 * The table of analyzed models, one line a set and one for all, then their gaps by reason.
 *
 * @param {string} title
 * @param {readonly import("./packages.mjs").Row[]} rows
 * @param {ReadonlyMap<string, number | undefined>} memory megabytes that the process holds after each set
 */
export function printModels(title, rows, memory) {
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
    "memory after",
  ];
  const groups = [...groupBy(rows, "set")];
  const lines = [...groups, ...(1 < groups.length ? [["all", rows]] : [])].map(([set, all]) => {
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
      slowest === undefined ? "" : `${Math.round(slowest.ms)} ms ${shortened(slowest.model)}`,
      memory.get(set) === undefined ? "" : `${memory.get(set)} MB`,
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

/**
 * Packages as a user opens them, a line each, then what was reported by code, and every error; with
 * `verbose` the variables whose rank is not known.
 *
 * @returns {boolean[]} for each package whether it failed
 */
export function printOpened(packages, verbose) {
  const head = ["as opened", "files", "roots", "ok", "in part", "ranked", "runs compared", "wrong", "errors", "notes"];
  const lines = packages.map(({ name, files, real, ranked, compared, seconds, megabytes }) => {
    const roots = files.flatMap((row) => row.roots);
    const count = (status) => `${roots.filter((root) => root.status === status).length}`;
    const slowest = files.toSorted((a, b) => b.ms - a.ms)[0];
    return [
      name,
      `${files.length}`,
      `${roots.length}`,
      count("ok"),
      count("partial"),
      share(ranked, real),
      `${compared}`,
      `${files.flatMap(({ wrong }) => wrong).length}`,
      `${files.filter(hasError).length}`,
      `${files.flatMap(({ diagnostics }) => diagnostics).length}`,
      `${Math.round(seconds)} s CPU, ${megabytes} MB, slowest ${Math.round(slowest?.ms ?? 0)} ms ${slowest?.file ?? ""}`,
    ];
  });
  printColumns([[...head, "cost"], ...lines]);
  for (const { name, files } of packages) {
    const codes = new Map();
    for (const { severity, code } of files.flatMap(({ diagnostics }) => diagnostics)) {
      const kind = `${severity} ${code}`;
      codes.set(kind, (codes.get(kind) ?? 0) + 1);
    }
    const told = [...codes].toSorted().map(([kind, count]) => `${count} ${kind}`);
    if (told.length !== 0) console.log(`  ${name}: ${told.join(", ")}`);
  }
  for (const { name, unranked } of verbose ? packages : [])
    for (const [file, keys] of groupBy(
      unranked.map((key) => ({ file: key.split(":")[0], key })),
      "file",
    ))
      console.log(
        `  ${name}: ${keys.length} without a known rank in ${file}: ${keys
          .slice(0, FIRST)
          .map(({ key }) => key.slice(file.length + 1))
          .join(", ")}`,
      );
  return packages.map(reportOpened);
}

function reportOpened({ name, files, failed, partial, real, ranked, megabytes }) {
  const faults = failed ? ["ended before all files were checked"] : [];
  if (!partial && percent(ranked, real) < LEAST_RANKED)
    faults.push(`${share(ranked, real)} variables have a known rank, at least ${LEAST_RANKED} % is asked`);
  if (MOST_MEMORY < megabytes) faults.push(`${megabytes} MB of memory, at most ${MOST_MEMORY} are allowed`);
  for (const { file, diagnostics, wrong } of files) {
    faults.push(...wrong.map((text) => `${file}: wrong: ${text}`));
    for (const one of diagnostics.filter(({ severity }) => severity === "error"))
      if (!isTrue(one)) faults.push(`${one.message} [${one.code}] at ${one.file}:${one.line} (${one.root})`);
  }
  if (faults.length !== 0) console.log(`✗ as opened · ${name}`);
  for (const text of faults.slice(0, MOST_FAULTS)) console.log(`    ${text}`);
  if (MOST_FAULTS < faults.length) console.log(`    … ${faults.length - MOST_FAULTS} more`);
  return faults.length !== 0;
}

/** Whether a published file really has the mistake, as real Python or PyTorch says. */
function isTrue({ file, line }) {
  return TRUE_ERRORS.some(([start, lines]) => file.startsWith(start) && (lines === undefined || lines.includes(line)));
}

function hasError({ diagnostics }) {
  return diagnostics.some((one) => one.severity === "error" && !isTrue(one));
}

/** The expression of a model, cut where it would make a column wide. */
function shortened(model) {
  return model.length <= MOST_LETTERS ? model : `${model.slice(0, MOST_LETTERS)}…`;
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
