import path from "node:path";
import type { Analysis, Analyzer, InputSpec } from "../analysis.ts";
import { runnableInput } from "../editor/runnable-input.ts";
import type { Program } from "../graph/program.ts";
import { toProgram } from "../preview/program.ts";
import { type Backend, type BackendKind, startBackend } from "../runtime/backends.ts";
import { execute, type Read, type RunResult } from "../runtime/execute.ts";
import { openModel } from "../runtime/model.ts";
import { PLAIN } from "../runtime/plain.ts";
import { type GivenWeight, knownKeys, prepare, type WeightReport } from "../runtime/prepare.ts";
import { normalStream, randomStream } from "../runtime/random.ts";
import { render } from "../text/text.ts";
import { decodePicture } from "../weights/image.ts";
import { loadCheckpoint } from "../weights/load.ts";
import { readNpy, writeNpy } from "../weights/npy.ts";
import { pictureSize, presetTransform } from "../weights/presets.ts";
import { fitsTransform, transformed } from "../weights/transform.ts";
import { analyzerOptions, givenInputs, oneRoot, type RootOptions, requireFile } from "./analyses.ts";
import type { Environment } from "./environment.ts";
import { Failure } from "./failure.ts";

export interface RunCommandOptions extends RootOptions {
  readonly weights?: string;
  readonly image?: string;
  readonly tensor?: string;
  readonly seed: number;
  readonly backend: BackendKind;
  readonly out?: string;
  readonly taps: readonly string[];
}

/** One real forward pass; writes the output and the taps as `.npy`. Gives the exit code: 1 where a real shape differs. */
export async function runCommand(file: string, options: RunCommandOptions, environment: Environment): Promise<number> {
  const absolute = requireFile(environment, file);
  if (options.image !== undefined && options.tensor !== undefined)
    throw new Failure("--image and --tensor exclude each other");
  if (0 < options.taps.length && options.out === undefined)
    throw new Failure("--taps needs --out: each tap is written beside it");
  const tensor = options.tensor === undefined ? undefined : tensorFile(options.tensor, environment);
  const analyzer = environment.createAnalyzer(environment.disk, analyzerOptions(options, environment));
  const program = programOf(analyzer, absolute, file, options, tensor);
  const { values, report } = prepare(program, await weightsOf(program, options.weights, environment), options.seed);
  tellWeights(report, options, environment);
  const inputs = await inputsFor(program, options, tensor, environment);
  const backend = await backendOf(options.backend, environment);
  const result = await execute(openModel(backend, program, values), inputs, { taps: options.taps });
  return written(result, options, backend, environment);
}

function programOf(
  analyzer: Analyzer,
  absolute: string,
  file: string,
  options: RunCommandOptions,
  tensor: Read | undefined,
): Program {
  const given =
    givenInputs(options) ?? (tensor === undefined ? undefined : [{ kind: "tensor" as const, shape: tensor.shape }]);
  const analysis = oneRoot(analyzer, absolute, options.model, given, file);
  const input = runnableInput(analysis);
  const graph = input === undefined ? analysis.concrete?.graph : again(analyzer, analysis, input).concrete?.graph;
  const reason = analysis.unknown ?? analysis.gaps[0];
  if (graph === undefined)
    throw new Failure(
      `${analysis.root.model} cannot be followed${reason === undefined ? "" : `: ${render(reason.reason)}`}`,
    );
  const result = toProgram(graph);
  if (result.kind === "gap") throw new Failure(`${analysis.root.model} cannot be run: ${render(result.reason)}`);
  return result.program;
}

function again(analyzer: Analyzer, { root }: Analysis, input: readonly InputSpec[]): Analysis {
  return root.kind === "given" ? analyzer.analyzeModel(root.file, root.model, input) : analyzer.analyze(root, input);
}

async function weightsOf(
  program: Program,
  file: string | undefined,
  environment: Environment,
): Promise<ReadonlyMap<string, GivenWeight> | undefined> {
  if (file === undefined) return undefined;
  const checkpoint = await loadCheckpoint(bytesOf(file, environment), knownKeys(program));
  if (checkpoint.kind === "refused") throw new Failure(`${file}: ${render(checkpoint.reason)}`);
  return checkpoint.weights;
}

