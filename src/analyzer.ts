import type { Analysis, Analyzer, FileSystem, Gap, Observation, Options, Report, Root, Run } from "./analysis.ts";
import { checkRun } from "./checks/check.ts";
import type { Diagnostic, Edit } from "./checks/diagnostic.ts";
import { mergeDiagnostics } from "./checks/merge.ts";
import { addInput, createGraphBuilder } from "./eval/builder.ts";
import { callValue, evaluate } from "./eval/evaluate.ts";
import { Exhausted, type Interp, type Problem, Raised } from "./eval/interp.ts";
import { createRecorder, shapeTree } from "./eval/record.ts";
import { bool, type InstanceValue, int, type TensorValue, type Value, type WeightCell } from "./eval/value.ts";
import { createSession, limitsFor, loadedModule, MAX_TEXT, moduleFrame, type Session } from "./evaluation.ts";
import type { Graph, ModuleInfo, ShapeTree, Weight } from "./graph/graph.ts";
import type { InputSpec } from "./graph/input.ts";
import { findResidualAdds } from "./graph/residual.ts";
import { classAttribute } from "./lang/types.ts";
import { findRoots } from "./roots.ts";
import { sizesSatisfying } from "./shape/decide.ts";
import type { Dim, DType, Why } from "./shape/dim.ts";
import { type Guard, unbroadcast } from "./shape/guard.ts";
import { add, mul, parseSize, type Size, symbol, symbolsOf } from "./shape/size.ts";
import { parseExpression } from "./syntax/python/parse.ts";
import type { Place } from "./text/span.ts";
import { type Text, t } from "./text/text.ts";
import type { Recoveries } from "./torch/functions/arithmetic.ts";
import { isModule, registry } from "./torch/module.ts";
import type { ForwardState } from "./torch/nn/call.ts";
import { namedModules, namedTensors } from "./torch/nn/members.ts";
import { originalWords } from "./torch/refusals.ts";

/** Sizes to try where a layer pins the input's size, best first. */
const USUAL_SIZES: readonly number[] = [224, 32, 28, 64, 96, 128, 256, 299];
const EXAMPLE = 224;

/** An analyzer over files: finds roots, runs them, checks what the runs gave. */
export function createAnalyzer(files: FileSystem, options: Options): Analyzer {
  const session = createSession(files, options);
  let cache = new Map<string, Analysis>();
  const rootCache = new Map<string, readonly Root[]>();

  const analyze = (root: Root, input?: readonly InputSpec[]): Analysis => {
    const given = input ?? root.input;
    const key = JSON.stringify([root.file, root.model, root.kind, given]);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const made = analyzeRoot(session, root, given, options);
    cache.set(key, made);
    return made;
  };

  return {
    roots(file) {
      const known = rootCache.get(file);
      if (known !== undefined) return known;
      const made = guarded(session, options, () => findRoots(session, file)) ?? [];
      rootCache.set(file, made);
      return made;
    },
    analyze,
    analyzeModel: (file, model, input) =>
      analyze({ file, model, input, place: { file, span: { start: 0, end: 0 } }, kind: "given" }, input),
    report: (file, roots) => report(session, files, options, file, roots),
    changed(file) {
      session.forget(file);
      cache = new Map();
      rootCache.clear();
    },
  };
}

/** Runs on the session with fresh counters; what is thrown past it is a gap. */
function guarded<T>(session: Session, options: Options, body: (interp: Interp) => T): T | undefined {
  const { interp } = session;
  Object.assign(interp, {
    limits: limitsFor(options.timeout),
    steps: 0,
    phase: "build",
    frames: [],
    handlers: 0,
    speculating: 0,
    graph: undefined,
    recorder: undefined,
    path: undefined,
    problems: [],
    argument: undefined,
  });
  interp.gaps.clear();
  interp.store.clear();
  const mark = interp.journal.begin();
  try {
    return body(interp);
  } catch (error) {
    if (error instanceof Exhausted) interp.gaps.set("end", { reason: error.reason, place: undefined });
    else if (error instanceof RangeError) interp.gaps.set("end", { reason: t("nested too deeply"), place: undefined });
    else if (error instanceof Raised) interp.reportRaised(interp, error);
    else
      interp.gaps.set("end", {
        reason: t("an internal error: {0}", error instanceof Error ? error.message : String(error)),
        place: undefined,
      });
    return undefined;
  } finally {
    interp.journal.rollback(mark);
  }
}

