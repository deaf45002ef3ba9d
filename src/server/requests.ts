import type { Connection } from "vscode-languageserver";
import type { Analysis, InputSpec } from "../analysis.ts";
import { shownRun } from "../editor/context.ts";
import {
  type DocumentParams,
  type FilesParams,
  METHODS,
  type Position,
  type PreviewAnswer,
  type PreviewParams,
  type ProgramAnswer,
  type RootChoice,
  type SetInputAnswer,
  type SetInputParams,
  type SetRootParams,
  type StatusAnswer,
} from "../editor/protocol.ts";
import { addsOf } from "../editor/residual.ts";
import { inputText } from "../editor/root-text.ts";
import { runnableInput } from "../editor/runnable-input.ts";
import { statusItem } from "../editor/status-item.ts";
import { parseInput } from "../graph/input.ts";
import type { PreviewView } from "../preview/model.ts";
import { toProgram } from "../preview/program.ts";
import { toView } from "../preview/view.ts";
import { t } from "../text/text.ts";
import { analyzeRoot, isAnalyzed, type OpenDocument } from "./document.ts";
import type { Host } from "./host.ts";
import type { Session } from "./session.ts";

/** Sizes that the panel offers beside the shown one. */
const OFFERED_SIZES = [224, 128, 64, 32];

/** Answers what a client asks beside the protocol's own requests. */
export function answerRequests(connection: Connection, host: Host, session: Session): void {
  connection.onRequest(METHODS.status, async ({ uri }: DocumentParams): Promise<StatusAnswer> => {
    const document = await session.ready(uri);
    if (document === undefined || !session.settings().enabled || !isAnalyzed(document)) return null;
    return statusItem(document.view?.analyses[0], session.context);
  });

  connection.onRequest(METHODS.roots, async ({ uri }: DocumentParams): Promise<readonly RootChoice[]> => {
    const document = await session.ready(uri);
    const analyses = document?.view?.analyses ?? [];
    const shown = analyses[0]?.root.model;
    return (document?.roots ?? []).map(({ model, kind }) => {
      const analysis = analyses.find(({ root }) => root.model === model);
      return { model, kind, shown: model === shown, ...(analysis === undefined ? {} : { input: inputText(analysis) }) };
    });
  });

  connection.onRequest(METHODS.setRoot, async ({ uri, model }: SetRootParams): Promise<null> => {
    session.choose(uri, model ?? undefined);
    await session.ready(uri);
    return null;
  });

  connection.onRequest(METHODS.setInput, async ({ uri, model, inputs }: SetInputParams): Promise<SetInputAnswer> => {
    const document = await session.ready(uri);
    const shown = model ?? document?.view?.analyses[0]?.root.model;
    if (shown === undefined) return { error: session.context.say(t("there is no model to give an input to")) };
    const specs: InputSpec[] = [];
    for (const text of inputs ?? []) {
      const parsed = parseInput(withBatch(text));
      if (parsed.kind === "error") return { error: session.context.say(parsed.message) };
      specs.push(parsed.input);
    }
    session.setInput(uri, shown, inputs === null ? undefined : specs);
    await session.ready(uri);
    return {};
  });

  connection.onRequest(METHODS.analyze, async ({ uri }: DocumentParams): Promise<null> => {
    session.force(uri);
    await session.ready(uri);
    return null;
  });

  connection.onRequest(METHODS.preview, async ({ uri, model }: PreviewParams): Promise<PreviewAnswer<PreviewView>> => {
    const document = await session.ready(uri);
    const analysis = document === undefined ? undefined : analysisOf(session, document, model);
    if (document === undefined || analysis === undefined)
      return { kind: "none", reason: t("No call here builds a model.") };
    const roots = document.roots.map((root) => root.model);
    const answer = toView({
      analysis,
      roots,
      inputs: offeredInputs(analysis),
      line: (place) => session.context.location(place).range.start.line + 1,
    });
    return answer.kind === "ok" ? { kind: "ok", view: answer.view, uri, model: analysis.root.model } : answer;
  });

  connection.onRequest(METHODS.program, async ({ uri, model }: PreviewParams): Promise<ProgramAnswer> => {
    const document = await session.ready(uri);
    const analysis = document === undefined ? undefined : analysisOf(session, document, model);
    if (analysis === undefined) return { kind: "none", reason: t("No call here builds a model.") };
    const input = runnableInput(analysis);
    const runnable = input === undefined ? analysis : session.analyzer().analyze(analysis.root, input);
    const graph = runnable.concrete?.graph;
    if (graph === undefined) return { kind: "none", reason: t("the sizes of the input are not known") };
    const result = toProgram(graph);
    return result.kind === "ok" ? result : { kind: "none", reason: result.reason };
  });

  connection.onRequest(METHODS.mismatch, async ({ uri, model }: PreviewParams): Promise<Position | null> => {
    const document = await session.ready(uri);
    const analysis = document === undefined ? undefined : analysisOf(session, document, model);
    const graph = analysis === undefined ? undefined : shownRun(analysis)?.graph;
    const place = graph === undefined ? undefined : addsOf(graph).find(({ add }) => !add.fits)?.node.place;
    if (place === undefined) return null;
    const { uri: where, range } = session.context.location(place);
    return { uri: where, line: range.start.line, character: range.start.character };
  });

  connection.onNotification(METHODS.files, ({ files }: FilesParams) => {
    for (const { uri, text } of files) {
      const file = host.fileOf(uri);
      host.store?.(file, text ?? undefined);
      session.touched(file);
    }
  });
}

function analysisOf(session: Session, document: OpenDocument, model: string | undefined): Analysis | undefined {
  const analyses = document.view?.analyses ?? [];
  if (model === undefined) return analyses[0];
  const root = document.roots.find((candidate) => candidate.model === model);
  return (
    analyses.find((analysis) => analysis.root.model === model) ??
    (root === undefined ? undefined : analyzeRoot(session.analyzer(), document, root))
  );
}

/** Sizes as the status item writes them, `3×224×224`, are for a batch of any size. */
function withBatch(text: string): string {
  return /^\s*\d+\s*×\s*\d+\s*×\s*\d+\s*$/.test(text) ? `N×${text.trim()}` : text;
}

/** Square images with the shown channel count; none for another kind of input. */
function offeredInputs(analysis: Analysis): readonly string[] {
  const [only, ...more] = shownRun(analysis)?.graph.inputs ?? [];
  const shape = only?.type.shape;
  const channels = shape?.[1]?.size;
  if (0 < more.length || shape?.length !== 4 || typeof channels !== "number") return [];
  return OFFERED_SIZES.map((size) => `${channels}×${size}×${size}`);
}
