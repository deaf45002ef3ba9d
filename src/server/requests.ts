import type { Connection } from "vscode-languageserver";
import type { Analysis } from "../analysis.ts";
import { type Choice, NO_CHOICE, typedInputs, withInputs, withModel } from "../editor/choice.ts";
import { shownRun } from "../editor/context.ts";
import { layerTable } from "../editor/layer-table.ts";
import {
  type ChoiceAnswer,
  type CommentAnswer,
  type DocumentParams,
  type FilesParams,
  METHODS,
  type Position,
  type PreviewAnswer,
  type PreviewParams,
  type ProgramAnswer,
  type RootChoice,
  type RootsAnswer,
  type SetInputParams,
  type SetRootParams,
  type StatusAnswer,
  type TableParams,
} from "../editor/protocol.ts";
import { addsOf } from "../editor/residual.ts";
import { rootComment } from "../editor/root-comment.ts";
import { inputText } from "../editor/root-text.ts";
import { runnableInput } from "../editor/runnable-input.ts";
import { statusItem } from "../editor/status-item.ts";
import { graphKey } from "../preview/graph-key.ts";
import type { PreviewView } from "../preview/model.ts";
import { toProgram } from "../preview/program.ts";
import { toView } from "../preview/view.ts";
import { lineIndex } from "../text/span.ts";
import { t } from "../text/text.ts";
import { analyzeRoot, isAnalyzed, type OpenDocument, typedRoot } from "./document.ts";
import type { Host } from "./host.ts";
import { answerNumbers } from "./numbers.ts";
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

  connection.onRequest(METHODS.roots, async ({ uri }: DocumentParams): Promise<RootsAnswer> => {
    const document = await session.ready(uri);
    const analyses = document?.view?.analyses ?? [];
    const [shown] = analyses;
    const roots = (document?.roots ?? []).map(({ model, kind }): RootChoice => {
      const analysis = analyses.find(({ root }) => root.model === model);
      const input = analysis === undefined ? {} : { input: inputText(analysis), example: analysis.example };
      return { model, kind, shown: model === shown?.root.model, ...input };
    });
    const inputs = shown === undefined ? [] : offeredInputs(shown);
    return { roots, inputs, choice: document?.choice ?? NO_CHOICE };
  });

  connection.onRequest(METHODS.setRoot, async ({ uri, model }: SetRootParams): Promise<ChoiceAnswer> => {
    const document = await session.ready(uri);
    if (document === undefined) return { kind: "ok", choice: NO_CHOICE };
    const typed = !document.roots.some((root) => root.model === model && root.kind !== "given");
    if (model !== null && typed) {
      const analysis = analyzeRoot(session.analyzer(), document, typedRoot(document.file, model));
      if (shownRun(analysis) === undefined) return refusal(analysis);
    }
    return chosen(document, model === null ? NO_CHOICE : withModel(document.choice, model, typed));
  });

  connection.onRequest(METHODS.setInput, async ({ uri, model, inputs }: SetInputParams): Promise<ChoiceAnswer> => {
    const document = await session.ready(uri);
    const shown = model ?? document?.view?.analyses[0]?.root.model;
    if (document === undefined || shown === undefined)
      return { kind: "error", error: session.context.say(t("there is no model to give an input to")) };
    const typed = typedInputs(inputs ?? []);
    if (typed.kind === "error") return { kind: "error", error: session.context.say(typed.message) };
    return chosen(document, withInputs(document.choice, shown, inputs ?? undefined));
  });

  async function chosen({ uri }: OpenDocument, choice: Choice): Promise<ChoiceAnswer> {
    session.choose(uri, choice);
    await session.ready(uri);
    return { kind: "ok", choice };
  }

  /** Why a typed model cannot be shown. */
  function refusal({ root, gaps, unknown }: Analysis): ChoiceAnswer {
    const reason = gaps.at(-1)?.reason ?? unknown?.reason ?? t("{0} does not build a module", root.model);
    return { kind: "error", error: session.context.say(reason) };
  }

  connection.onRequest(METHODS.comment, async ({ uri }: DocumentParams): Promise<CommentAnswer | null> => {
    const document = await session.ready(uri);
    const analysis = document?.view?.analyses[0];
    if (document === undefined || analysis === undefined) return null;
    const { kind, place } = analysis.root;
    const named = (kind === "factory" || kind === "class") && place.file === document.file;
    const line = named ? lineIndex(document.text).position(place.span.start).line : undefined;
    const edit = rootComment(document.text, analysis, line);
    const cell = session.notebooks.cellAt(document.file, edit.line);
    if (cell === undefined) return { uri: document.uri, ...edit };
    return { uri: cell.uri, line: edit.line - cell.line, endLine: edit.endLine - cell.line, lines: edit.lines };
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
      code: session.context.lineText,
      shown: session.context.shownPlace,
    });
    return answer.kind === "ok"
      ? { kind: "ok", view: answer.view, uri: document.uri, model: analysis.root.model }
      : answer;
  });

  connection.onRequest(METHODS.program, async ({ uri, model }: PreviewParams): Promise<ProgramAnswer> => {
    const document = await session.ready(uri);
    const analysis = document === undefined ? undefined : analysisOf(session, document, model);
    if (analysis === undefined) return { kind: "none", reason: t("No call here builds a model.") };
    const input = runnableInput(analysis);
    const runnable = input === undefined ? analysis : session.analyzer().analyze(analysis.root, input);
    const graph = runnable.concrete?.graph;
    const shown = shownRun(analysis);
    if (graph === undefined || shown === undefined)
      return { kind: "none", reason: t("the sizes of the input are not known") };
    const result = toProgram(graph);
    return result.kind === "ok" ? { ...result, key: graphKey(shown.graph) } : { kind: "none", reason: result.reason };
  });

  connection.onRequest(METHODS.table, async ({ uri, model, format }: TableParams): Promise<string | null> => {
    const document = await session.ready(uri);
    const analysis = document === undefined ? undefined : analysisOf(session, document, model);
    return analysis === undefined ? null : layerTable(analysis, format);
  });

  answerNumbers(connection, host, session, analysisOf);

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

/** Square images with the shown channel count; none for another kind of input. */
function offeredInputs(analysis: Analysis): readonly string[] {
  const [only, ...more] = shownRun(analysis)?.graph.inputs ?? [];
  const shape = only?.type.shape;
  const channels = shape?.[1]?.size;
  if (0 < more.length || shape?.length !== 4 || typeof channels !== "number") return [];
  return OFFERED_SIZES.map((size) => `${channels}×${size}×${size}`);
}
