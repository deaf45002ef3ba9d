import { createHash } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Diagnostic, Severity } from "../checks/diagnostic.ts";
import { type DiagnosticJson, diagnosticsJson, type Names } from "./json.ts";
import type { Rule } from "./rules.ts";

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note", hint: "note" };

/** The folder that relative locations start from; GitHub's name for a checkout's top. */
const BASE = "%SRCROOT%";

/** Characters of a hash that tell one line of a file from the others. */
const HASH_LENGTH = 16;

/** What a log says beside the diagnostics. */
export interface LogContext {
  readonly names: Names & { readonly text: (file: string) => string };
  readonly cwd: string;
  readonly version: string;
  readonly rules: readonly Rule[];
  /** Address of a code's page, where the pages are published. */
  readonly helpUri: (code: string) => string | undefined;
}

/**
 * Diagnostics as a SARIF 2.1.0 log that GitHub code scanning accepts; columns count UTF-16 units, files below the working
 * directory are relative to it.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function sarifLog(diagnostics: readonly Diagnostic[], context: LogContext): object {
  const { names, cwd, version, rules } = context;
  // Locations must not depend on how the paths were given.
  const absolute = { ...names, name: (file: string) => file };
  const fingerprints = fingerprinter(names);
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "ResNet Lens",
            version,
            semanticVersion: version,
            rules: rules.map((rule) => ruleOf(rule, context.helpUri(rule.id))),
          },
        },
        invocations: [{ executionSuccessful: true }],
        originalUriBaseIds: { [BASE]: { uri: `${pathToFileURL(cwd).href.replace(/\/$/, "")}/` } },
        automationDetails: { id: "resnet-lens/" },
        columnKind: "utf16CodeUnits",
        results: diagnosticsJson(diagnostics, absolute).map((diagnostic) => ({
          ...resultOf(diagnostic, cwd),
          ruleIndex: rules.findIndex(({ id }) => id === diagnostic.code),
          partialFingerprints: { primaryLocationLineHash: fingerprints(diagnostic.file, diagnostic.line) },
        })),
      },
    ],
  };
}

function ruleOf({ id, short, level, page }: Rule, helpUri: string | undefined): object {
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: short },
    fullDescription: { text: short },
    defaultConfiguration: { level },
    help: { text: page, markdown: page },
    ...(helpUri === undefined ? {} : { helpUri }),
    properties: {
      tags: ["correctness", "pytorch"],
      precision: "very-high",
      "problem.severity": level === "note" ? "recommendation" : level,
    },
  };
}

function resultOf(diagnostic: DiagnosticJson, cwd: string): object {
  return {
    ruleId: diagnostic.code,
    level: LEVELS[diagnostic.severity],
    message: messageOf(diagnostic.message),
    locations: [{ physicalLocation: physical(diagnostic.file, regionOf(diagnostic), cwd) }],
    relatedLocations: diagnostic.related.map(({ file, line, column, message }, id) => ({
      id,
      physicalLocation: physical(file, { startLine: line, startColumn: column }, cwd),
      message: messageOf(message),
    })),
    fixes: diagnostic.fixes.map(({ title, edits }) => ({
      description: messageOf(title),
      artifactChanges: [...new Set(edits.map(({ file }) => file))].map((file) => ({
        artifactLocation: artifactOf(file, cwd),
        replacements: edits
          .filter((edit) => edit.file === file)
          .map((edit) => ({ deletedRegion: regionOf(edit), insertedContent: { text: edit.text } })),
      })),
    })),
    properties: { roots: diagnostic.roots, instances: diagnostic.instances },
  };
}

/** Brackets before a parenthesis would be read as a link. */
function messageOf(text: string): { readonly text: string } {
  return { text: text.replace(/\[(?=[^\]]*\]\()/g, "\\[") };
}

function physical(file: string, region: object, cwd: string): object {
  return { artifactLocation: artifactOf(file, cwd), region };
}

function regionOf({
  line,
  column,
  endLine,
  endColumn,
}: Pick<DiagnosticJson, "line" | "column" | "endLine" | "endColumn">): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function artifactOf(file: string, cwd: string): object {
  const relative = path.relative(cwd, file);
  if (relative === "" || relative.startsWith("..") || path.isAbsolute(relative))
    return { uri: pathToFileURL(file).href };
  return { uri: relative.split(path.sep).map(encodeURIComponent).join("/"), uriBaseId: BASE };
}

/** A line's text as a number that outlives edits above it: of several equal lines, which one it is. */
function fingerprinter({ text, lines }: LogContext["names"]): (file: string, line: number) => string {
  return (file, line) => {
    const index = lines(file);
    const plain = (at: number): string =>
      text(file)
        .slice(index.lineStart(at), index.lineStart(at + 1))
        .replace(/\s+/g, "");
    const own = plain(line - 1);
    const before = Array.from({ length: line - 1 }, (_, at) => plain(at)).filter((other) => other === own).length;
    return `${createHash("sha256").update(own).digest("hex").slice(0, HASH_LENGTH)}:${before + 1}`;
  };
}
