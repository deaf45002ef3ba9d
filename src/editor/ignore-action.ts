import type { CodeAction } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import type { Edit } from "../checks/diagnostic.ts";
import { ignoreComments, ignoringEdits } from "../checks/ignores.ts";
import { parsePython } from "../syntax/python/parse.ts";
import { lineIndex } from "../text/span.ts";
import { t } from "../text/text.ts";
import type { Published } from "./code-actions.ts";
import type { Context, FileView } from "./context.ts";

/** The action that silences a problem by a comment on its line; undefined where no line of it can end in a comment. */
export function ignoreAction(
  view: FileView,
  { diagnostic, problem }: Published,
  workspaceEdit: (edits: readonly Edit[]) => NonNullable<CodeAction["edit"]>,
  context: Context,
): CodeAction | undefined {
  const { code, place } = diagnostic;
  if (code === "unused-ignore") return undefined;
  const before = parsePython(view.text);
  const edit = ignoringEdits({ text: view.text, module: before.module }, place.span, code).find(
    ({ start, end, text }) => {
      const edited = view.text.slice(0, start) + text + view.text.slice(end);
      const { module } = parsePython(edited, before);
      const line = lineIndex(edited).position(start).line;
      // Behind a line that goes on, or inside a string, it would be no comment.
      return (
        module.syntaxErrors.length <= before.module.syntaxErrors.length &&
        ignoreComments({ text: edited, module }).some(
          (comment) => comment.line === line && comment.codes.some(({ name }) => name === code),
        )
      );
    },
  );
  if (edit === undefined) return undefined;
  const { start, end, text } = edit;
  return {
    title: context.say(t("Ignore {0} on this line", code)),
    kind: CodeActionKind.QuickFix,
    diagnostics: [problem],
    edit: workspaceEdit([{ place: { file: view.file, span: { start, end } }, text }]),
  };
}
