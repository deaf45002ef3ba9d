import * as vscode from "vscode";
import { render, type Table, type Text } from "../text/text.ts";

/** The translations of the display language; empty for English. */
export function table(): Table {
  return vscode.l10n.bundle ?? {};
}

/** A sentence in the display language. */
export function say(text: Text): string {
  return render(text, table());
}
