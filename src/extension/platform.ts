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
  /** Opens a file to be read in parts; undefined where only whole files can be read. */
  readonly openFile: ((uri: vscode.Uri) => Promise<OpenFile | undefined>) | undefined;
  /** Checkpoints that other programs have downloaded to this machine. */
  readonly cachedCheckpoints: () => Promise<readonly CachedFile[]>;
  /** The server cannot read files: the client sends them. */
  readonly sendsFiles: boolean;
}

/** A file that is read in parts, in bytes. */
export interface OpenFile {
  readonly size: number;
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
}

/** A file on this machine; size in bytes. */
export interface CachedFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
}