interface Outcome {
  readonly concrete: Run | undefined;
  readonly symbolic: Run | undefined;
  readonly input: readonly InputSpec[];
  readonly example: boolean;
  readonly problems: readonly Problem[];
  readonly unused: readonly { readonly path: string; readonly place: Place; readonly type: string }[];
  readonly sizes: ReadonlyMap<string, number>;
  readonly guessed: boolean;
}

function analyzeRoot(
  session: Session,
  root: Root,
  given: readonly InputSpec[] | undefined,
  options: Options,
): Analysis {
  const begin = performance.now();
  const outcome = guarded(session, options, (interp) => runRoot(session, interp, root, given));
  const { interp } = session;
  const problems = [...(interp.moduleProblems.get(root.file) ?? []), ...(outcome?.problems ?? interp.problems)];
  const gaps: Gap[] = [...(interp.moduleGaps.get(root.file)?.values() ?? []), ...interp.gaps.values()];
  const diagnostics = checkRun({
    root: root.model,
    concrete: outcome?.concrete?.graph,
    symbolic: outcome?.symbolic?.graph,
    problems: problems.filter((problem) => stands(problem, root)),
    fixedInput: outcome?.guessed === false,
    example: outcome?.sizes ?? new Map(),
    source: (file) => session.parsed(file)?.text,
    module: (file) => session.parsed(file)?.module,
    unusedModules: outcome?.unused ?? [],
    original: originalWords,
  });
  const status = diagnostics.some((d) => d.severity === "error")
    ? "error"
    : gaps.length === 0 && outcome !== undefined
      ? "ok"
      : "partial";
  return {
    root,
    input: outcome?.input ?? given ?? [],
    example: outcome?.example ?? false,
    concrete: outcome?.concrete,
    symbolic: outcome?.symbolic,
    status,
    gaps,
    diagnostics,
    time: performance.now() - begin,
  };
}

/** What the user wrote is reported; what only a guessed construction raises is not. */
function stands(problem: Problem, root: Root): boolean {
  if (problem.phase === "module" || problem.kind !== "python") return true;
  // A name that exists nowhere is missing however the class is built.
  if (root.kind === "class" && problem.phase === "build" && problem.exception !== "NameError") return false;
  return !(problem.raised && (root.kind === "factory" || root.kind === "class"));
}

