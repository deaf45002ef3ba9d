/** What a comment with carets claims of the line above it. */
export interface Claim {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  /** `error[shortcut-mismatch]`, `note`. */
  readonly kind: string;
  /** What follows: the message, or a name. */
  readonly rest: string;
}

const CARETS = /^(\s*#\s*)(\^+) (\w+(?:\[[\w-]+\])?):?(?: (.*))?$/;

/** The claims of a Python text: comments of carets, each about the nearest line above that is none. */
export function claimsOf(text: string): readonly Claim[] {
  let line = 0;
  return text.split("\n").flatMap((content, i) => {
    const found = CARETS.exec(content);
    if (found === null) {
      line = i + 1;
      return [];
    }
    const [, before = "", carets = "", kind = "", rest = ""] = found;
    return [{ line, column: before.length + 1, endColumn: before.length + carets.length + 1, kind, rest }];
  });
}

/** A claim as one line, as the text has it. */
export function claimText({ line, column, endColumn, kind, rest }: Claim): string {
  return `${line}:${column}-${endColumn} ${kind}${rest === "" ? "" : `: ${rest}`}`;
}

/** The text with just these claims, each below its line. Carets of a statement start right of a comment further out. */
export function annotated(text: string, claims: readonly Claim[]): string {
  const lines: string[] = [];
  text.split("\n").forEach((content, i) => {
    if (CARETS.test(content)) return;
    lines.push(content);
    for (const { column, endColumn, kind, rest } of claims.filter(({ line }) => line === i + 1)) {
      const indent = content.length - content.trimStart().length;
      const hash = column - 1 < indent + 2 ? Math.max(0, column - 3) : indent;
      const blank = " ".repeat(column - 1 - hash - 1);
      lines.push(
        `${" ".repeat(hash)}#${blank}${"^".repeat(endColumn - column)} ${kind}${rest === "" ? "" : `: ${rest}`}`,
      );
    }
  });
  return lines.join("\n");
}
