import type * as vscode from "vscode";
import { type Choice, isChosen } from "../editor/choice.ts";

const KEY = "resnetLens.choices";

/** Documents whose choice is kept; the one chosen longest ago goes first. */
const LIMIT = 200;

/** What was chosen in this workspace, by document uri. */
export function rememberedChoices(context: vscode.ExtensionContext): Readonly<Record<string, Choice>> {
  return context.workspaceState.get<Readonly<Record<string, Choice>>>(KEY, {});
}

/** Keeps a document's choice, or forgets it where it is as the code says. An unsaved document has no name to keep it by. */
export async function rememberChoice(context: vscode.ExtensionContext, uri: string, choice: Choice): Promise<void> {
  const others = Object.entries(rememberedChoices(context)).filter(([key]) => key !== uri);
  const kept = isChosen(choice) && !uri.startsWith("untitled:") ? [...others, [uri, choice] as const] : others;
  await context.workspaceState.update(KEY, Object.fromEntries(kept.slice(-LIMIT)));
}
