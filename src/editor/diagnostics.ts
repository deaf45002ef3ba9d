import { DiagnosticSeverity, DiagnosticTag, type Diagnostic as Problem } from "vscode-languageserver";
import type { Analysis } from "../analysis.ts";
import type { Code, Diagnostic, Severity } from "../checks/diagnostic.ts";
import type { Context } from "./context.ts";

/** What the user may set a code to. */
export type SeveritySetting = Severity | "off";
export type Severities = Readonly<Partial<Record<Code, SeveritySetting>>>;

/** Characters of a message that one line of the Problems panel and of an inline error shows. */
const MESSAGE_LIMIT = 120;

const LEVELS: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A diagnostic as protocol data; undefined where the user switched its code off. */
export function problemOf(diagnostic: Diagnostic, severities: Severities, context: Context): Problem | undefined {
  const severity = severities[diagnostic.code] ?? diagnostic.severity;
  if (severity === "off") return undefined;
  const page = context.rulePage?.(diagnostic.code);
  return {
    range: context.location(diagnostic.place).range,
    severity: LEVELS[severity],
    source: "ResNet Lens",
    code: diagnostic.code,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    message: cut(context.say(diagnostic.message)),
    ...(diagnostic.unnecessary === true ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    relatedInformation: diagnostic.related.map(({ place, message }) => ({
      location: context.location(place),
      message: context.say(message),
    })),
  };
}

/** What an analysis could not follow, as problems: shown only where the user asks for them. */
export function gapsOf(analysis: Analysis): readonly Diagnostic[] {
  return analysis.gaps.flatMap(({ place, reason }) =>
    place === undefined
      ? []
      : [
          {
            place,
            severity: "info",
            code: "gap",
            message: reason,
            roots: [analysis.root.model],
            instances: [],
            related: [],
            fixes: [],
          },
        ],
  );
}

function cut(message: string): string {
  return message.length <= MESSAGE_LIMIT ? message : `${message.slice(0, MESSAGE_LIMIT - 1)}…`;
}
