import { expect, test } from "vitest";
import { evaluate } from "../../src/eval/evaluate.ts";
import { Raised } from "../../src/eval/interp.ts";
import { moduleFrame } from "../../src/eval/module-level.ts";
import { createSession, loadedModule } from "../../src/evaluation.ts";
import { reprOf } from "../../src/lang/format.ts";
import { parseExpression } from "../../src/syntax/python/parse.ts";
import cases from "../data/imports/cases.json" with { type: "json" };
import { memoryDisk } from "./memory.ts";

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string | undefined>>;
  readonly run: string;
  readonly expression: string;
  /** What CPython gives: scripts/truth/record_imports.py. */
  readonly expect: string;
}

/** The repr of an expression in a file's names, or the type of the exception that it raises. */
function result({ files, run, expression }: Case): string {
  const disk = new Map(Object.entries(files).map(([name, text]) => [`/work/${name}`, text ?? ""]));
  const session = createSession(memoryDisk(disk), { paths: ["/work"], pythonPaths: [] });
  const { interp } = session;
  const module = loadedModule(session, `/work/${run}`);
  const expr = parseExpression(expression);
  if (expr === undefined) throw new Error(`not an expression: ${expression}`);
  interp.phase = "build";
  interp.frames = [moduleFrame(module)];
  // As under a handler, so that an exception comes back.
  interp.handlers = 1;
  try {
    return reprOf(interp, evaluate(interp, expr, module.scope)) ?? "unknown";
  } catch (error) {
    if (!(error instanceof Raised) || error.value.kind !== "instance") throw error;
    return error.value.cls.name;
  }
}

test.each(cases as readonly Case[])("$name", (one) => {
  expect(result(one)).toBe(one.expect);
});
