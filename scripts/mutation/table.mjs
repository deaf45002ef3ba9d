// The figures of a run, and each figure's least or most.

const percent = (part, whole) => (whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`);
const isShortcut = ({ verdict }) => verdict.residual;

/**
 * @typedef {{ program: import("./mutants.mjs").Program, mutant: import("./mutants.mjs").Mutant, answer: any, verdict: import("./judge.mjs").Verdict }} Row
 */

/**
 * The required figures: name, part, whole, and the least share in percent, or the most of `part`. On the sample that CI
 * runs the bounds are those that hold today where they are below what is required.
 *
 * @param {Row[]} rows @param {{ held: boolean, quick: boolean }} options
 */
export function figures(rows, unmodified, { held, quick }) {
  const failing = rows.filter(({ verdict }) => verdict.fails);
  const found = failing.filter(({ verdict }) => verdict.found);
  const residual = failing.filter(isShortcut);
  const running = rows.filter(({ verdict }) => !verdict.fails);
  const counts = found.map(({ verdict }) => verdict.count).toSorted((a, b) => a - b);
  const has = (list, test) => list.filter(({ verdict }) => test(verdict)).length;
  const bound = (required, today) => (held ? today : required);
  const none = (name, part, whole) => ({ name, part, whole, most: 0 });
  const least = (name, part, whole, percentage) => ({ name, part, whole, least: percentage });
  const placed = has(found, (one) => one.placed);
  const named = has(residual, (one) => one.named);
  const wrongUnmodified = unmodified.filter(({ errors }) => errors.length !== 0).length;
  return [
    least("residual adds reported as such", named, residual.length, bound(99, 95)),
    least("all failures reported", found.length, failing.length, bound(97.5, 95)),
    least("on the statement that fails", placed, found.length, bound(97, 95)),
    none(
      "false errors on mutants that run",
      has(running, (one) => one.found),
      running.length,
    ),
    none("false errors on unmodified code", wrongUnmodified, unmodified.length),
    none(
      "wrong shapes",
      has(running, (one) => one.wrong.length !== 0),
      running.length,
    ),
    none(
      "messages over 120 characters",
      has(rows, (one) => one.long.length !== 0),
      rows.length,
    ),
    // Several that one fix removes are told as one where fixes are proven.
    ...(quick ? [] : [{ name: "diagnostics a mistake, median", part: quantile(counts, 0.5), most: 1 }]),
    ...(quick ? [] : [{ name: "diagnostics a mistake, 95th percentile", part: quantile(counts, 0.95), most: 2 }]),
  ];
}

function quantile(sorted, share) {
  return sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Whether a figure is as required. */
export function holds({ part, whole, least, most }) {
  return least === undefined ? part <= most : whole === 0 || least <= (100 * part) / whole;
}

export function printFigures(list) {
  for (const figure of list) {
    const { name, part, whole, least, most } = figure;
    const value = whole === undefined ? `${part}` : `${part} of ${whole}, ${percent(part, whole)}`;
    const bound = least === undefined ? (most === undefined ? "" : `at most ${most}`) : `at least ${least} %`;
    console.log(`${holds(figure) ? "✓" : "✗"} ${name.padEnd(48)} ${value.padEnd(28)} ${bound}`);
  }
}

/** Recall, lines and fixes by kind of edit, then by the operator that refuses. @param {Row[]} rows */
export function printBreakdown(rows) {
  table("edit", rows, ({ mutant }) => mutant.kind);
  table(
    "refused by",
    rows.filter(({ verdict }) => verdict.fails),
    ({ mutant }) => mutant.label.operator ?? mutant.label.error,
  );
  table("set", rows, ({ program }) => program.base.set);
}

function table(title, rows, keyOf) {
  const groups = Map.groupBy?.(rows, keyOf) ?? grouped(rows, keyOf);
  const head = ["", "run", "false", "fail", "reported", "placed", "with a fix"];
  console.log(
    `\n${title.padEnd(34)}${head
      .slice(1)
      .map((name) => name.padStart(12))
      .join("")}`,
  );
  for (const [key, list] of [...groups].toSorted(([, a], [, b]) => b.length - a.length)) {
    const failing = list.filter(({ verdict }) => verdict.fails);
    const found = failing.filter(({ verdict }) => verdict.found);
    const running = list.filter(({ verdict }) => !verdict.fails);
    const cells = [
      running.length,
      running.filter(({ verdict }) => verdict.found).length,
      failing.length,
      percent(found.length, failing.length),
      percent(found.filter(({ verdict }) => verdict.placed).length, found.length),
      percent(found.filter(({ verdict }) => verdict.errors.some(({ fixes }) => fixes?.length)).length, found.length),
    ];
    console.log(`${String(key).slice(0, 33).padEnd(34)}${cells.map((cell) => String(cell).padStart(12)).join("")}`);
  }
}

function grouped(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
