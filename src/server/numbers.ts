import type { Connection } from "vscode-languageserver";
import type { Analysis } from "../analysis.ts";
import { METHODS, type NumbersParams, type TryNumberParams } from "../editor/protocol.ts";
import { changesBetween } from "../preview/compare.ts";
import { numbersOf } from "../preview/editable.ts";
import type { NodeNumber, TrialAnswer } from "../preview/number-edit.ts";
import { toView, type ViewResult } from "../preview/view.ts";
import { editedAnalysis } from "../proof.ts";
import { lineIndex, type Place } from "../text/span.ts";
import { render, type Text, t } from "../text/text.ts";
import type { OpenDocument } from "./document.ts";
import type { Host } from "./host.ts";
import type { Session } from "./session.ts";

/** Changed nodes that one answer tells of. */
const MOST_CHANGES = 200;

type AnalysisOf = (session: Session, document: OpenDocument, model: string | undefined) => Analysis | undefined;

/** Answers which numbers of a module stand in the code, and what another one in the place of one would do. */
export function answerNumbers(connection: Connection, host: Host, session: Session, analysisOf: AnalysisOf): void {
  const sourceAt = ({ file, span }: Place): string | undefined => session.read(file)?.slice(span.start, span.end);

  connection.onRequest(
    METHODS.numbers,
    async ({ uri, model, paths }: NumbersParams): Promise<readonly NodeNumber[]> => {
      const document = await session.ready(uri);
      const analysis = document === undefined ? undefined : analysisOf(session, document, model);
      const graph = (analysis?.concrete ?? analysis?.symbolic)?.graph;
      if (graph === undefined || document?.view?.text !== document?.text) return [];
      return paths.flatMap((path) =>
        numbersOf(graph, path, sourceAt).map(({ name, value, literal }): NodeNumber => {
          if (literal.kind === "none") return { name, path, value, reason: literal.reason };
          if (session.isLibrary(literal.place.file))
            return { name, path, value, reason: t("it stands in an installed package") };
          const { uri: where, range } = session.context.location(literal.place);
          const { line, character: start } = range.start;
          return { name, path, value, place: { uri: where, line, start, end: range.end.character } };
        }),
      );
    },
  );

  connection.onRequest(METHODS.tryNumber, async (params: TryNumberParams): Promise<TrialAnswer> => {
    const document = await session.ready(params.uri);
    const analysis = document === undefined ? undefined : analysisOf(session, document, params.model);
    if (document === undefined || analysis === undefined) return none(t("No call here builds a model."));
    if (!/^\d{1,7}$/.test(params.text)) return none(t("a whole number is wanted"));
    const { uri, line, start, end } = params.place;
    const owner = session.notebooks.ownerOf(uri);
    const file = session.documents.get(owner)?.file ?? host.fileOf(owner);
    const source = session.read(file);
    if (source === undefined || document.view?.text !== document.text) return changed();
    const lines = lineIndex(source);
    const first = lines.lineStart(session.notebooks.extentOf(uri).line + line);
    const span = { start: first + start, end: first + end };
    const old = source.slice(span.start, span.end);
    if (!/^\d+$/.test(old)) return changed();
    const edits = [{ place: { file, span }, text: params.text }];
    const then = editedAnalysis(session.bench(), analysis, edits);
    const [now, after] = [viewOf(analysis), viewOf(then)];
    if (now.kind === "none" || after.kind === "none") {
      const failed = then.diagnostics.find(({ severity }) => severity === "error")?.message;
      return none(failed ?? (after.kind === "none" ? after.reason : t("there is nothing to compare")));
    }
    const changes = changesBetween(now.view, after.view);
    const rest = source.indexOf("\n", span.end);
    const stop = rest < 0 ? source.length : rest;
    const text = (number: string): string =>
      (source.slice(first, span.start) + number + source.slice(span.end, stop)).trim();
    return {
      kind: "ok",
      trial: {
        place: params.place,
        old,
        text: params.text,
        model: then.root.model,
        before: text(old),
        after: text(params.text),
        changes: { ...changes, nodes: changes.nodes.slice(0, MOST_CHANGES) },
        broken: newIn(then, analysis),
        mended: newIn(analysis, then),
      },
    };
  });
}

function viewOf(analysis: Analysis): ViewResult {
  return toView({ analysis, roots: [] });
}

/** Errors and warnings that one analysis has and the other has not. */
function newIn(one: Analysis, other: Analysis): readonly Text[] {
  const told = ({ diagnostics }: Analysis) =>
    diagnostics.filter(({ severity }) => severity === "error" || severity === "warning").map(({ message }) => message);
  const known = new Set(told(other).map((message) => render(message)));
  return told(one).filter((message) => !known.has(render(message)));
}

function changed(): TrialAnswer {
  return none(t("the code has changed meanwhile"));
}

function none(reason: Text): TrialAnswer {
  return { kind: "none", reason };
}
