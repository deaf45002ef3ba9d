import type { Analyzer, FileSystem, Options } from "../analysis.ts";
import type { Code } from "../checks/diagnostic.ts";
import type { Table } from "../text/text.ts";

/** What the server needs of the machine it runs on: a Node process or a browser worker. */
export interface Host {
  /** Files as they are stored; open documents are laid over them. */
  readonly files: FileSystem;
  readonly createAnalyzer: (files: FileSystem, options: Options) => Analyzer;
  /** The file's id for a document's uri, and back. */
  readonly fileOf: (uri: string) => string;
  readonly uriOf: (file: string) => string;
  /** Translations for a BCP 47 locale, where the client sends none. */
  readonly table: (locale: string) => Table;
  /** The uri of the page on a diagnostic code, where such pages lie beside the server. */
  readonly rulePage?: (code: Code) => string | undefined;
  /** Lets waiting messages be read. */
  readonly pause: () => Promise<void>;
  /** The client sent a file's content, or that it is gone; for a host that cannot read files itself. */
  readonly store?: (file: string, text: string | undefined) => void;
  /** Whether a text has a syntax error. */
  readonly isBroken: (text: string) => boolean;
}
