// Published packages against their records: with model and input given, and with symbols for the sizes.

import path from "node:path";
import { compare } from "./compare.mjs";
import { namedBelow, recordsOf, sampled, sourcesOf } from "./sets.mjs";
import { substitute } from "./symbols.mjs";

const TIMEOUT = 30_000;
/** Symbols of an input with so many axes; the second axis keeps its number. */
const SYMBOLS = { 4: ["N", "C", "H", "W"], 5: ["N", "C", "D", "H", "W"] };

/**
 * @typedef {object} Row one analyzed model
 * @property {string} set
 * @property {string} file
 * @property {string} model
 * @property {number} ms
 * @property {string[]} wrong
 * @property {string[]} unknown
 * @property {string[]} errors
 * @property {{ reason: string, at: string }[]} gaps
 * @property {number} outputs @property {number} outputsKnown @property {number} vars @property {number} varsKnown
 */

/** Every model of a set on its recorded input. @returns {AsyncGenerator<Row>} */
export async function* given(server, set, options) {
  const { folders, sourceOf, pythonPath } = await sourcesOf(set);
  const nameOf = namedBelow(folders);
  for (const record of sampled(await recordsOf(set), options)) {
    const run = record.runs[0];
    const answer = await ask(server, record, run.input, sourceOf, pythonPath);
    yield rowOf(set, record, answer, compare(run, answer, nameOf), nameOf);
  }
}

/** Every model of a set with N and the spatial sizes symbolic, evaluated at each recorded size. @returns {AsyncGenerator<Row>} */
export async function* symbolic(server, set, options) {
  const { folders, sourceOf, pythonPath } = await sourcesOf(set);
  const nameOf = namedBelow(folders);
  for (const record of sampled(await recordsOf(set), options)) {
    const symbols = symbolsFor(record.runs[0].input);
    if (symbols === undefined) continue;
    const answer = await ask(server, record, symbols, sourceOf, pythonPath);
    for (const run of record.runs) {
      const at = valuesOf(symbols, run.input);
      try {
        const row = rowOf(set, record, answer, compare(run, substitute(answer, at), nameOf), nameOf);
        const sizes = run.input.map((one) => one.join("×")).join(", ");
        yield {
          ...row,
          model: `${record.model}, formulas at ${sizes}`,
          ms: run === record.runs[0] ? row.ms : undefined,
        };
      } catch (error) {
        yield { ...rowOf(set, record, answer, undefined, nameOf), wrong: [error.message] };
      }
    }
  }
}

async function ask(server, { file, model }, input, sourceOf, pythonPath) {
  const source = sourceOf(file);
  return server.ask({
    command: "shapes",
    file: path.join(source, file),
    model,
    input,
    path: [source],
    pythonPath,
    timeout: TIMEOUT,
  });
}

function rowOf(set, { file, model }, answer, verdict, nameOf) {
  const where = (one) => `${nameOf(one.file ?? "?")}:${one.line ?? "?"}`;
  const errors = (answer.diagnostics ?? []).flatMap((one) =>
    one.severity === "error" ? [`${one.message} [${one.code}] at ${where(one)}`] : [],
  );
  if (answer.error !== undefined) errors.push(`failed: ${answer.error}`);
  return {
    set,
    file,
    model,
    ms: answer.ms,
    wrong: verdict?.wrong ?? [],
    unknown: verdict?.unknown ?? [],
    errors,
    gaps: (answer.gaps ?? []).map((gap) => ({ reason: gap.reason, at: where(gap) })),
    outputs: (verdict?.shapes ?? 0) - (verdict?.vars ?? 0),
    outputsKnown: (verdict?.shapesKnown ?? 0) - (verdict?.varsKnown ?? 0),
    vars: verdict?.vars ?? 0,
    varsKnown: verdict?.varsKnown ?? 0,
  };
}

function symbolsFor(inputs) {
  if (!inputs.every((one) => Array.isArray(one) && one.length in SYMBOLS)) return undefined;
  return inputs.map((one, at) =>
    SYMBOLS[one.length].map((symbol, axis) => (axis === 1 ? one[1] : `${symbol}${at === 0 ? "" : at + 1}`)),
  );
}

function valuesOf(symbols, inputs) {
  return Object.fromEntries(symbols.flatMap((one, at) => one.map((symbol, axis) => [symbol, inputs[at][axis]])));
}
