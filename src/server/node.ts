import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { createAnalyzer } from "../analyzer.ts";
import { FRUGAL_HEAP } from "../heap.ts";
import type { Table } from "../text/text.ts";
import { serve } from "./core.ts";
import { diskFiles } from "./disk.ts";
import { syntaxChecker } from "./syntax.ts";

setFlagsFromString(FRUGAL_HEAP);

const folder = path.dirname(fileURLToPath(import.meta.url));

/** The language server in a process of its own: over standard input and output, or as VS Code starts it. */
serve(createConnection(ProposedFeatures.all), {
  files: diskFiles,
  createAnalyzer,
  fileOf: (uri) => (uri.startsWith("file:") ? fileURLToPath(uri) : uri),
  uriOf: (file) => (path.isAbsolute(file) ? pathToFileURL(file).href : file),
  table: tableFor,
  rulePage(code) {
    const page = path.join(folder, "..", "docs", "rules", `${code}.md`);
    return existsSync(page) ? pathToFileURL(page).href : undefined;
  },
  pause: () => new Promise((resolve) => setImmediate(resolve)),
  isBroken: syntaxChecker(),
});

/** The translations that lie beside this script; none for a language that has none. */
function tableFor(locale: string): Table {
  try {
    return JSON.parse(readFileSync(path.join(folder, `l10n.${locale.toLowerCase()}.json`), "utf8"));
  } catch {
    return {};
  }
}
