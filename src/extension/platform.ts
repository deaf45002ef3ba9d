import type * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";

/** What differs between VS Code's Node host and its browser host. */
export interface Platform {
  /** Makes the client of a language server outside this host; it is started by the caller. */
  readonly createClient: (
    context: vscode.ExtensionContext,
    options: LanguageClientOptions,
  ) => Promise<BaseLanguageClient>;
  /** The id that the server gives a document's file. */
  readonly fileOf: (uri: vscode.Uri) => string;
  /** The server cannot read files: the client sends them. */
  readonly sendsFiles: boolean;
}
