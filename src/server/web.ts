import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { createAnalyzer } from "../analyzer.ts";
import { serve } from "./core.ts";
import { memoryFiles } from "./memory-files.ts";
import { syntaxChecker } from "./syntax.ts";

const stored = new Map<string, string>();

/** The language server in a browser's worker: it reads what the client sends. */
serve(createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self)), {
  files: memoryFiles(stored),
  createAnalyzer,
  fileOf: (uri) => uri,
  uriOf: (file) => file,
  table: () => ({}),
  pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
  store(file, text) {
    if (text === undefined) stored.delete(file);
    else stored.set(file, text);
  },
  isBroken: syntaxChecker(),
});