function runRoot(
  session: Session,
  interp: Interp,
  root: Root,
  given: readonly InputSpec[] | undefined,
): Outcome | undefined {
  const module = loadedModule(session, root.file);
  if (session.tooLong(root.file)) {
    interp.gaps.set("text", {
      reason: t("the file is longer than {0} characters and was not read", MAX_TEXT),
      place: undefined,
    });
    return undefined;
  }
  const expr = parseExpression(root.model);
  if (expr === undefined) {
    interp.gaps.set("model", { reason: t("{0} is not an expression", root.model), place: undefined });
    return undefined;
  }
  interp.phase = "build";
  interp.frames = [moduleFrame({ ...module, own: false })];
  const named = evaluate(interp, expr, module.scope);
  // A class that no code builds: with unknown arguments, so that what does not depend on them still has shapes.
  const orphan = root.kind === "class" && named.kind === "class";
  if (orphan) interp.store.set("orphan", true);
  const model = orphan
    ? callValue(interp, named, {
        positional: [],
        keywords: [],
        more: { reason: t("no call builds {0}", named.name), place: root.place },
      })
    : named;
  if (!isModule(model)) {
    const reason = model.kind === "unknown" ? model.why.reason : t("{0} does not build a module", root.model);
    interp.gaps.set("model", { reason, place: model.kind === "unknown" ? model.why.place : undefined });
    return {
      concrete: undefined,
      symbolic: undefined,
      input: given ?? [],
      example: false,
      problems: interp.problems,
      unused: [],
      sizes: new Map(),
      guessed: true,
    };
  }
  if (!interp.training)
    for (const { module: m } of namedModules(model)) interp.journal.set(m.attrs, "training", bool(false));
  interp.phase = "forward";
  let input = given ?? guessInput(model);
  if (input === undefined) {
    interp.gaps.set("input", { reason: t("what {0} is called on is not known", root.model), place: undefined });
    return {
      concrete: undefined,
      symbolic: undefined,
      input: [],
      example: false,
      problems: interp.problems,
      unused: [],
      sizes: new Map(),
      guessed: true,
    };
  }
  const isOpen = input.some(hasSymbols);
  const built = interp.problems;
  const forward = (specs: readonly InputSpec[]): { run: Run; problems: readonly Problem[]; state: ForwardState } => {
    interp.problems = [];
    return runForward(session, interp, model, specs);
  };
  let symbolicFirst = isOpen ? forward(input) : undefined;
  const channels = given === undefined ? askedChannels(symbolicFirst?.run.graph) : undefined;
  if (channels !== undefined) {
    // Another layer than the first registered one takes the input: it says how many channels it has.
    input = input.map((spec) =>
      spec.kind === "tensor" && spec.shape !== undefined
        ? { ...spec, shape: spec.shape.map((size, axis) => (axis === 1 ? channels : size)) }
        : spec,
    );
    symbolicFirst = forward(input);
  }
  let sizes = new Map<string, number>();
  let pinned = false;
  let concreteInput: readonly InputSpec[] | undefined = isOpen ? undefined : input;
  if (isOpen && given === undefined) {
    const solved = solveSizes(symbolicFirst?.run.graph);
    sizes = solved.sizes;
    pinned = solved.pinned;
    concreteInput = input.map((spec) => fill(spec, sizes));
  }
  const open = isOpen ? input : input.map((spec, i) => withSymbols(spec, i));
  const recoveries: Recoveries = new Map();
  interp.store.set("recoveries", recoveries);
  const concrete = concreteInput === undefined ? undefined : forward(concreteInput);
  const symbolic = symbolicFirst === undefined || 0 < recoveries.size ? forward(open) : symbolicFirst;
  const main = concrete ?? symbolic;
  return {
    concrete: concrete?.run,
    symbolic: symbolic.run,
    input,
    example: given === undefined,
    problems: [...built, ...main.problems],
    unused: unusedModules(session, model, main),
    sizes,
    guessed: given === undefined && !pinned,
  };
}

function runForward(
  session: Session,
  interp: Interp,
  model: InstanceValue,
  specs: readonly InputSpec[],
): { run: Run; problems: readonly Problem[]; state: ForwardState } {
  const builder = createGraphBuilder();
  const recorder = createRecorder(session.own);
  const modules = namedModules(model);
  const state: ForwardState = { paths: new Map(modules.map(({ module, path }) => [module, path])), calls: new Map() };
  interp.graph = builder;
  interp.recorder = recorder;
  interp.path = "";
  interp.store.set("forward", state);
  const mark = interp.journal.begin();
  const depth = interp.frames.length;
  const inputs = specs.map((spec, i) => inputValue(interp, spec, i));
  let output: ShapeTree | undefined;
  try {
    const value = callValue(interp, model, { positional: inputs.map((value) => ({ value })), keywords: [] });
    output = shapeTree(value, 0) ?? undefined;
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    interp.reportRaised(interp, error);
  } finally {
    interp.journal.rollback(mark);
    interp.frames.length = depth;
    interp.graph = undefined;
    interp.recorder = undefined;
    interp.path = undefined;
    interp.handlers = 0;
    interp.speculating = 0;
  }
  const graph = assemble(model, state, builder, output, specs);
  const observations = new Map<string, readonly Observation[]>();
  for (const [file, seen] of recorder.files) {
    observations.set(
      file,
      [...seen.values()]
        .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
        .map(({ span, role, name, statement, instances }) => ({
          span,
          role,
          ...(name === undefined ? {} : { name }),
          statement,
          instances,
        })),
    );
  }
  return { run: { graph, observations }, problems: interp.problems, state };
}

