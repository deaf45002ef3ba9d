// What the analyzer said of one mutant, held against what real PyTorch did.

import path from "node:path";

const MOST_CHARACTERS = 120;

/**
 * @typedef {object} Verdict
 * @property {boolean} fails it raises in real PyTorch
 * @property {boolean} residual it raises in a residual add
 * @property {boolean} found an error is reported
 * @property {boolean} named for a residual add: as `shortcut-mismatch`, on its statement
 * @property {boolean} placed an error is on the statement that raises
 * @property {number} count errors and warnings that the unmodified file does not have
 * @property {string[]} wrong shapes that are not PyTorch's, of one that runs
 * @property {string[]} long messages of more than 120 characters
 * @property {any[]} errors
 */

/** @returns {Verdict} */
export function judge(program, mutant, answer, known) {
  const { label } = mutant;
  const fails = label.error !== undefined;
  const diagnostics = answer.diagnostics ?? [];
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const fresh = diagnostics.filter(
    (one) => (one.severity === "error" || one.severity === "warning") && !known.has(keyOf(one)),
  );
  const here = errors.filter((one) => isOn(program, label, one));
  return {
    fails,
    residual: label.residual ?? false,
    found: errors.length !== 0,
    named: here.some(({ code }) => code === "shortcut-mismatch"),
    placed: here.length !== 0,
    count: fresh.length,
    wrong: fails ? [] : differences(program, mutant, answer),
    long: diagnostics.map(({ message }) => message).filter((text) => MOST_CHARACTERS < text.length),
    errors,
  };
}

/** What tells a diagnostic of the unmodified file in a mutant: lines move. */
export function keyOf({ code, message }) {
  return `${code} ${message}`;
}

/** Whether a diagnostic stands on the statement that raises. */
function isOn({ folder }, { at, statement }, { file, line, endLine }) {
  if (at === undefined) return false;
  const [first, last] = statement;
  return path.resolve(file) === path.join(folder, at[0]) && first <= line && line <= last && first <= endLine;
}

/** Modules of which another output or parameter count is said than PyTorch has; what is not known is left out. */
function differences({ label: original }, { label }, { modules = [] }) {
  const real = { ...original.modules, ...label.modules };
  return modules.flatMap(({ path: name, outputs, params }) => {
    const row = real[name];
    if (row === undefined || row === null) return [`${name} is called`];
    const [shapes, count] = row;
    if (params !== null && params !== count) return [`${name}: ${params} parameters, not ${count}`];
    if (outputs.length !== shapes.length) return [`${name}: ${outputs.length} calls, not ${shapes.length}`];
    return outputs.flatMap((said, call) =>
      agrees(said, shapes[call]) ? [] : [`${name}: ${JSON.stringify(said)}, not ${JSON.stringify(shapes[call])}`],
    );
  });
}

function agrees(said, real) {
  if (said === "?") return true;
  if (said === null || real === null || typeof said !== "object" || typeof real !== "object") return said === real;
  const keys = Object.keys(real);
  return keys.length === Object.keys(said).length && keys.every((key) => agrees(said[key], real[key]));
}