function tellWeights(report: WeightReport, options: RunCommandOptions, environment: Environment): void {
  if (options.weights === undefined) {
    environment.printError(`untrained weights, seed ${options.seed}`);
    return;
  }
  const { matched, missing, unexpected, misshapen } = report;
  environment.printError(`${matched.length} weights from ${options.weights}`);
  const bad = [
    ...missing.map((key) => `${key} is missing`),
    ...unexpected.map((key) => `${key} is not of this model`),
    ...misshapen.map(
      ({ key, expected, found }) => `${key} is [${found.join(", ")}], the model has [${expected.join(", ")}]`,
    ),
  ];
  const [first] = bad;
  if (first !== undefined)
    throw new Failure(
      `${options.weights} does not fit: ${first}${bad.length === 1 ? "" : ` and ${bad.length - 1} more`}`,
    );
}

async function inputsFor(
  program: Program,
  options: RunCommandOptions,
  tensor: Read | undefined,
  environment: Environment,
): Promise<readonly Float32Array[]> {
  const inputs: Float32Array[] = [];
  for (const [index, { shape, dtype, name }] of program.inputs.entries()) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (index === 0 && tensor !== undefined) {
      if (tensor.shape.join() !== shape.join())
        throw new Failure(
          `${options.tensor} has the shape [${tensor.shape.join(", ")}], ${name} is [${shape.join(", ")}]`,
        );
      inputs.push(tensor.data);
    } else if (index === 0 && options.image !== undefined)
      inputs.push(await imageInput(options.image, shape, environment));
    else inputs.push(noise(count, dtype.startsWith("float"), options.seed, index));
  }
  return inputs;
}

/** Standard normal noise; zeros for whole numbers. Inputs draw from streams that no weight has. */
function noise(count: number, isFloat: boolean, seed: number, index: number): Float32Array {
  const data = new Float32Array(count);
  if (!isFloat) return data;
  const random = normalStream(randomStream(seed, -2 - index));
  for (let i = 0; i < count; i++) data[i] = random();
  return data;
}

async function imageInput(file: string, shape: readonly number[], environment: Environment): Promise<Float32Array> {
  const size = pictureSize(shape);
  if (size === undefined || shape[0] !== 1)
    throw new Failure(
      `an image is an input of shape [1, 3, H, W] or [1, 1, H, W]; this model's is [${shape.join(", ")}]`,
    );
  const picture = await decodePicture(bytesOf(file, environment), async () => environment.asset("mozjpeg_dec.wasm"));
  if (picture.kind === "refused") throw new Failure(`${file}: ${render(picture.reason)}`);
  const transform = presetTransform(size.channels === 1 ? "mnist" : "imagenet", size);
  if (!fitsTransform(picture, transform)) throw new Failure(`${file}: the picture is too narrow to be resized`);
  return transformed(picture, transform).data;
}

function tensorFile(file: string, environment: Environment): Read {
  const array = readNpy(bytesOf(file, environment));
  if (array.kind === "refused") throw new Failure(`${file}: ${render(array.reason)}`);
  return array;
}

async function backendOf(kind: BackendKind, environment: Environment): Promise<Backend> {
  const start = await startBackend(
    kind,
    kind === "wasm" ? { wasm: environment.asset("tfjs-backend-wasm-simd.wasm") } : { plain: PLAIN },
  );
  if (start.kind === "refused") throw new Failure(render(start.reason));
  return start.backend;
}

function written(result: RunResult, options: RunCommandOptions, backend: Backend, environment: Environment): number {
  const { stop, output, checked, taps } = result;
  if (stop !== undefined)
    throw new Failure(
      stop.kind === "cancelled" ? "cancelled" : `${stop.path === "" ? stop.op : stop.path}: ${render(stop.reason)}`,
    );
  if (output === undefined) throw new Failure("the model gives no tensor");
  for (const tap of options.taps) if (!taps.has(tap)) throw new Failure(`no module ${tap} gives one tensor`);
  environment.print(`output [${output.shape.join(", ")}] on ${backend.kind}`);
  if (options.out !== undefined) {
    environment.writeFile(options.out, writeNpy(output.shape, output.data));
    for (const [tap, { shape, data }] of taps) environment.writeFile(besides(options.out, tap), writeNpy(shape, data));
  }
  for (const { path: where, expected, actual } of checked)
    environment.printError(
      `error of ResNet Lens: ${where === "" ? "the output" : where} is [${actual.join(", ")}], analyzed as [${expected.join(", ")}]`,
    );
  return checked.length === 0 ? 0 : 1;
}

/** `y.layer1.0.npy` for a tap of `y.npy`. */
function besides(out: string, tap: string): string {
  const extension = path.extname(out);
  return `${out.slice(0, out.length - extension.length)}.${tap}${extension === "" ? ".npy" : extension}`;
}

function bytesOf(file: string, environment: Environment): Uint8Array {
  try {
    return environment.readBytes(path.resolve(environment.cwd, file));
  } catch {
    throw new Failure(`cannot read ${file}`);
  }
}
