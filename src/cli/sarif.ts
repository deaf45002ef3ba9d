import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Diagnostic, Severity } from "../checks/diagnostic.ts";
import { type DiagnosticJson, diagnosticsJson, type Names } from "./json.ts";

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note", hint: "note" };

/**
 * Diagnostics as a SARIF 2.1.0 log; columns count UTF-16 units.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(diagnostics: readonly Diagnostic[], names: Names, version: string): object {
  const results = diagnosticsJson(diagnostics, names);
  const rules = [...new Set(results.map(({ code }) => code))].sort().map((id) => ({ id }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "ResNet Lens", version, rules } },
        columnKind: "utf16CodeUnits",
        results: results.map(resultOf),
      },
    ],
  };
}

function resultOf(diagnostic: DiagnosticJson): object {
  return {
    ruleId: diagnostic.code,
    level: LEVELS[diagnostic.severity],
    message: { text: diagnostic.message },
    locations: [{ physicalLocation: physical(diagnostic.file, regionOf(diagnostic)) }],
    relatedLocations: diagnostic.related.map(({ file, line, column, message }, id) => ({
      id,
      physicalLocation: physical(file, { startLine: line, startColumn: column }),
      message: { text: message },
    })),
    fixes: diagnostic.fixes.map(({ title, edits }) => ({
      description: { text: title },
      artifactChanges: [...new Set(edits.map(({ file }) => file))].map((file) => ({
        artifactLocation: { uri: uriOf(file) },
        replacements: edits
          .filter((edit) => edit.file === file)
          .map((edit) => ({ deletedRegion: regionOf(edit), insertedContent: { text: edit.text } })),
      })),
    })),
  };
}

function physical(file: string, region: object): object {
  return { artifactLocation: { uri: uriOf(file) }, region };
}

function regionOf({
  line,
  column,
  endLine,
  endColumn,
}: Pick<DiagnosticJson, "line" | "column" | "endLine" | "endColumn">): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function uriOf(file: string): string {
  if (path.isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(path.sep).map(encodeURIComponent).join("/");
}