function assemble(
  model: InstanceValue,
  state: ForwardState,
  builder: ReturnType<typeof createGraphBuilder>,
  output: ShapeTree | undefined,
  specs: readonly InputSpec[],
): Graph {
  const modules = namedModules(model);
  const infos: ModuleInfo[] = modules.map(({ path, module, aliases }) => ({
    path,
    aliases,
    type: module.cls.name,
    builtin: module.cls.place === undefined,
    place: module.place,
    classPlace: module.cls.place,
    children: [...(registry(module, "_modules")?.entries.values() ?? [])].flatMap(([key]) =>
      key.kind === "str" ? [path === "" ? key.value : `${path}.${key.value}`] : [],
    ),
    params: parameterCount(module),
    hint: hintOf(module),
    calls: (state.calls.get(module) ?? []).map((call) => ({ ...call })),
  }));
  const keys = new Map<WeightCell, string[]>();
  for (const { path, module, aliases } of modules) {
    for (const kind of ["_parameters", "_buffers"] as const) {
      for (const [key, value] of registry(module, kind)?.entries.values() ?? []) {
        if (value.kind !== "tensor" || key.kind !== "str" || value.weight === undefined) continue;
        const names = keys.get(value.weight) ?? [];
        for (const at of [path, ...aliases]) names.push(at === "" ? key.value : `${at}.${key.value}`);
        keys.set(value.weight, names);
      }
    }
  }
  // Those that no operator reads stand behind the others: a checkpoint holds them too.
  const cells = new Set<WeightCell>([...builder.cells, ...keys.keys()]);
  const weights: Weight[] = [...cells].map((cell) => ({
    keys: keys.get(cell) ?? [],
    shape: cell.type.shape ?? [],
    dtype: cell.type.dtype ?? "float32",
    trainable: cell.trainable,
    persistent: cell.transient !== true,
    init: cell.init,
  }));
  let madds: Size | undefined = 0;
  if (builder.nodes.some((node) => node.op === "gap")) madds = undefined;
  for (const node of builder.nodes) if (node.madds !== undefined && madds !== undefined) madds = add(madds, node.madds);
  const nodes = builder.nodes;
  return {
    nodes,
    weights,
    modules: infos,
    inputs: nodes
      .filter((node) => node.op === "input")
      .map((node, i) => ({
        name: specs[i]?.kind === "tensor" ? (specs[i].name ?? "x") : "x",
        node: node.id,
        type: node.outputs[0] ?? { shape: undefined, dtype: undefined },
      })),
    output,
    residualAdds: findResidualAdds(nodes, infos),
    params: parameterCount(model),
    madds,
  };
}

function parameterCount(module: InstanceValue): number | undefined {
  let total = 0;
  for (const { module: m } of namedModules(module))
    if (registry(m, "_modules")?.why !== undefined || registry(m, "_parameters")?.why !== undefined) return undefined;
  for (const [, tensor] of namedTensors(module, "_parameters")) {
    let count: Size = 1;
    for (const dim of tensor.type.shape ?? [{ size: undefined } as Dim]) {
      if (dim.size === undefined) return undefined;
      count = mul(count, dim.size);
    }
    if (typeof count !== "number") return undefined;
    total += count;
  }
  return total;
}

