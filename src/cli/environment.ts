import type { Analyzer, FileSystem, Options } from "../analysis.ts";

/** What the commands touch of the world. */
export interface Environment {
  readonly cwd: string;
  readonly disk: FileSystem;
  /** Another text whenever a file, or what a folder holds, has changed; undefined where there is none of that name. */
  readonly stamp: (path: string) => string | undefined;
  readonly createAnalyzer: (files: FileSystem, options: Options) => Analyzer;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  readonly writeFile: (file: string, content: string | Uint8Array) => void;
  readonly readBytes: (file: string) => Uint8Array;
  /** A file that lies beside the program's own script. */
  readonly asset: (name: string) => Uint8Array;
  readonly inputLines: () => AsyncIterable<string>;
  /** Runs the language server on this process' standard input and output, and gives its exit code. */
  readonly runServer: () => Promise<number>;
  readonly color: boolean;
  readonly version: string;
  /** The page on a diagnostic code, as Markdown; undefined where it does not lie beside the program. */
  readonly rulePage: (code: string) => string | undefined;
  /** Where the program's own source is published, an address without a `.git`; undefined where it is not. */
  readonly repository: string | undefined;
}
