import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { typedInputs } from "../editor/choice.ts";
import {
  type ChoiceAnswer,
  type CommentAnswer,
  METHODS,
  type RootChoice,
  type RootsAnswer,
  type SetInputParams,
  type SetRootParams,
} from "../editor/protocol.ts";
import { t } from "../text/text.ts";
import { analyzedUri } from "./documents.ts";
import { rememberChoice } from "./memory.ts";
import { say } from "./say.ts";

/** What choosing for a document needs. */
export interface Chooser {
  readonly context: vscode.ExtensionContext;
  readonly client: BaseLanguageClient;
  readonly document: vscode.TextDocument;
}

interface Pick extends vscode.QuickPickItem {
  readonly run?: () => Promise<void>;
}

/** The status item's pick: the models of the file, the input of the shown one, and what to do with the choice. */
export async function choose(chooser: Chooser): Promise<void> {
  const answer = await rootsOf(chooser);
  const { roots, choice } = answer;
  const shown = roots.find((root) => root.shown);
  const picks: Pick[] = [
    section(t("Model")),
    ...roots.map((root) => ({
      label: `${root.shown ? "$(check) " : ""}${root.model}`,
      description: inputOf(root),
      run: () => chooseRoot(chooser, root.model).then(() => undefined),
    })),
    {
      label: say(t("Another model…")),
      description: say(t("a Python expression")),
      run: () => typeRoot(chooser, undefined),
    },
    ...(shown === undefined ? [] : inputPicks(chooser, shown, answer)),
    ...(choice.model === undefined && shown !== undefined && choice.inputs[shown.model] === undefined
      ? []
      : [
          {
            label: `$(discard) ${say(t("Back to what the code says"))}`,
            run: () => chooseRoot(chooser, null).then(() => undefined),
          },
        ]),
  ];
  const picked = await vscode.window.showQuickPick(picks, {
    title: "ResNet Lens",
    placeHolder: say(t("Which model to show. The source is read; no Python is run.")),
    matchOnDescription: true,
  });
  await picked?.run?.();
}

function inputPicks(chooser: Chooser, shown: RootChoice, { inputs, choice }: RootsAnswer): readonly Pick[] {
  const own = choice.inputs[shown.model];
  return [
    section(t("Input")),
    { label: `$(check) ${shown.input ?? "?"}`, description: shown.example === true ? say(t("example")) : "" },
    ...inputs
      .filter((input) => input !== shown.input)
      .map((input) => ({
        label: input,
        run: () => chooseInput(chooser, shown.model, [input]).then(() => undefined),
      })),
    { label: say(t("Another input…")), run: () => changeInput(chooser, shown.model) },
    ...(own === undefined
      ? []
      : [
          {
            label: say(t("The input that the code says")),
            run: () => chooseInput(chooser, shown.model, null).then(() => undefined),
          },
        ]),
    section(t("File")),
    {
      label: `$(edit) ${say(t("Write this choice into the file"))}`,
      description: "# resnet-lens: …",
      run: () => writeComment(chooser),
    },
  ];
}

function section(title: ReturnType<typeof t>): Pick {
  return { label: say(title), kind: vscode.QuickPickItemKind.Separator };
}

function inputOf({ input, example }: RootChoice): string {
  if (input === undefined) return "";
  return example === true ? say(t("{0} example", input)) : input;
}

/** Asks for an input until it is valid or given up. */
export async function changeInput(chooser: Chooser, model: string | undefined): Promise<void> {
  const { roots } = await rootsOf(chooser);
  const root = roots.find((candidate) => (model === undefined ? candidate.shown : candidate.model === model));
  const value = await vscode.window.showInputBox({
    title: "ResNet Lens",
    prompt: say(t("Sizes such as 3×224×224 or N,3,H,W; several inputs are separated by a semicolon")),
    value: root?.input ?? "3×224×224",
    validateInput(text) {
      const typed = typedInputs(separated(text));
      return typed.kind === "ok" ? undefined : say(typed.message);
    },
  });
  if (value !== undefined) await chooseInput(chooser, root?.model, separated(value));
}

function separated(text: string): readonly string[] {
  return text.split(";").map((part) => part.trim());
}

/** Asks for the expression that builds the model, until it builds one or is given up. */
export async function typeRoot(chooser: Chooser, model: string | undefined): Promise<void> {
  let value = model ?? "";
  // The cursor stands between the brackets, where the arguments go.
  let cursor = value.endsWith(")") ? value.length - 1 : value.length;
  let prompt = say(t("A Python expression that builds the model, in this file's own names"));
  for (;;) {
    const typed = await vscode.window.showInputBox({
      title: "ResNet Lens",
      prompt,
      placeHolder: "ResNet(Bottleneck, [3, 4, 6, 3])",
      value,
      valueSelection: [cursor, cursor],
    });
    if (typed === undefined || typed.trim() === "") return;
    const answer = await chooseRoot(chooser, typed.trim());
    if (answer.kind === "ok") return;
    value = typed;
    cursor = value.length;
    prompt = answer.error;
  }
}

/** Shows another root, and keeps the choice; null goes back to what the code says. */
export async function chooseRoot({ context, client, document }: Chooser, model: string | null): Promise<ChoiceAnswer> {
  const uri = analyzedUri(document);
  const answer = await client.sendRequest<ChoiceAnswer>(METHODS.setRoot, { uri, model } satisfies SetRootParams);
  if (answer.kind === "ok") await rememberChoice(context, uri, answer.choice);
  return answer;
}

/** Shows a root, or the shown one, at other inputs, and keeps the choice; null goes back to what the code says. */
export async function chooseInput(
  { context, client, document }: Chooser,
  model: string | undefined,
  inputs: readonly string[] | null,
): Promise<ChoiceAnswer> {
  const uri = analyzedUri(document);
  const params: SetInputParams = { uri, inputs, ...(model === undefined ? {} : { model }) };
  const answer = await client.sendRequest<ChoiceAnswer>(METHODS.setInput, params);
  if (answer.kind === "ok") await rememberChoice(context, uri, answer.choice);
  return answer;
}

/** Writes the shown root and its input into the file; from then on the code says it. */
async function writeComment(chooser: Chooser): Promise<void> {
  const { client, document } = chooser;
  const params = { uri: document.uri.toString() };
  const answer = await client.sendRequest<CommentAnswer | null>(METHODS.comment, params);
  if (answer === null) return;
  const target = vscode.Uri.parse(answer.uri, true);
  const text = answer.lines.map((line) => `${line}\n`).join("");
  const edit = new vscode.WorkspaceEdit();
  edit.replace(target, new vscode.Range(answer.line, 0, answer.endLine, 0), text);
  if (await vscode.workspace.applyEdit(edit)) await chooseRoot(chooser, null);
}

function rootsOf({ client, document }: Chooser): Promise<RootsAnswer> {
  return client.sendRequest<RootsAnswer>(METHODS.roots, { uri: document.uri.toString() });
}