/** `7×7 /2` for a layer with a kernel. */
function hintOf(module: InstanceValue): string {
  const numbers = (name: string): readonly (Size | undefined)[] => {
    const value = module.attrs.get(name);
    return value?.kind === "tuple"
      ? value.items.map((item) => (item.kind === "int" ? item.dim.size : undefined))
      : value?.kind === "int"
        ? [value.dim.size]
        : [];
  };
  const kernel = numbers("kernel_size");
  if (kernel.length === 0 || kernel.some((k) => typeof k !== "number")) return "";
  const size = kernel.length === 1 ? `${kernel[0]}×${kernel[0]}` : kernel.join("×");
  const stride = numbers("stride")[0];
  return typeof stride === "number" && 1 < stride ? `${size} /${stride}` : size;
}

// --- inputs ------------------------------------------------------------------------------------------------------

const AXES: Readonly<Record<number, readonly string[]>> = {
  1: ["N"],
  2: ["N", "L"],
  3: ["N", "C", "L"],
  4: ["N", "C", "H", "W"],
  5: ["N", "C", "D", "H", "W"],
};

/** An input whose batch and spatial sizes are open, with the channels of the first layer. */
function guessInput(model: InstanceValue): readonly InputSpec[] | undefined {
  const forward = classAttribute(model.cls, "forward");
  if (forward?.kind === "function") {
    const required = forward.expr.params
      .slice(1)
      .filter((param) => (param.kind === "normal" || param.kind === "positional-only") && param.fallback === undefined);
    if (1 < required.length) return undefined;
  }
  for (const { module } of namedModules(model)) {
    if (module.cls.place !== undefined) continue;
    const conv = /^(?:Lazy)?Conv(?:Transpose)?(\d)d$/.exec(module.cls.name);
    const norm = /^BatchNorm(\d)d$/.exec(module.cls.name);
    if (conv !== null || norm !== null) {
      const rank = Number((conv ?? norm)?.[1]) + 2;
      const channels = sizeAttribute(module, conv === null ? "num_features" : "in_channels");
      const axes = AXES[rank];
      if (axes === undefined || channels === undefined) return undefined;
      return [{ kind: "tensor", shape: axes.map((axis) => (axis === "C" ? channels : axis)) }];
    }
    if (module.cls.name === "Linear") {
      const features = sizeAttribute(module, "in_features");
      return features === undefined ? undefined : [{ kind: "tensor", shape: ["N", features] }];
    }
  }
  return undefined;
}

function sizeAttribute(module: InstanceValue, name: string): number | undefined {
  const value = module.attrs.get(name);
  return value?.kind === "int" && typeof value.dim.size === "number" ? value.dim.size : undefined;
}

function hasSymbols(spec: InputSpec): boolean {
  return spec.kind === "tensor" && (spec.shape === undefined || spec.shape.some((size) => typeof size === "string"));
}

/** The same input with its batch and spatial sizes open. */
function withSymbols(spec: InputSpec, index: number): InputSpec {
  if (spec.kind !== "tensor" || spec.shape === undefined) return spec;
  const axes = AXES[spec.shape.length];
  if (axes === undefined || (spec.dtype !== undefined && !spec.dtype.startsWith("float"))) return spec;
  const suffix = index === 0 ? "" : String(index + 1);
  return {
    ...spec,
    shape: spec.shape.map((size, axis) =>
      typeof size === "number" && (axis === 0 || (axis !== 1 && 2 < axes.length)) ? `${axes[axis]}${suffix}` : size,
    ),
  };
}

function fill(spec: InputSpec, sizes: ReadonlyMap<string, number>): InputSpec {
  if (spec.kind !== "tensor" || spec.shape === undefined) return spec;
  return { ...spec, shape: spec.shape.map((size) => (typeof size === "string" ? (sizes.get(size) ?? size) : size)) };
}

/** A layer pins the input's size where it accepts fewer sizes than this of those up to 512. */
const PINNED = 64;
/** Sizes up to this one are tried. */
const LOOKED = 512;

