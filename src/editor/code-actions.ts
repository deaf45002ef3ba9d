import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic as Problem,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { Diagnostic, Edit, Fix } from "../checks/diagnostic.ts";
import { t } from "../text/text.ts";
import type { Context, FileView } from "./context.ts";
import { ignoreAction } from "./ignore-action.ts";

/** Kind of the action that applies every safe fix of a file; `editor.codeActionsOnSave` can name it. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.resnetLens`;

/** One diagnostic and how it was published. */
export interface Published {
  readonly diagnostic: Diagnostic;
  readonly problem: Problem;
}

/**
 * The quick fixes of the diagnostics that touch a span, and the fixes of the whole file; last what only silences them.
 */
export function codeActions(
  view: FileView,
  published: readonly Published[],
  span: { readonly start: number; readonly end: number },
  context: Context,
): readonly CodeAction[] {
  const own = published.filter(({ diagnostic }) => diagnostic.place.file === view.file);
  const here = own.filter(({ diagnostic: { place } }) => place.span.start <= span.end && span.start <= place.span.end);
  const fixes = here.flatMap(({ diagnostic, problem }) =>
    diagnostic.fixes.map(
      (fix): CodeAction => ({
        title: context.say(fix.title),
        kind: CodeActionKind.QuickFix,
        diagnostics: [problem],
        ...(fix.preferred ? { isPreferred: true } : {}),
        edit: workspaceEdit(fix.edits, context),
      }),
    ),
  );
  const ignoring = here.flatMap(
    (one) => ignoreAction(view, one, (edits) => workspaceEdit(edits, context), context) ?? [],
  );
  const safe = safeFixes(own.map(({ diagnostic }) => diagnostic));
  if (safe.length === 0) return [...fixes, ...ignoring];
  const edit = workspaceEdit(
    safe.flatMap(({ edits }) => edits),
    context,
  );
  const all: CodeAction = {
    title: context.say(t("Fix all safe ResNet Lens problems in this file")),
    kind: FIX_ALL,
    edit,
  };
  // With its problems it keeps its place; without them the client would put it behind what only silences.
  const quick: readonly CodeAction[] =
    0 < here.length && 1 < safe.length
      ? [{ ...all, kind: CodeActionKind.QuickFix, diagnostics: here.map(({ problem }) => problem) }]
      : [];
  return [...fixes, ...quick, ...ignoring, all];
}

/** One safe fix a diagnostic, the preferred first; one that would edit what another already edits waits its turn. */
function safeFixes(diagnostics: readonly Diagnostic[]): readonly Fix[] {
  const chosen: Fix[] = [];
  for (const { fixes } of diagnostics) {
    const safe = fixes.filter((fix) => fix.safe);
    const fix = safe.find(({ preferred }) => preferred) ?? safe[0];
    if (fix === undefined) continue;
    const taken = chosen.flatMap(({ edits }) => edits);
    const same = chosen.some((other) => sameEdits(other.edits, fix.edits));
    if (!same && !fix.edits.some((edit) => taken.some((other) => overlap(edit, other)))) chosen.push(fix);
  }
  return chosen;
}

function workspaceEdit(edits: readonly Edit[], context: Context): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const { place, text } of edits) {
    const { uri, range } = context.location(place);
    const list = changes[uri] ?? [];
    list.push({ range, newText: text });
    changes[uri] = list;
  }
  return { changes };
}

function overlap(a: Edit, b: Edit): boolean {
  if (a.place.file !== b.place.file) return false;
  return a.place.span.start <= b.place.span.end && b.place.span.start <= a.place.span.end;
}

function sameEdits(a: readonly Edit[], b: readonly Edit[]): boolean {
  const text = (edits: readonly Edit[]): string =>
    edits.map(({ place, text: put }) => `${place.file}:${place.span.start}:${place.span.end}:${put}`).join("|");
  return text(a) === text(b);
}
