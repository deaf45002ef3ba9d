import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  METHODS,
  type RootChoice,
  type SetInputAnswer,
  type SetInputParams,
  type SetRootParams,
} from "../editor/protocol.ts";
import { t } from "../text/text.ts";
import { say } from "./say.ts";

interface Pick extends vscode.QuickPickItem {
  readonly run?: () => Promise<void>;
}

/** The status item's pick: the models of the file, and the input of the shown one. */
export async function choose(client: BaseLanguageClient, document: vscode.TextDocument): Promise<void> {
  const uri = document.uri.toString();
  const roots = await client.sendRequest<readonly RootChoice[]>(METHODS.roots, { uri });
  const shown = roots.find((root) => root.shown);
  const picks: Pick[] = [
    ...roots.map((root) => ({
      label: `${root.shown ? "$(check) " : ""}${root.model}`,
      description: root.input ?? "",
      run: () => setRoot(client, uri, root.model),
    })),
    {
      label: say(t("Another model…")),
      description: say(t("a Python expression")),
      run: () => typeRoot(client, document, undefined),
    },
    { label: say(t("Input")), kind: vscode.QuickPickItemKind.Separator },
    ...(shown === undefined
      ? []
      : [
          {
            label: say(t("Change the input…")),
            description: shown.input ?? "",
            run: () => changeInput(client, document, shown.model),
          },
          {
            label: say(t("The input that the code says")),
            run: () => setInput(client, uri, shown.model, null).then(() => undefined),
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

/** Asks for an input until it is valid or given up. */
export async function changeInput(
  client: BaseLanguageClient,
  document: vscode.TextDocument,
  model: string | undefined,
): Promise<void> {
  const uri = document.uri.toString();
  const roots = await client.sendRequest<readonly RootChoice[]>(METHODS.roots, { uri });
  const root = roots.find((candidate) => (model === undefined ? candidate.shown : candidate.model === model));
  const before = root?.input ?? "3×224×224";
  let value: string | undefined = before;
  let prompt = say(t("Sizes such as 3×224×224 or N,3,H,W; several inputs are separated by a semicolon"));
  for (;;) {
    value = await vscode.window.showInputBox({ title: "ResNet Lens", prompt, value });
    if (value === undefined) return;
    const inputs = value.split(";").map((text) => text.trim());
    const { error } = await setInput(client, uri, root?.model, inputs);
    if (error === undefined) return;
    prompt = error;
  }
}

/** Asks for the expression that builds the model. */
export async function typeRoot(
  client: BaseLanguageClient,
  document: vscode.TextDocument,
  model: string | undefined,
): Promise<void> {
  const value = model ?? "";
  // The cursor stands between the brackets, where the arguments go.
  const cursor = value.endsWith(")") ? value.length - 1 : value.length;
  const typed = await vscode.window.showInputBox({
    title: "ResNet Lens",
    prompt: say(t("A Python expression that builds the model, in this file's own names")),
    placeHolder: "ResNet(Bottleneck, [3, 4, 6, 3])",
    value,
    valueSelection: [cursor, cursor],
  });
  if (typed !== undefined && typed.trim() !== "") await setRoot(client, document.uri.toString(), typed.trim());
}

async function setRoot(client: BaseLanguageClient, uri: string, model: string): Promise<void> {
  await client.sendRequest(METHODS.setRoot, { uri, model } satisfies SetRootParams);
}

async function setInput(
  client: BaseLanguageClient,
  uri: string,
  model: string | undefined,
  inputs: readonly string[] | null,
): Promise<SetInputAnswer> {
  const params: SetInputParams = { uri, inputs, ...(model === undefined ? {} : { model }) };
  return client.sendRequest<SetInputAnswer>(METHODS.setInput, params);
}