/** Spatial sizes for the example run: those that every operator accepts, the usual ones first. */
function solveSizes(graph: Graph | undefined): { readonly sizes: Map<string, number>; readonly pinned: boolean } {
  const guards: Guard[] = (graph?.nodes ?? []).flatMap((node) => (node.guards ?? []).map(unbroadcast));
  const relevant = guards.filter((guard) => [...guardSymbols(guard)].some((name) => SPATIAL.includes(name)));
  const base = new Map([
    ["N", 2],
    ["C", 3],
  ]);
  const fitting = relevant.length === 0 ? [] : sizesSatisfying(relevant, "H", ["W", "D", "L"], base, LOOKED);
  const size =
    relevant.length === 0 ? EXAMPLE : (USUAL_SIZES.find((n) => fitting.includes(n)) ?? fitting[0] ?? EXAMPLE);
  return {
    sizes: new Map(SPATIAL.map((name) => [name, size])), // Square inputs all fit: that oblong ones do not is a note.
    pinned: (0 < fitting.length && fitting.length < PINNED) || fitting.length === LOOKED,
  };
}

const SPATIAL: readonly string[] = ["H", "W", "D", "L"];

function guardSymbols(guard: Guard): ReadonlySet<string> {
  return guard.kind === "at-least"
    ? symbolsOf(guard.value)
    : new Set([...symbolsOf(guard.left), ...symbolsOf(guard.right)]);
}

/** Channels that the layer which takes the input asks for, where the guess did not have them. */
function askedChannels(graph: Graph | undefined): number | undefined {
  for (const node of graph?.nodes ?? []) {
    const source = graph?.nodes[node.inputs[0]?.node ?? -1];
    if (source?.op === "input" && node.refusal?.fault === "channels" && typeof node.refusal.expected?.size === "number")
      return node.refusal.expected.size;
  }
  return undefined;
}

function inputValue(interp: Interp, spec: InputSpec, index: number): Value {
  const builder = interp.graph;
  if (builder === undefined) return int(0);
  if (spec.kind === "seq")
    return {
      kind: "list",
      items: spec.items.map((item, i) => (item === null ? { kind: "none" } : inputValue(interp, item, index + i))),
    };
  if (spec.kind === "dict")
    return {
      kind: "dict",
      entries: new Map(
        spec.entries.map(([key, item]) => [
          `s:${key}`,
          Object.freeze([
            { kind: "str", value: key },
            item === null ? { kind: "none" } : inputValue(interp, item, index),
          ] as const) as readonly [Value, Value],
        ]),
      ),
    };
  const why: Why = { reason: t("the input's shape is not given") };
  const shape = spec.shape?.map((size, axis): Dim => {
    const value: Size | undefined =
      typeof size === "number" ? size : size === "?" ? undefined : (parseSize(size) ?? symbol(size));
    const label = typeof size === "string" ? size : (AXES[spec.shape?.length ?? 0]?.[axis] ?? String(axis));
    return value === undefined ? { size: undefined, why } : { size: value, origin: { kind: "input", label, from: [] } };
  });
  const made: TensorValue = addInput(
    interp,
    builder,
    index,
    shape === undefined
      ? { shape: undefined, why, dtype: "float32" }
      : { shape, dtype: (spec.dtype ?? "float32") as DType },
  );
  return made;
}

// --- unused layers -----------------------------------------------------------------------------------------------

/** Registered layers that no code reads after the assignment and whose weights nothing uses. */
function unusedModules(
  session: Session,
  model: InstanceValue,
  main: { readonly run: Run; readonly state: ForwardState },
): Outcome["unused"] {
  const used = new Set(main.run.graph.weights.flatMap((weight) => weight.keys));
  const found: { path: string; place: Place; type: string }[] = [];
  if (main.run.graph.output === undefined || main.run.graph.output.kind === "unknown") return [];
  const byPath = new Map(namedModules(model).map(({ path, module }) => [path, module]));
  for (const { path, module, aliases } of namedModules(model)) {
    if (
      path === "" ||
      main.state.calls.has(module) ||
      module.place === undefined ||
      0 < aliases.length ||
      module.cls.place !== undefined
    )
      continue;
    const name = path.slice(path.lastIndexOf(".") + 1);
    const parent = byPath.get(path.slice(0, Math.max(0, path.lastIndexOf("."))));
    if (parent?.cls.place === undefined || !session.own(module.place.file) || /^\d+$/.test(name)) continue;
    if ([...used].some((key) => key.startsWith(`${path}.`))) continue;
    const text = classText(session, parent.cls.place);
    if (
      1 < text.split(new RegExp(`\\bself\\.${name}\\b`)).length - 1 ||
      (/getattr|_modules|named_children|children\(\)|modules\(\)/.test(text.replace(/super\(.*\)\.__init__/g, "")) &&
        /for .* in self\./.test(text))
    )
      continue;
    found.push({ path, place: module.place, type: module.cls.name });
  }
  return found;
}

