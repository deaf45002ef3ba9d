import type { Comment, Module } from "../core/core.ts";
import { lineIndex, type Place, type Span } from "../text/span.ts";
import { type Text, t } from "../text/text.ts";
import { CODES, type Code, type Diagnostic, type Edit } from "./diagnostic.ts";

/** A file as far as its comments are read. */
export interface Commented {
  readonly text: string;
  readonly module: Module;
}

/** One `# resnet-lens: ignore[code, …]`, at the end of its line. */
export interface IgnoreComment {
  /** From its `#` to its closing bracket. */
  readonly span: Span;
  /** 0-based. */
  readonly line: number;
  readonly codes: readonly { readonly name: string; readonly span: Span }[];
}

/** A file's own comments that silence something; one may stand behind another comment on its line. */
export function ignoreComments({ text, module }: Commented): readonly IgnoreComment[] {
  const own = module.comments.filter(({ text: words }) => words.includes("resnet-lens:"));
  if (own.length === 0) return [];
  const lines = lineIndex(text);
  return own.flatMap((comment) =>
    partsOf(comment, text).map((part) => ({ ...part, line: lines.position(part.span.start).line })),
  );
}

function partsOf({ span }: Comment, text: string): readonly Omit<IgnoreComment, "line">[] {
  return [...text.slice(span.start, span.end).matchAll(IGNORE)].map((match) => {
    const [whole, listed = ""] = match;
    const start = span.start + match.index;
    const list = start + whole.indexOf("[") + 1;
    const codes = [...listed.matchAll(/[^\s,]+/g)].map(({ 0: name, index }) => ({
      name,
      span: { start: list + index, end: list + index + name.length },
    }));
    return { span: { start, end: start + match[0].length }, codes };
  });
}

const IGNORE = /#\s*resnet-lens:\s*ignore\b(?:\[([^\]\n]*)\])?/g;

/** What a list of diagnostics is once the comments on their lines are heard. */
export interface Heard {
  readonly kept: readonly Diagnostic[];
  /** The codes in comments that silence one, as {@link unusedIgnores} would point to them. */
  readonly used: readonly Place[];
}

/** Leaves out what a comment on one of the diagnostic's own lines names. */
export function heedIgnores(
  diagnostics: readonly Diagnostic[],
  source: (file: string) => Commented | undefined,
): Heard {
  const used: Place[] = [];
  const files = new Map<string, (place: Place, code: Code) => Place | undefined>();
  const kept = diagnostics.filter(({ place, code }) => {
    const find = files.get(place.file) ?? finderIn(source(place.file));
    files.set(place.file, find);
    const found = find(place, code);
    if (found !== undefined) used.push(found);
    return found === undefined;
  });
  return { kept, used };
}

function finderIn(file: Commented | undefined): (place: Place, code: Code) => Place | undefined {
  const comments = file === undefined ? [] : ignoreComments(file);
  if (file === undefined || comments.length === 0) return () => undefined;
  const lines = lineIndex(file.text);
  return (place, code) => {
    const first = lines.position(place.span.start).line;
    const last = lines.position(place.span.end).line;
    for (const comment of comments) {
      if (comment.line < first || last < comment.line) continue;
      const named = comment.codes.find(({ name }) => name === code);
      if (named !== undefined) return { file: place.file, span: pointed(comment, named.span) };
    }
    return undefined;
  };
}

/** The only code of a comment is the whole comment. */
function pointed({ span, codes }: IgnoreComment, code: Span): Span {
  return codes.length < 2 ? span : code;
}

/**
 * The comments of one file that silence nothing. `isSeen` tells for a span whether the code there was understood: else
 * the mistake may be there, unseen.
 */
export function unusedIgnores(
  file: string,
  source: Commented,
  used: readonly Place[],
  isSeen: (span: Span) => boolean,
): readonly Diagnostic[] {
  const busy = new Set(used.filter((place) => place.file === file).map(({ span }) => span.start));
  return ignoreComments(source).flatMap((comment): readonly Diagnostic[] => {
    if (comment.codes.length === 0)
      return [unused(file, comment.span, t("an ignore comment names its codes: ignore[shortcut-mismatch]"), [])];
    // A comment that silences this very rule says so of its own line.
    if (comment.codes.some(({ name }) => name === "unused-ignore")) return [];
    return comment.codes.flatMap(({ name, span }) => {
      const at = pointed(comment, span);
      if (busy.has(at.start)) return [];
      const isCode = CODES.some((code) => code === name);
      if (isCode && (name === "gap" || !isSeen(comment.span))) return [];
      const message = isCode
        ? t("nothing to ignore here: no {0} is reported on this line", name)
        : t("{0} is no code of ResNet Lens", name);
      return [unused(file, at, message, [without(file, source.text, comment, span)])];
    });
  });
}

function unused(file: string, span: Span, message: Text, edits: readonly Edit[]): Diagnostic {
  return {
    place: { file, span },
    severity: "hint",
    code: "unused-ignore",
    message,
    roots: [],
    instances: [],
    related: [],
    fixes: edits.length === 0 ? [] : [{ title: t("Remove what ignores nothing"), edits, preferred: true, safe: true }],
    unnecessary: true,
  };
}

/** The edit that takes a code out of its comment, or the comment with it where it is the only one. */
function without(file: string, text: string, { span, codes }: IgnoreComment, code: Span): Edit {
  const at = codes.findIndex((one) => one.span.start === code.start);
  const [before, after] = [codes[at - 1], codes[at + 1]];
  if (after !== undefined) return { place: { file, span: { start: code.start, end: after.span.start } }, text: "" };
  if (before !== undefined) return { place: { file, span: { start: before.span.end, end: code.end } }, text: "" };
  const line = text.lastIndexOf("\n", span.start - 1) + 1;
  const lead = text.slice(line, span.start);
  const blanks = /^[ \t]*/.exec(text.slice(span.end))?.[0] ?? "";
  const end = span.end + blanks.length;
  // What follows on the line is another comment: it takes this one's place.
  if (!/^(?:\r?\n|$)/.test(text.slice(end))) return { place: { file, span: { start: span.start, end } }, text: "" };
  if (lead.trim() !== "") return { place: { file, span: { start: line + lead.trimEnd().length, end } }, text: "" };
  const eol = /^\r?\n/.exec(text.slice(end))?.[0] ?? "";
  return { place: { file, span: { start: line, end: end + eol.length } }, text: "" };
}

/** The edit that makes a comment on one of the lines of a span silence a code, each that may be tried, best first. */
export function ignoringEdits(source: Commented, span: Span, code: Code): readonly (Omit<Edit, "place"> & Span)[] {
  const lines = lineIndex(source.text);
  const first = lines.position(span.start).line;
  const last = lines.position(span.end).line;
  const there = ignoreComments(source).find(
    ({ line, codes }) => first <= line && line <= last && 0 < codes.length && !codes.some(({ name }) => name === code),
  );
  const end = there?.codes.at(-1)?.span.end;
  if (end !== undefined) return [{ start: end, end, text: `, ${code}` }];
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const line = source.text.slice(lines.lineStart(last - i), lines.lineStart(last - i + 1));
    const at = lines.lineStart(last - i) + line.trimEnd().length;
    return { start: at, end: at, text: `  # resnet-lens: ignore[${code}]` };
  });
}

/** The statement of a module's own level that a comment stands in, or behind. */
export function topStatement(module: Module, { start }: Span): Span | undefined {
  return module.body.findLast((stmt) => stmt.span.start <= start)?.span;
}
