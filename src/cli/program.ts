import path from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { Diagnostic } from "../checks/diagnostic.ts";
import { analyzerOptions, givenInputs, merged, namesOf, oneRoot, type RootOptions, requireFile } from "./analyses.ts";
import { batch } from "./batch.ts";
import { checkFiles } from "./check.ts";
import type { Environment } from "./environment.ts";
import { Failure } from "./failure.ts";
import { checkJson, shapesJson } from "./json.ts";
import { namedFiles } from "./named-files.ts";
import { terminalReport } from "./report.ts";
import { rulesFrom } from "./rules.ts";
import type { RunCommandOptions } from "./run.ts";
import { type LogContext, sarifLog } from "./sarif.ts";
import { shapesTable, summaryTable } from "./tables.ts";

/** Runs one command and gives its exit code: 0 no error found, 1 at least one, 2 it could not run. */
export async function runProgram(args: readonly string[], environment: Environment): Promise<number> {
  let code = 0;
  const program = build(environment, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    environment.printError(oneLine(`error: ${error instanceof Error ? error.message : String(error)}`));
    return 2;
  }
}

function build(environment: Environment, exit: (code: number) => void): Command {
  const { disk, cwd, print } = environment;
  const program = new Command("resnet-lens")
    .description("Reads PyTorch models without running Python: shapes, shortcut mismatches, and a real forward pass.")
    .version(environment.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(text.trimEnd()),
      writeErr: (text) => environment.printError(oneLine(text)),
      outputError: (text, write) => write(text),
    });

  withRoot(program.command("check"))
    .description("analyze every file below the paths and print the diagnostics")
    .argument("<path...>", "files or folders")
    .option("--json", "print JSON")
    .option("--sarif <file>", "also write a SARIF 2.1.0 log")
    .action((paths: readonly string[], options: RootOptions & { readonly json?: true; readonly sarif?: string }) => {
      const named = namedFiles(disk, paths, cwd);
      const unreadable = named.files.find((file) => disk.read(file) === undefined);
      if (unreadable !== undefined) throw new Failure(`cannot read ${named.name(unreadable)}`);
      const input = givenInputs(options);
      const analyzer = environment.createAnalyzer(disk, analyzerOptions(options, environment));
      const names = namesOf(disk.read, named.name);
      const given = { model: options.model, input };
      const reports = [...checkFiles(analyzer, named.files, given, names)];
      const diagnostics = merged(reports);
      const roots = reports.flatMap((report) => report.roots);
      if (options.sarif !== undefined)
        write(environment, options.sarif, JSON.stringify(logOf(diagnostics, names, environment), null, 2));
      if (options.json) print(JSON.stringify(checkJson(diagnostics, roots, names)));
      else print(terminalReport(diagnostics, roots, { ...names, color: environment.color }));
      exit(diagnostics.some(isError) ? 1 : 0);
    });

  withRoot(program.command("shapes"))
    .description("every shape of one root")
    .argument("<file>")
    .option("--json", "print JSON")
    .action((file: string, options: RootOptions & { readonly json?: true }) => {
      const { analysis, names } = analyzed(file, options, environment);
      print(options.json ? JSON.stringify(shapesJson(analysis, names)) : shapesTable(analysis, names));
    });

  withRoot(program.command("summary"))
    .description("layer table of one root: path, type, output shape, parameters, multiply-adds")
    .argument("<file>")
    .action((file: string, options: RootOptions) => print(summaryTable(analyzed(file, options, environment).analysis)));

  withRoot(program.command("run"))
    .description("a real forward pass of one root with TensorFlow.js")
    .argument("<file>")
    .option(
      "--weights <file>",
      "a checkpoint (.safetensors, .pth, .pt, .ckpt, .bin); left out: drawn as the model's code says",
    )
    .option(
      "--image <file>",
      "a png or jpeg picture as the input, with ImageNet's transform, or MNIST's for one channel",
    )
    .option("--tensor <file.npy>", "the input as a .npy file; left out: noise")
    .option("--seed <n>", "seed of weights and noise", wholeNumber, 0)
    .option("--backend <name>", "wasm or cpu", backendName, "wasm")
    .option("--out <file.npy>", "where the output is written")
    .option(
      "--taps <paths>",
      "module paths whose outputs are written beside --out",
      (text: string) => text.split(","),
      [],
    )
    .action(async (file: string, options: RunCommandOptions) => {
      // TensorFlow.js is loaded only by the command that needs it.
      const { runCommand } = await import("./run.ts");
      exit(await runCommand(file, options, environment));
    });

  program
    .command("batch")
    .description("answer one JSON request a line from standard input")
    .action(() => batch(environment));

  program
    .command("lsp")
    .description("the language server")
    .requiredOption("--stdio", "speak over standard input and output")
    .action(async () => exit(await environment.runServer()));

  return program;
}

/** The options of all commands that take a root. */
function withRoot(command: Command): Command {
  return command
    .option("--model <expr>", "a Python expression that builds the model, in the file's own namespace")
    .option("--input <input>", "sizes (2,3,224,224) or JSON; repeat for several inputs", collect, [])
    .option("--path <dir>", "a folder that imports are resolved from; repeatable", collect, [])
    .option("--python-path <dir>", "a site-packages folder, or an environment such as .venv; repeatable", collect, [])
    .option("--timeout <ms>", "limit for one root's analysis", wholeNumber)
    .option("--train", "analyze in training mode");
}

function analyzed(file: string, options: RootOptions, environment: Environment) {
  const { disk, cwd } = environment;
  const absolute = requireFile(environment, file);
  const input = givenInputs(options);
  const analyzer = environment.createAnalyzer(disk, analyzerOptions(options, environment));
  const analysis = oneRoot(analyzer, absolute, options.model, input, file);
  return { analysis, names: namesOf(disk.read, namedFiles(disk, [file], cwd).name) };
}

function logOf(diagnostics: readonly Diagnostic[], names: LogContext["names"], environment: Environment): object {
  const { cwd, version, rulePage, repository } = environment;
  const helpUri = (code: string): string | undefined =>
    repository === undefined ? undefined : `${repository}/blob/HEAD/docs/rules/${code}.md`;
  return sarifLog(diagnostics, { names, cwd, version, rules: rulesFrom(rulePage), helpUri });
}

function write(environment: Environment, file: string, content: string): void {
  try {
    environment.writeFile(path.resolve(environment.cwd, file), content);
  } catch {
    throw new Failure(`cannot write ${file}`);
  }
}

function isError({ severity, code }: Diagnostic): boolean {
  return severity === "error" && code !== "gap";
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It is not a whole number.");
  return Number(text);
}

function backendName(text: string): string {
  if (text !== "wasm" && text !== "cpu") throw new InvalidArgumentError("It is wasm or cpu.");
  return text;
}

/** A message in one line, whatever its cause printed. */
function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
