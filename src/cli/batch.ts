import path from "node:path";
import type { Analyzer, FileSystem, InputSpec } from "../analysis.ts";
import { inputsOf } from "../graph/input.ts";
import { render } from "../text/text.ts";
import { analyzerOptions, merged, namesOf, oneRoot, type RootOptions } from "./analyses.ts";
import { checkFiles } from "./check.ts";
import type { Environment } from "./environment.ts";
import { Failure } from "./failure.ts";
import { checkJson, shapesJson } from "./json.ts";
import { namedFiles } from "./named-files.ts";
import { codeOf } from "./notebooks.ts";
import { type WatchedFiles, watched } from "./watched.ts";

/** Answers one request a line, in order; a request that fails answers with an error, and the rest goes on. */
export async function batch(environment: Environment): Promise<void> {
  const desk: Desk = { environment, living: undefined };
  for await (const line of environment.inputLines()) {
    if (line.trim() !== "") environment.print(JSON.stringify(answerTo(line, desk)));
  }
  desk.living?.analyzer.dispose();
}

/** What requests share: the last one's analyzer, for as long as they have the same options and the files are the same. */
interface Desk {
  readonly environment: Environment;
  living: Living | undefined;
}

interface Living {
  readonly key: string;
  readonly files: WatchedFiles;
  /** Texts that the request under way gives in place of a file's own. */
  readonly texts: Map<string, string>;
  readonly analyzer: Analyzer;
}

function livingFor(desk: Desk, options: RootOptions): Living {
  const { environment } = desk;
  const key = JSON.stringify(options);
  if (desk.living?.key === key && desk.living.files.isSame()) return desk.living;
  desk.living?.analyzer.dispose();
  const files = watched(environment.disk, environment.stamp);
  const texts = new Map<string, string>();
  const analyzer = environment.createAnalyzer(withTexts(files, texts), analyzerOptions(options, environment));
  desk.living = { key, files, texts, analyzer };
  return desk.living;
}

function answerTo(line: string, desk: Desk): object {
  let id: unknown = null;
  try {
    const request: unknown = parsed(line);
    if (!isRecord(request)) throw new Failure("a request is a JSON object");
    id = request.id ?? null;
    return { id, ...answer(request, desk) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function answer(request: Readonly<Record<string, unknown>>, desk: Desk): object {
  const { environment } = desk;
  const { command } = request;
  const given = textOf(request, "file");
  if (given === undefined) throw new Failure('"file" is missing');
  const text = textOf(request, "text");
  const file = path.resolve(environment.cwd, given);
  const { analyzer, files: disk, texts } = livingFor(desk, optionsOf(request));
  const files = withTexts(disk, texts);
  const put = (given: string | undefined): void => {
    if (given === undefined) texts.delete(file);
    else texts.set(file, given);
    analyzer.changed(file);
  };
  if (text !== undefined) put(text);
  try {
    if (files.kind(file) === undefined) throw new Failure(`cannot read ${given}`);
    const model = textOf(request, "model");
    const input = inputOf(request.input);
    const named = namedFiles(files, [given], environment.cwd);
    const names = namesOf(files.read, named.name);
    if (command === "shapes") return shapesJson(oneRoot(analyzer, file, model, input, given), names);
    if (command !== "check") throw new Failure(`"command" is "check" or "shapes", not ${JSON.stringify(command)}`);
    const reports = [...checkFiles(analyzer, named.files, { model, input }, names)];
    return checkJson(
      merged(reports),
      reports.flatMap(({ roots }) => roots),
      names,
    );
  } finally {
    if (text !== undefined) put(undefined);
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

function withTexts(disk: FileSystem, texts: ReadonlyMap<string, string>): FileSystem {
  return {
    ...disk,
    read(name) {
      const text = texts.get(name);
      return text === undefined ? disk.read(name) : codeOf(name, text);
    },
    kind: (name) => (texts.has(name) ? "file" : disk.kind(name)),
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
