import type { Analysis, Gap, Observation, Options, Root, Run } from "./analysis.ts";
import { assemble } from "./assemble.ts";
import { checkRun } from "./checks/check.ts";
import { createGraphBuilder } from "./eval/builder.ts";
import { callValue, evaluate, force } from "./eval/evaluate.ts";
import { Exhausted, type Interp, type Problem, Raised } from "./eval/interp.ts";
import { moduleFrame } from "./eval/module-level.ts";
import { createRecorder, shapeTree } from "./eval/record.ts";
import { bool, type InstanceValue, unknown, type Value } from "./eval/value.ts";
import { limitsFor, loadedModule, MAX_TEXT, type Session } from "./evaluation.ts";
import type { Graph, ShapeTree } from "./graph/graph.ts";
import type { InputSpec } from "./graph/input.ts";
import { fill, hasSymbols, withSymbols } from "./inputs/axes.ts";
import { guessInputs, type Probe } from "./inputs/guess.ts";
import { solveSizes } from "./inputs/solve.ts";
import { inputValue } from "./inputs/value.ts";
import { classAttribute } from "./lang/types.ts";
import { type Heard, listener, type Question } from "./listen.ts";
import { replay } from "./roots/replay.ts";
import { parseExpression } from "./syntax/python/parse.ts";
import { rebase } from "./syntax/python/rebase.ts";
import type { Place } from "./text/span.ts";
import { type Text, t } from "./text/text.ts";
import type { Recoveries } from "./torch/functions/arithmetic.ts";
import { isModule } from "./torch/module.ts";
import type { ForwardState } from "./torch/nn/call.ts";
import { namedModules } from "./torch/nn/members.ts";
import { originalWords } from "./torch/refusals.ts";
import { parametersOf } from "./torch/signatures.ts";
import { spelling } from "./torch/spelling.ts";
import { type UnusedModule, unusedModules } from "./unused.ts";

/** Runs on the session with fresh counters; what is thrown past it is a gap. */
export function guarded<T>(session: Session, options: Options, body: (interp: Interp) => T): T | undefined {
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
  readonly unused: readonly UnusedModule[];
  readonly sizes: ReadonlyMap<string, number>;
  readonly guessed: boolean;
  /** What is checked instead of the runs where the input, or how the model is built, is only guessed. */
  readonly certain: Certain | undefined;
}

/** What holds whatever the model is called on. */
interface Certain {
  readonly graph: Graph | undefined;
  readonly problems: readonly Problem[];
}