/** Source of the class whose name stands at a place. */
function classText(session: Session, place: Place): string {
  const parsed = session.parsed(place.file);
  const found = parsed?.module.body.find((stmt) => stmt.kind === "class" && stmt.nameSpan.start === place.span.start);
  return parsed === undefined
    ? ""
    : found === undefined
      ? parsed.text
      : parsed.text.slice(found.span.start, found.span.end);
}

// --- reports -----------------------------------------------------------------------------------------------------

/** At most so many fixes of one report are proven; the rest are not offered. */
const MAX_PROOFS = 24;

function report(
  session: Session,
  files: FileSystem,
  options: Options,
  file: string,
  roots: readonly Analysis[],
): Report {
  const merged = mergeDiagnostics(roots.map((analysis) => analysis.diagnostics));
  let left = MAX_PROOFS;
  const diagnostics = merged.map((diagnostic): Diagnostic => {
    const kept = diagnostic.fixes.filter((fix) => {
      if (left-- <= 0) return false;
      return proves(files, options, roots, merged, diagnostic, fix.edits);
    });
    return { ...diagnostic, fixes: kept };
  });
  void session;
  return { file, roots, diagnostics };
}

/** Whether the edited text no longer has the diagnostic and has no new one, in every root that reaches it. */
function proves(
  files: FileSystem,
  options: Options,
  roots: readonly Analysis[],
  before: readonly Diagnostic[],
  diagnostic: Diagnostic,
  edits: readonly Edit[],
): boolean {
  const edited = new Map<string, string>();
  for (const file of new Set(edits.map((edit) => edit.place.file))) {
    const text = files.read(file);
    if (text === undefined) return false;
    edited.set(
      file,
      applyEdits(
        text,
        edits.filter((edit) => edit.place.file === file),
      ),
    );
  }
  const analyzer = createAnalyzer({ ...files, read: (file) => edited.get(file) ?? files.read(file) }, options);
  const count = (list: readonly Diagnostic[], d: Diagnostic): number =>
    list
      .filter((other) => other.code === d.code && messageKey(other.message) === messageKey(d.message))
      .reduce((n, other) => n + Math.max(1, other.instances.length), 0);
  const reached = roots.filter((analysis) => diagnostic.roots.includes(analysis.root.model));
  if (reached.length === 0) return false;
  const after = mergeDiagnostics(
    reached.map(
      (analysis) => analyzer.analyze(analysis.root.kind === "given" ? analysis.root : { ...analysis.root }).diagnostics,
    ),
  );
  if (count(before, diagnostic) <= count(after, diagnostic)) return false;
  return (
    after.every((d) => d.severity !== "error" || 0 < before.filter((b) => b.code === d.code).length) &&
    after.filter((d) => d.severity === "error").length <= before.filter((d) => d.severity === "error").length
  );
}

function messageKey(message: Text): string {
  return (
    message.template +
    message.args.map((arg) => (typeof arg === "object" ? arg.template : typeof arg === "string" ? arg : "")).join("|")
  );
}

/** A text with edits applied, from its end to its start. */
function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.place.span.start - a.place.span.start))
    result = result.slice(0, edit.place.span.start) + edit.text + result.slice(edit.place.span.end);
  return result;
}
