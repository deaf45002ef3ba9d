import path from "node:path";
import type { FileSystem, InputSpec } from "../analysis.ts";
import { inputsOf } from "../graph/input.ts";
import { render } from "../text/text.ts";
import { analyzerOptions, merged, namesOf, oneRoot, type RootOptions } from "./analyses.ts";
import { checkFiles } from "./check.ts";
import type { Environment } from "./environment.ts";
import { Failure } from "./failure.ts";
import { checkJson, shapesJson } from "./json.ts";
import { namedFiles } from "./named-files.ts";
import { codeOf } from "./notebooks.ts";

/** Answers one request a line, in order; a request that fails answers with an error, and the rest goes on. */
export async function batch(environment: Environment): Promise<void> {
  for await (const line of environment.inputLines()) {
    if (line.trim() !== "") environment.print(JSON.stringify(answerTo(line, environment)));
  }
}

function answerTo(line: string, environment: Environment): object {
  let id: unknown = null;
  try {
    const request: unknown = parsed(line);
    if (!isRecord(request)) throw new Failure("a request is a JSON object");
    id = request.id ?? null;
    return { id, ...answer(request, environment) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

/** Each request has an analyzer of its own, so that none changes the answer to another. */
function answer(request: Readonly<Record<string, unknown>>, environment: Environment): object {
  const { command } = request;
  const given = textOf(request, "file");
  if (given === undefined) throw new Failure('"file" is missing');
  const text = textOf(request, "text");
  const file = path.resolve(environment.cwd, given);
  const files = text === undefined ? environment.disk : withText(environment.disk, file, text);
  if (files.kind(file) === undefined) throw new Failure(`cannot read ${given}`);
  const model = textOf(request, "model");
  const input = inputOf(request.input);
  const analyzer = environment.createAnalyzer(files, analyzerOptions(optionsOf(request), environment));
  const named = namedFiles(files, [given], environment.cwd);
  const names = namesOf(files.read, named.name);
  try {
    if (command === "shapes") return shapesJson(oneRoot(analyzer, file, model, input, given), names);
    if (command !== "check") throw new Failure(`"command" is "check" or "shapes", not ${JSON.stringify(command)}`);
    const reports = [...checkFiles(analyzer, named.files, { model, input }, names)];
    return checkJson(
      merged(reports),
      reports.flatMap(({ roots }) => roots),
      names,
    );
  } finally {
    analyzer.dispose();
  }
}

function optionsOf(request: Readonly<Record<string, unknown>>): RootOptions {
  const { timeout, train } = request;
  return {
    input: [],
    path: listOf(request, "path"),
    pythonPath: listOf(request, "pythonPath"),
    ...(typeof timeout === "number" ? { timeout } : {}),
    ...(typeof train === "boolean" ? { train } : {}),
  };
}

function inputOf(value: unknown): readonly InputSpec[] | undefined {
  if (value === undefined || value === null) return undefined;
  const found = inputsOf(value);
  if (found.kind === "error") throw new Failure(`"input": ${render(found.message)}`);
  return found.inputs;
}

function withText(disk: FileSystem, file: string, text: string): FileSystem {
  return {
    ...disk,
    read: (name) => (name === file ? codeOf(file, text) : disk.read(name)),
    kind: (name) => (name === file ? "file" : disk.kind(name)),
  };
}

function textOf(request: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = request[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Failure(`"${key}" is a string`);
  return value;
}

function listOf(request: Readonly<Record<string, unknown>>, key: string): readonly string[] {
  const value = request[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Failure(`"${key}" is a list of folders`);
  return value.map(String);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Failure("the request is not valid JSON");
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