/** Builds a root, runs it, checks what the runs gave. */
export function analyzeRoot(
  session: Session,
  root: Root,
  given: readonly InputSpec[] | undefined,
  options: Options,
): Analysis {
  const begin = performance.now();
  const outcome = guarded(session, options, (interp) => runRoot(session, interp, root, given));
  const { interp } = session;
  const certain = outcome?.certain;
  const modules = root.opened === undefined ? [root.file] : [root.file, root.opened];
  const problems = [
    ...modules.flatMap((file) => interp.moduleProblems.get(file) ?? []),
    ...(certain?.problems ?? outcome?.problems ?? interp.problems),
  ];
  const gaps: Gap[] = [
    ...modules.flatMap((file) => [...(interp.moduleGaps.get(file)?.values() ?? [])]),
    ...interp.gaps.values(),
  ];
  const diagnostics = checkRun({
    root: root.model,
    place: placeOf(session, root, outcome),
    concrete: certain === undefined ? outcome?.concrete?.graph : undefined,
    symbolic: certain === undefined ? outcome?.symbolic?.graph : certain.graph,
    problems: problems.filter((problem) => stands(problem, root)),
    fixedInput: outcome?.guessed === false,
    example: outcome?.sizes ?? new Map(),
    source: (file) => session.parsed(file)?.text,
    module: (file) => session.parsed(file)?.module,
    unusedModules: outcome?.unused ?? [],
    original: originalWords,
    parameters: parametersOf,
    spelling,
    ask: (questions) => listen(session, root, given, options, questions),
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

/** Where a root stands; of one that is asked for, its class, if that is the user's. */
function placeOf(session: Session, root: Root, outcome: Outcome | undefined): Place {
  const { graph } = outcome?.concrete ?? outcome?.symbolic ?? {};
  const cls = graph?.modules.find(({ path }) => path === "")?.classPlace;
  return root.kind === "given" && cls !== undefined && loadedModule(session, cls.file).own ? cls : root.place;
}

/** What a root's expression itself raises, outside of any file: there is no model to show then. */
function ownMistake(problems: readonly Problem[]): Text | undefined {
  const found = problems.find((problem) => problem.kind === "python" && problem.place === undefined);
  return found?.kind === "python" ? t("{0}: {1}", found.exception, found.message) : undefined;
}

/**
 * The expression that builds a root: as it stands in the file, with its places there, where the file has it so; else as
 * the root's text has it, which stands nowhere.
 */
function expressionOf(session: Session, { file, model, place }: Root) {
  const { start, end } = place.span;
  const written = session.parsed(file)?.text.slice(start, end) ?? "";
  const flat = (text: string): string => text.replace(/\s+/g, "");
  const isWritten = place.file === file && flat(written) === flat(model);
  const value = parseExpression(isWritten ? written : model);
  return value === undefined ? undefined : { value: isWritten ? rebase(value, start) : value, isWritten };
}

/** What the user wrote is reported; what only a guessed construction raises is not. */
function stands(problem: Problem, root: Root): boolean {
  if (problem.kind !== "python") return true;
  // Code that says itself what has to be installed is not wrong where it is not.
  if (problem.raised && /^(Import|ModuleNotFound)Error$/.test(problem.exception)) return false;
  if (problem.phase === "module") return true;
  // A name that exists nowhere is missing however the class is built.
  if (root.kind === "class" && problem.phase === "build" && problem.exception !== "NameError") return false;
  return !(problem.raised && (root.kind === "factory" || root.kind === "class"));
}

/** Mistakes that a factory makes whatever it is called with, by their keys. */
function builtWithUnknown(interp: Interp, factory: Value, root: Root): ReadonlySet<string> {
  const mark = interp.journal.begin();
  interp.problems = [];
  interp.store.set("orphan", true);
  try {
    const more = { reason: t("no call builds {0}", root.model), place: root.place };
    callValue(interp, factory, { positional: [], keywords: [], more });
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
  } finally {
    interp.journal.rollback(mark);
    interp.store.delete("orphan");
  }
  return new Set(interp.problems.map(keyOf));
}

function keyOf(problem: Problem): string {
  const { place } = problem;
  const what = problem.kind === "python" ? `${problem.exception}: ${problem.message}` : problem.layer;
  return `${place?.file} ${place?.span.start} ${what}`;
}

/** Of what comes in nothing is known, not even that it is a tensor; what is missing elsewhere is missing all the same. */
function isMissingName(problem: Problem): boolean {
  if (problem.kind !== "python") return false;
  const { exception, message } = problem;
  return exception === "NameError" || (exception === "AttributeError" && !/^'(Tensor|NoneType)'/.test(message));
}

/** Exceptions that a size may be to blame for: an index, a mask, a number to unpack or to divide by. */
const OF_SIZES = /^(Index|Key|Value|Runtime|ZeroDivision|Assertion|Overflow)Error$/;

/** Of what is raised at an example's sizes only what is raised at all sizes, at the same place, is the code's own mistake. */
function isOfEverySize(atAll: readonly Problem[]): (problem: Problem) => boolean {
  const key = ({ kind, place, ...rest }: Problem): string =>
    `${kind} ${"exception" in rest ? rest.exception : ""} ${place?.file} ${place?.span.start}`;
  const always = new Set(atAll.map(key));
  return (problem) => problem.kind !== "python" || !OF_SIZES.test(problem.exception) || always.has(key(problem));
}

/** Runs a root once more and hears what expressions would give where others stand. */
function listen(
  session: Session,
  root: Root,
  given: readonly InputSpec[] | undefined,
  options: Options,
  questions: readonly Question[],
): readonly Heard[] {
  const { answers, probe } = listener(session.interp, (file) => session.parsed(file)?.module, questions);
  guarded(session, options, (interp) => {
    interp.probe = probe;
    try {
      runRoot(
        session,
        interp,
        root,
        given,
        questions.every(({ building }) => building),
      );
    } finally {
      interp.probe = undefined;
    }
  });
  return answers;
}

function runRoot(
  session: Session,
  interp: Interp,
  root: Root,
  given: readonly InputSpec[] | undefined,
  buildOnly = false,
): Outcome | undefined {
  if (root.opened !== undefined) loadedModule(session, root.opened);
  const module = loadedModule(session, root.file);
  if (session.tooLong(root.file)) {
    interp.gaps.set("text", {
      reason: t("the file is longer than {0} characters and was not read", MAX_TEXT),
      place: undefined,
    });
    return undefined;
  }
  const expr = expressionOf(session, root);
  if (expr === undefined) {
    interp.gaps.set("model", { reason: t("{0} is not an expression", root.model), place: undefined });
    return undefined;
  }
  interp.phase = "build";
  interp.frames = [moduleFrame({ ...module, own: false, file: expr.isWritten ? module.file : undefined })];
  const tree = session.parsed(root.file)?.module;
  interp.store.set("guessed", root.kind === "factory" || root.kind === "class");
  let isBroken = false;
  const named =
    root.setup !== undefined && tree !== undefined
      ? (replay(interp, module, tree, root.setup) ?? unknown({ reason: t("no call of {0} is found", root.model) }))
      : evaluate(interp, expr.value, module.scope);
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
  if (root.kind === "factory" && 0 < interp.problems.length && expr.value.kind === "call") {
    const { problems } = interp;
    const certain = builtWithUnknown(interp, evaluate(interp, expr.value.callee, module.scope), root);
    interp.problems = problems.filter((problem) => isMissingName(problem) || certain.has(keyOf(problem)));
    isBroken = interp.problems.length < problems.length;
  }
  const mistake = root.kind === "given" ? ownMistake(interp.problems) : undefined;
  if (buildOnly) return undefined;
  if (!isModule(model) || mistake !== undefined) {
    const unknown = model.kind === "unknown" ? model.why : undefined;
    const reason = mistake ?? unknown?.reason ?? t("{0} does not build a module", root.model);
    interp.gaps.set("model", { reason, place: mistake === undefined ? unknown?.place : undefined });
    return {
      concrete: undefined,
      symbolic: undefined,
      input: given ?? [],
      example: false,
      problems: interp.problems,
      unused: [],
      sizes: new Map(),
      guessed: true,
      certain: undefined,
    };
  }
  if (!interp.training) setEvaluating(interp, model);
  interp.phase = "forward";
  const built = interp.problems;
  const forward = (specs: readonly InputSpec[]): Forward => {
    interp.problems = [];
    return runForward(session, interp, model, specs);
  };
  const probes = new Map<string, Pass>();
  const probe = (specs: readonly InputSpec[]): Probe => {
    const pass = probed(interp, () => forward(specs));
    probes.set(JSON.stringify(specs), pass);
    const { run, problems } = pass.made;
    const { graph } = run;
    return { graph, sound: problems.length === 0 && graph.nodes.every(({ refusal }) => refusal === undefined) };
  };
  const guess = given === undefined ? guessInputs(model, probe, (value) => force(interp, value)) : undefined;
  const input = given ?? guess?.input ?? [{ kind: "tensor", shape: undefined }];
  if (input.some((spec) => spec.kind === "any" || (spec.kind === "tensor" && spec.shape === undefined)))
    interp.gaps.set("input", { reason: t("what {0} is called on is not known", root.model), place: undefined });
  const isOpen = input.some(hasSymbols);
  const looked = probes.get(JSON.stringify(input));
  for (const [key, gap] of looked?.gaps ?? []) interp.gaps.set(key, gap);
  const symbolicFirst = isOpen ? (looked?.made ?? forward(input)) : undefined;
  let sizes = new Map<string, number>();
  let pinned = false;
  let concreteInput: readonly InputSpec[] | undefined = isOpen ? undefined : input;
  // Sizes of several inputs depend on each other in ways that are not solved for.
  if (isOpen && given === undefined && input.length === 1) {
    const solved = solveSizes(symbolicFirst?.run.graph, session.parsed(root.file)?.text ?? "");
    sizes = solved.sizes ?? sizes;
    pinned = solved.pinned;
    // Where no size fits that was tried, only what fails at every size is the code's own mistake.
    if (solved.sizes !== undefined) concreteInput = input.map((spec) => fill(spec, sizes));
  }
  const open = isOpen ? input : input.map((spec, i) => withSymbols(spec, i));
  const recoveries: Recoveries = new Map();
  interp.store.set("recoveries", recoveries);
  const concrete = concreteInput === undefined ? undefined : likeliest(() => forward(concreteInput), recoveries);
  const met = new Map(interp.gaps);
  const symbolic = symbolicFirst === undefined || 0 < recoveries.size ? forward(open) : symbolicFirst;
  // On sizes that were given nothing is missing because the code could not be followed for all sizes.
  if (given !== undefined && concrete !== undefined) {
    interp.gaps.clear();
    for (const [key, gap] of met) interp.gaps.set(key, gap);
  }
  const main = concrete ?? symbolic;
  const guessed = given === undefined && !pinned;
  const isForced = given !== undefined || guess?.forced === true;
  // What a construction that only we chose ends with says nothing about the forward pass of one that goes well.
  isBroken ||= built.some((problem) => !stands(problem, root));
  const opened = guess?.open === undefined ? undefined : probes.get(JSON.stringify(guess.open));
  const certain: Certain | undefined = isBroken
    ? { graph: undefined, problems: built }
    : isForced
      ? undefined
      : { graph: opened?.made.run.graph, problems: [...built, ...(opened?.made.problems ?? []).filter(isMissingName)] };
  return {
    concrete: concrete?.run,
    symbolic: symbolic.run,
    input,
    example: given === undefined,
    problems: [...built, ...(guessed ? main.problems.filter(isOfEverySize(symbolic.problems)) : main.problems)],
    unused: unusedModules(session, model, main),
    sizes,
    guessed,
    certain,
  };
}

/**
 * A forward pass that goes on after refused adds with the shapes that let most of the rest fit: what a fix gives fits what
 * follows. Which operand that is of each is left in `recoveries`.
 */
function likeliest(forward: () => Forward, recoveries: Map<string, 0 | 1>): Forward {
  const first = forward();
  if (recoveries.size === 0 || mistakesOf(first) === 0) return first;
  const chosen = new Map(recoveries);
  for (const [key, operand] of chosen) recoveries.set(key, operand === 0 ? 1 : 0);
  const second = forward();
  if (mistakesOf(second) < mistakesOf(first)) return second;
  recoveries.clear();
  for (const [key, operand] of chosen) recoveries.set(key, operand);
  return first;
}

/** Refused adds aside: maps that have become tiny fit each other by accident. */
function mistakesOf({ run, problems }: Forward): number {
  return run.graph.nodes.filter(({ refusal, op }) => refusal !== undefined && op !== "add").length + problems.length;
}

/** As `model.eval()` does, which also runs what the code makes of `train` and `eval` itself. */
function setEvaluating(interp: Interp, model: InstanceValue): void {
  const modules = namedModules(model).map(({ module }) => module);
  const own = classAttribute(model.cls, "eval");
  const runsCode = modules.some(({ cls }) => classAttribute(cls, "train")?.kind === "function");
  if (own !== undefined && (own.kind === "function" || runsCode)) {
    try {
      callValue(interp, { kind: "method", self: model, fn: own }, { positional: [], keywords: [] });
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      interp.reportRaised(interp, error);
    }
  }
  if (!runsCode) for (const { attrs } of modules) interp.journal.set(attrs, "training", bool(false));
}

interface Forward {
  readonly run: Run;
  readonly problems: readonly Problem[];
  readonly state: ForwardState;
}

/** A forward pass made to look, and the gaps it met. */
interface Pass {
  readonly made: Forward;
  readonly gaps: Interp["gaps"];
}

/** A forward pass that only looks: what it finds missing or wrong is not told. */
function probed(interp: Interp, forward: () => Forward): Pass {
  const before = new Map(interp.gaps);
  const made = forward();
  const gaps = new Map(interp.gaps);
  interp.problems = [];
  interp.gaps.clear();
  for (const [key, gap] of before) interp.gaps.set(key, gap);
  return { made, gaps };
}

function runForward(session: Session, interp: Interp, model: InstanceValue, specs: readonly InputSpec[]): Forward {
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
  const positional: { readonly value: Value }[] = [];
  const keywords: (readonly [string, { readonly value: Value }])[] = [];
  for (const [i, spec] of specs.entries()) {
    const value = inputValue(interp, spec, i);
    if ("name" in spec && spec.name !== undefined) keywords.push([spec.name, { value }]);
    else positional.push({ value });
  }
  let output: ShapeTree | undefined;
  let graph: Graph;
  try {
    try {
      const value = callValue(interp, model, { positional, keywords });
      output = shapeTree(value, 0) ?? undefined;
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      interp.reportRaised(interp, error);
    }
    // Before what the run wrote is taken back: lazy layers have their parameters by now.
    graph = assemble(model, state, builder, output, specs);
  } finally {
    interp.journal.rollback(mark);
    interp.frames.length = depth;
    interp.graph = undefined;
    interp.recorder = undefined;
    interp.path = undefined;
    interp.handlers = 0;
    interp.speculating = 0;
  }
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
