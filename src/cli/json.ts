import type { Analysis, Observation } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import { givenRun } from "../editor/context.ts";
import { moduleMadds } from "../editor/layer-table.ts";
import { inputWith } from "../editor/runnable-input.ts";
import { isAssumed } from "../editor/shape-text.ts";
import type { Graph, ModuleInfo } from "../graph/graph.ts";
import type { LineIndex, Place } from "../text/span.ts";
import { render } from "../text/text.ts";
import { inputJson, type ShapeJson, sizeJson, treeJson } from "./json-shapes.ts";

/** How files are written, and where their lines begin. */
export interface Names {
  readonly name: (file: string) => string;
  readonly lines: (file: string) => LineIndex;
}

export interface DiagnosticJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: Diagnostic["severity"];
  readonly code: Diagnostic["code"];
  readonly message: string;
  readonly root?: string;
  readonly roots: readonly string[];
  readonly instances: readonly string[];
  readonly related: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
  readonly fixes: readonly {
    readonly title: string;
    readonly edits: readonly (RangeJson & { readonly text: string })[];
  }[];
}

interface RangeJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface GapJson {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface RootJson {
  readonly file: string;
  readonly model: string;
  readonly input: readonly ShapeJson[];
  readonly output: ShapeJson;
  readonly status: Analysis["status"];
  readonly gaps?: readonly GapJson[];
}

export interface ShapesJson {
  readonly model: string;
  readonly input: readonly ShapeJson[];
  readonly output: ShapeJson;
  readonly params: number | null;
  readonly status: Analysis["status"];
  readonly modules: readonly ModuleJson[];
  readonly vars: readonly VarJson[];
  readonly gaps: readonly GapJson[];
  readonly diagnostics: readonly DiagnosticJson[];
}

export interface ModuleJson {
  readonly path: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly outputs: readonly ShapeJson[];
  readonly params: number | null;
  readonly madds: number | string | null;
}

export interface VarJson {
  readonly file: string;
  readonly line: number;
  readonly variable: string;
  readonly shapes: readonly ShapeJson[];
  readonly assumed?: true;
}

/** `check`'s answer: diagnostics, and every root that was analyzed. */
export function checkJson(
  diagnostics: readonly Diagnostic[],
  roots: readonly RootJson[],
  names: Names,
): { readonly diagnostics: readonly DiagnosticJson[]; readonly roots: readonly RootJson[] } {
  return { diagnostics: diagnosticsJson(diagnostics, names), roots };
}

/** `shapes`' answer: every shape of one root. */
export function shapesJson(analysis: Analysis, names: Names): ShapesJson {
  const run = givenRun(analysis);
  return {
    model: analysis.root.model,
    input: inputsJson(analysis),
    output: outputJson(analysis),
    params: run?.graph.params ?? null,
    status: analysis.status,
    modules: (run?.graph.modules ?? [])
      .filter(({ calls }) => calls.some(({ maybe }) => !maybe))
      .map((module) => moduleJson(module, run?.graph)),
    vars: [...(run?.observations ?? [])].flatMap(([file, observations]) => varsJson(file, observations, names)),
    gaps: gapsJson(analysis, names),
    diagnostics: diagnosticsJson(analysis.diagnostics, names),
  };
}

/** Diagnostics of a root or a file; what was not understood stands in `gaps` instead. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[], names: Names): readonly DiagnosticJson[] {
  return diagnostics.filter(({ code }) => code !== "gap").map((diagnostic) => diagnosticJson(diagnostic, names));
}

function diagnosticJson(diagnostic: Diagnostic, names: Names): DiagnosticJson {
  const [root] = diagnostic.roots;
  return {
    ...rangeJson(diagnostic.place, names),
    severity: diagnostic.severity,
    code: diagnostic.code,
    message: render(diagnostic.message),
    ...(root === undefined ? {} : { root }),
    roots: diagnostic.roots,
    instances: diagnostic.instances,
    related: diagnostic.related.map(({ place, message }) => {
      const { file, line, column } = rangeJson(place, names);
      return { file, line, column, message: render(message) };
    }),
    fixes: diagnostic.fixes.map(({ title, edits }) => ({
      title: render(title),
      edits: edits.map(({ place, text }) => ({ ...rangeJson(place, names), text })),
    })),
  };
}

/** One root as `check` lists it. */
export function rootJson(analysis: Analysis, names: Names): RootJson {
  return {
    file: names.name(analysis.root.file),
    model: analysis.root.model,
    input: inputsJson(analysis),
    output: outputJson(analysis),
    status: analysis.status,
    ...(analysis.gaps.length === 0 ? {} : { gaps: gapsJson(analysis, names) }),
  };
}

function inputsJson(analysis: Analysis): readonly ShapeJson[] {
  const types = (givenRun(analysis)?.graph.inputs ?? []).map(({ type }) => type);
  return (inputWith(analysis, types) ?? analysis.input).map(inputJson);
}

function outputJson(analysis: Analysis): ShapeJson {
  const output = givenRun(analysis)?.graph.output;
  return output === undefined ? "?" : treeJson(output);
}

function gapsJson(analysis: Analysis, names: Names): readonly GapJson[] {
  return analysis.gaps.map(({ place, reason }) => {
    const { file, line } = rangeJson(place ?? analysis.root.place, names);
    return { file, line, reason: render(reason) };
  });
}

/** A registered module that was called. `madds` counts all its calls, with what they call. */
function moduleJson(module: ModuleInfo, graph: Graph | undefined): ModuleJson {
  const madds = graph === undefined ? undefined : moduleMadds(module, graph);
  return {
    path: module.path,
    ...(module.aliases.length === 0 ? {} : { aliases: module.aliases }),
    type: module.type,
    outputs: module.calls.flatMap(({ output, maybe }) => (maybe ? [] : [treeJson(output)])),
    params: module.params ?? null,
    madds: madds === undefined ? null : sizeJson(madds),
  };
}

/** One entry a statement and name: the set of shapes over all instances. */
export function varsJson(file: string, observations: readonly Observation[], names: Names): readonly VarJson[] {
  const lines = names.lines(file);
  const found = new Map<
    string,
    { readonly line: number; readonly variable: string; readonly shapes: Map<string, ShapeJson>; assumed: boolean }
  >();
  for (const observation of observations) {
    const variable = variableOf(observation);
    if (variable === undefined || observation.instances.length === 0) continue;
    const statement = observation.statement ?? observation.span.start;
    const line = lines.position(statement).line + 1;
    const key = `${line} ${variable}`;
    const entry = found.get(key) ?? { line, variable, shapes: new Map<string, ShapeJson>(), assumed: false };
    for (const { value, maybe } of observation.instances) {
      // What may never run is not said to bind.
      if (maybe) continue;
      const shape = treeJson(value);
      entry.shapes.set(JSON.stringify(shape), shape);
      if (isAssumed(value)) entry.assumed = true;
    }
    if (0 < entry.shapes.size) found.set(key, entry);
  }
  return [...found.values()].map(({ line, variable, shapes, assumed }) => ({
    file: names.name(file),
    line,
    variable,
    shapes: [...shapes.values()],
    ...(assumed ? { assumed: true as const } : {}),
  }));
}

function variableOf({ role, name }: Observation): string | undefined {
  return role === "value" ? undefined : role === "return" ? "<return>" : name;
}

/** 1-based, columns in UTF-16 units, the end exclusive. */
function rangeJson({ file, span }: Place, names: Names): RangeJson {
  const lines = names.lines(file);
  const start = lines.position(span.start);
  const end = lines.position(span.end);
  return {
    file: names.name(file),
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
  };
}
