// The offered fixes, applied, and what real PyTorch makes of the fixed programs.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { CACHE, inRoot } from "../lib/paths.mjs";
import { need } from "../lib/process.mjs";
import { step } from "../lib/progress.mjs";
import { readFixed, writeFixed } from "../truth/pack-mutants.mjs";
import { described, textOf } from "./mutants.mjs";

const GIVEN = path.join(CACHE, "truth", "mutants", "fixed-programs.jsonl");
const LABELS = path.join(CACHE, "truth", "mutants", "fixed.jsonl");

/** Applies all fixes of the rows; gives the figures. `list` names a file that what is missing or fails is written to. */
export async function fixes(rows, { list }) {
  const failing = rows.filter(({ verdict }) => verdict.fails && verdict.found);
  const made = [];
  for (const row of failing) {
    const offered = [];
    const seen = new Set();
    for (const error of row.verdict.errors)
      for (const fix of error.fixes ?? []) {
        const texts = await applied(row, fix);
        const key = keyOf(row.program.base, texts);
        if (!seen.has(key)) offered.push({ key, fix, texts });
        seen.add(key);
      }
    made.push({ row, offered });
  }
  const labels = await labelled(made);
  const shortcut = made.filter(({ row }) => row.verdict.residual);
  const other = made.filter(({ row }) => !row.verdict.residual);
  if (list !== undefined) await writeFile(list, report(made, labels));
  return [
    ...figuresOf("shortcut", shortcut, labels, { offered: 95, runs: 98 }),
    ...figuresOf("other", other, labels, { offered: 80, runs: 95 }),
    restored("shortcut: first fix restores the original", shortcut, labels, 60),
    restored("other: first fix restores the original", other, labels),
  ];
}

function figuresOf(name, made, labels, least) {
  const with_ = made.filter(({ offered }) => offered.length !== 0);
  const all = with_.flatMap(({ row, offered }) => offered.map((one) => ({ row, ...one })));
  const firsts = with_.map(({ row, offered }) => ({ row, ...offered[0] }));
  const good = (one) => isGood(labels.get(one.key), one.row);
  return [
    { name: `${name}: with a fix offered`, part: with_.length, whole: made.length, least: least.offered },
    {
      name: `${name}: first fix runs, output shape kept`,
      part: firsts.filter(good).length,
      whole: firsts.length,
      least: least.runs,
    },
    {
      name: `${name}: any offered fix runs, output shape kept`,
      part: all.filter(good).length,
      whole: all.length,
      least: least.runs,
    },
  ];
}

function restored(name, made, labels, least = 0) {
  const with_ = made.filter(({ offered }) => offered.length !== 0);
  const part = with_.filter(({ offered }) => labels.get(offered[0].key)?.restores).length;
  return { name, part, whole: with_.length, least };
}

/** It runs, with the output shape of the unmodified program. */
function isGood(label, { program }) {
  return label !== undefined && JSON.stringify(label.output) === JSON.stringify(program.label.output);
}

/** Files with another text than they have unmodified: the mutant's, edited by the fix. */
async function applied({ program, mutant }, { edits }) {
  const texts = new Map([[program.base.file, textOf(program, mutant)]]);
  const lines = ({ line, column }, text) => {
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    return starts[line - 1] + column - 1;
  };
  const byFile = new Map();
  for (const edit of edits) {
    const name = path.relative(program.folder, path.resolve(edit.file)).replaceAll("\\", "/");
    byFile.set(name, [...(byFile.get(name) ?? []), edit]);
  }
  for (const [name, own] of byFile) {
    const before = texts.get(name) ?? (await readFile(path.join(program.folder, name), "utf8"));
    const spans = own.map((edit) => ({
      start: lines(edit, before),
      end: lines({ line: edit.endLine, column: edit.endColumn }, before),
      text: edit.text,
    }));
    let after = before;
    for (const { start, end, text } of spans.toSorted((a, b) => b.start - a.start))
      after = after.slice(0, start) + text + after.slice(end);
    texts.set(name, after);
  }
  return Object.fromEntries(texts);
}

function keyOf({ file, model, input }, texts) {
  return createHash("sha256")
    .update(JSON.stringify([file, model, input, texts]))
    .digest("hex")
    .slice(0, 16);
}

/** Labels of all fixed programs: from the data in the checkout, else by running them now. */
async function labelled(made) {
  const known = await readFixed();
  const missing = new Map();
  for (const { row, offered } of made)
    for (const { key, texts } of offered) if (!known.has(key)) missing.set(key, { key, base: row.program.base, texts });
  const python = path.join(CACHE, "torch", "bin", "python");
  if (missing.size !== 0 && existsSync(python)) {
    await mkdir(path.dirname(GIVEN), { recursive: true });
    await writeFile(GIVEN, [...missing.values()].map((one) => `${JSON.stringify(one)}\n`).join(""));
    await step(`${missing.size} fixed programs in real PyTorch`, () =>
      need([python, inRoot("scripts", "truth", "record_mutants.py"), "--texts", GIVEN, LABELS]),
    );
    for (const line of (await readFile(LABELS, "utf8")).trim().split("\n")) {
      const { key, label } = JSON.parse(line);
      if (missing.has(key)) known.set(key, label);
    }
  } else if (missing.size !== 0)
    console.log(`${missing.size} fixed programs have no label: npm run truth makes the environment`);
  const used = new Set(made.flatMap(({ offered }) => offered.map(({ key }) => key)));
  const kept = new Map([...known].filter(([key]) => used.has(key)));
  // A run over some of the mutants does not know what the others use.
  if (missing.size !== 0) await writeFixed(known);
  return kept;
}

/** What has no fix, and which fixes fail, by kind of edit. */
function report(made, labels) {
  const lines = [];
  const kinds = [...new Set(made.map(({ row }) => row.mutant.kind))].toSorted();
  for (const kind of kinds) {
    const of = made.filter(({ row }) => row.mutant.kind === kind);
    const none = of.filter(({ offered }) => offered.length === 0);
    const bad = of.flatMap(({ row, offered }) =>
      offered.filter((one) => !isGood(labels.get(one.key), row)).map((one) => ({ row, ...one })),
    );
    const changed = of.filter(
      ({ row, offered }) =>
        offered.length !== 0 && isGood(labels.get(offered[0].key), row) && !labels.get(offered[0].key)?.restores,
    );
    lines.push(
      `== ${kind}: ${of.length} reported, ${none.length} without a fix, ${bad.length} fixes that fail, ${changed.length} whose first does not restore`,
    );
    const error = ({ verdict }) =>
      `${verdict.errors[0].line}: ${verdict.errors[0].message} [${verdict.errors[0].code}]`;
    for (const { row } of none)
      lines.push(`no fix     ${described(row.program, row.mutant)}\n           ${error(row)}`);
    for (const { row, fix, key } of bad) {
      const label = labels.get(key);
      const what =
        label === undefined
          ? "no label"
          : label.error === undefined
            ? `output ${JSON.stringify(label.output)}`
            : `${label.error}: ${label.message} at ${label.at?.[0]}:${label.at?.[1]}`;
      lines.push(
        `fix fails  ${described(row.program, row.mutant)}\n           ${error(row)}\n           fix: ${fix.title}\n           then: ${what}`,
      );
    }
    for (const { row, offered } of changed)
      lines.push(
        `other net  ${described(row.program, row.mutant)}\n           ${error(row)}\n           fix: ${offered[0].fix.title}`,
      );
  }
  return `Reproduce one: npm run mutation -- fixes --id ID --verbose --list FILE\n\n${lines.join("\n")}\n`;
}
