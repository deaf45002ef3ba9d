// An answer to `shapes` against a recorded run of real PyTorch. Every fact is known, unknown or wrong. A dim or a shape
// that is `"*"` in the record depends on the values of the weights: the right answer is `"?"`.

/**
 * @typedef {{ known: number, unknown: string[], wrong: string[], shapes: number, shapesKnown: number, vars: number, varsKnown: number }} Verdict
 * `known` counts facts; `unknown` and `wrong` say each one in words; `shapes` counts those facts that are shapes, `vars`
 * those of them that are a variable's.
 */

/**
 * @param {any} truth one of a record's `runs`
 * @param {any} answer the command's JSON
 * @param {(file: string) => string} nameOf an answer's file as the record names it
 * @returns {Verdict}
 */
export function compare(truth, answer, nameOf) {
  const verdict = { known: 0, unknown: [], wrong: [], shapes: 0, shapesKnown: 0, vars: 0, varsKnown: 0 };
  const complete = (answer.gaps ?? []).length === 0 && answer.status === "ok";
  fact(verdict, "output", truth.output, answer.output, true);
  fact(verdict, "params", truth.params, answer.params);
  modules(verdict, truth.modules, answer.modules ?? [], complete);
  if (truth.vars !== undefined) variables(verdict, truth.vars, answer.vars ?? [], nameOf, complete);
  return verdict;
}

function modules(verdict, truth, answers, complete) {
  const byPath = new Map(answers.map((row) => [row.path, row]));
  for (const row of truth) {
    const at = row.path || "the root";
    const answer = byPath.get(row.path);
    byPath.delete(row.path);
    if (row.outputs === "*") continue;
    if (answer !== undefined && answer.type !== row.type)
      verdict.wrong.push(`${at}: a ${row.type}, not a ${answer.type}`);
    row.outputs.forEach((shape, call) => {
      fact(verdict, `${at}, call ${call + 1}`, shape, answer?.outputs?.[call], true);
    });
    if (row.outputs.length < (answer?.outputs?.length ?? 0))
      verdict.wrong.push(`${at}: called ${row.outputs.length} times, not ${answer.outputs.length}`);
    fact(verdict, `${at}, params`, row.params, answer?.params);
    fact(verdict, `${at}, madds`, row.madds, answer?.madds);
    const aliases = [row.aliases ?? [], answer?.aliases ?? []].map((names) => names.toSorted());
    if (answer !== undefined && text(aliases[0]) !== text(aliases[1])) {
      const missed = !complete && aliases[1].every((name) => aliases[0].includes(name));
      verdict[missed ? "unknown" : "wrong"].push(`${at}: also named ${text(aliases[0])}, not ${text(aliases[1])}`);
    }
  }
  for (const path of byPath.keys()) verdict.wrong.push(`${path || "the root"}: is not called`);
}

function variables(verdict, truth, answers, nameOf, complete) {
  const keyOf = (file, row) => `${file}:${row.line} ${row.variable}`;
  const byKey = new Map(answers.map((row) => [keyOf(nameOf(row.file), row), row]));
  for (const row of truth) {
    const key = keyOf(row.file, row);
    const answer = byKey.get(key);
    byKey.delete(key);
    if (row.shapes === "*") continue;
    const given = answer?.shapes ?? [];
    const vague = given.filter(isVague);
    const open = new Set(vague.map(text));
    const exact = new Set(given.filter((shape) => !isVague(shape)).map(text));
    for (const shape of vague)
      if (!row.shapes.some((real) => fits(real, shape))) verdict.wrong.push(`${key}: no shape is ${text(shape)}`);
    for (const shape of row.shapes) {
      if (shape === "*") continue;
      verdict.shapes++;
      verdict.vars++;
      if (exact.delete(text(shape)) || (isStarred(shape) && open.has(best(shape)))) {
        verdict.known++;
        if (answer.assumed) verdict.unknown.push(`${key}: ${text(shape)} is marked assumed`);
        else {
          verdict.shapesKnown++;
          verdict.varsKnown++;
        }
      } else if (answer === undefined || 0 < vague.length || !complete) verdict.unknown.push(`${key}: ${text(shape)}`);
      else verdict.wrong.push(`${key}: lacks ${text(shape)}`);
    }
    for (const shape of exact) verdict.wrong.push(`${key}: never ${shape}`);
  }
  for (const [key, row] of byKey) {
    // What is no tensor in PyTorch may stand there as unknown, or as a list without a tensor.
    if (row.shapes.some(hasTensor)) verdict.wrong.push(`${key}: is no tensor there, not ${text(row.shapes)}`);
    else if (row.shapes.some(isVague)) verdict.unknown.push(`${key}: is no tensor`);
  }
}

/** One value that PyTorch has and the answer should have. */
function fact(verdict, name, real, given, isShape = false) {
  if (real === "*") return;
  if (isShape) verdict.shapes++;
  if (given === undefined || (given === null && real !== null) || given === "?")
    verdict.unknown.push(`${name}: ${text(real)}`);
  else if (text(real) === text(given) || (isStarred(real) && best(real) === text(given))) {
    verdict.known++;
    if (isShape) verdict.shapesKnown++;
  } else if (isVague(given) && fits(real, given))
    verdict.unknown.push(`${name}: ${text(real)}, only ${text(given)} known`);
  else verdict.wrong.push(`${name}: ${text(real)}, not ${text(given)}`);
}

function isStarred(shape) {
  return text(shape).includes('"*"');
}

/** The best answer to a shape of which not all is settled. */
function best(shape) {
  return text(shape).replaceAll('"*"', '"?"');
}

function isVague(shape) {
  return text(shape).includes('"?"');
}

function hasTensor(shape) {
  if (Array.isArray(shape)) return true;
  if (shape === null || typeof shape !== "object") return false;
  return ("seq" in shape ? shape.seq : Object.values(shape.dict)).some(hasTensor);
}

/** Whether a shape with unknown parts may stand for the real one. */
function fits(real, given) {
  if (given === "?" || real === given) return true;
  if (real === "*") return isVague(given);
  if (Array.isArray(real)) return Array.isArray(given) && pairs(real, given);
  if (real === null || given === null || typeof real !== "object" || typeof given !== "object") return false;
  if ("seq" in real) return "seq" in given && pairs(real.seq, given.seq);
  return (
    "dict" in given &&
    text(Object.keys(real.dict)) === text(Object.keys(given.dict)) &&
    pairs(Object.values(real.dict), Object.values(given.dict))
  );
}

function pairs(real, given) {
  return real.length === given.length && real.every((item, i) => fits(item, given[i]));
}

function text(value) {
  return JSON.stringify(value) ?? "nothing";
}
