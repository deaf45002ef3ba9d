import type { Comment } from "../../core/core.ts";
import { STATEMENT_LINE } from "./keywords.ts";

/** A column-0 statement's piece of the file: from its first character to the end of its last line of code. */
export interface Piece {
  /** Offset of `text` in the file. */
  readonly start: number;
  /**
   * As long as the file's own text there, and the same but for two repairs: a triple-quoted string that is never closed
   * is blanked to an empty one, and a `# type:` comment loses its colon, so that the parser sees a plain comment.
   */
  readonly text: string;
  /** Offsets in `text` of the opening prefix or quote of every string blanked so. */
  readonly unclosed: readonly number[];
}

export interface Split {
  readonly pieces: readonly Piece[];
  readonly comments: readonly Comment[];
}

/** Splits a file at its column-0 statements, so that an error stays in its statement. Total: any text is accepted. */
export function splitFile(text: string): Split {
  const scan = scanFile(text, false);
  // A string that runs to the end of the file may have flipped every string since its true opener: read again, and
  // end each triple-quoted string where a definition starts no deeper than the string's own line.
  return assemble(text, scan.openString ? scanFile(text, true) : scan);
}

interface Scan {
  /** Start and end of code of each piece. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  readonly comments: readonly Comment[];
  readonly blanks: readonly Blank[];
  /** A triple-quoted string reached the end of the file. */
  readonly openString: boolean;
}

/** A never closed triple-quoted string: its prefix's start, its quotes' start and its end. */
interface Blank {
  readonly start: number;
  readonly quotes: number;
  readonly end: number;
}

const NEWLINE = 10;
const RETURN = 13;
const HASH = 35;
const BACKSLASH = 92;
const DOUBLE = 34;
const SINGLE = 39;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

// F-strings nested deeper than this are read as plain strings: the scanner recurses once per level.
const MAX_FSTRING_DEPTH = 40;

// Since Python 3.12 a field of a one-line f-string may go on over lines. One that does so for longer than this is taken
// for one that was never closed; the bound keeps a file of such fields linear. (In a nested f-string none may.)
const MAX_FIELD_LINES = 20;

const CONTINUATION = /(?:else|elif|except|finally)\b/y;
const CONTINUABLE = /(?:if|for|while|try|async|with)\b/y;
const DECORATABLE = /@|(?:def|class|async)\b/y;
/** What a column-0 line inside brackets starts with when, in a file that is known to be broken, it is a statement. */
const LIKELY_STATEMENT = /(?!(?:else|in|and|or|is|not|if|for|None|True|False)\b)[A-Za-z_@]/y;
const DEFINITION_LINE =
  /([ \t]*)(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*[([]|class[ \t]+\w+[ \t]*[([:]|@\w[\w.]*[ \t]*[(\r\n])/y;
const TOP_LEVEL_LINE = /(?:import|from)[ \t]+\w/y;

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function scanFile(text: string, strict: boolean): Scan {
  const length = text.length;
  const ranges: { start: number; end: number }[] = [];
  const comments: Comment[] = [];
  const blanks: Blank[] = [];
  let openString = false;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let depth = 0;
  let decorated = false;
  let indent = 0;
  /** Until here, a likely statement at column 0 closes open brackets. */
  let brokenUntil = 0;
  /** A string was ended at the start of the line at `at`. */
  let cut = false;
  /** The first likely statement at column 0 since the outermost bracket was opened, with the comments before it. */
  let suspect: { readonly at: number; readonly comments: number; readonly blanks: number } | undefined;

  while (at < length || (0 < depth && suspect !== undefined)) {
    if (length <= at) {
      rewind(length);
      continue;
    }
    const lineStart = at;
    while (isBlank(text.charCodeAt(at))) at++;
    indent = columns(text, lineStart, at);
    const first = text.charCodeAt(at);
    if (indent === 0 && at < length && first !== NEWLINE && first !== RETURN && first !== HASH) {
      if (0 < depth) {
        if (matches(STATEMENT_LINE, text, at)) {
          if (suspect !== undefined) {
            rewind(at);
            continue;
          }
          depth = 0;
        } else if (matches(LIKELY_STATEMENT, text, at)) {
          if (at < brokenUntil) depth = 0;
          else suspect ??= { at, comments: comments.length, blanks: blanks.length };
        }
      }
      if (depth === 0) {
        suspect = undefined;
        startStatement();
      }
    }
    scanLine();
  }
  return { ranges, comments, blanks, openString };

  /** Goes back to the first suspect line, with all brackets closed, and believes every suspect until `until`. */
  function rewind(until: number): void {
    if (suspect === undefined) return;
    at = suspect.at;
    comments.length = suspect.comments;
    blanks.length = suspect.blanks;
    while (1 < ranges.length && at <= (ranges.at(-1)?.start ?? 0)) ranges.pop();
    const last = ranges.at(-1);
    if (last !== undefined) last.end = codeEnd(at);
    suspect = undefined;
    depth = 0;
    decorated = false;
    brokenUntil = until;
  }

  /** The end of the last code before a line start: trailing blanks and comment lines are no code. */
  function codeEnd(before: number): number {
    let end = before;
    for (let index = comments.length - 1; ; index--) {
      while (0 < end && text.charCodeAt(end - 1) <= 32) end--;
      const comment = comments[index];
      if (comment === undefined || comment.span.end !== end) return end;
      end = comment.span.start;
    }
  }

  function startStatement(): void {
    const current = ranges.at(-1);
    const attached =
      current !== undefined &&
      (decorated
        ? matches(DECORATABLE, text, at)
        : matches(CONTINUATION, text, at) && matches(CONTINUABLE, text, current.start));
    if (!attached) ranges.push({ start: at, end: at });
    decorated = text.charCodeAt(at) === 64 && (!attached || decorated);
  }

  function mark(end: number): void {
    const current = ranges.at(-1);
    if (current !== undefined) current.end = end;
    else ranges.push({ start: 0, end });
  }

  /** Reads code to the end of the logical or physical line; a string or a backslash may carry it further. */
  function scanLine(): void {
    while (at < length) {
      const c = text.charCodeAt(at);
      if (c === NEWLINE || c === RETURN) {
        at += c === RETURN && text.charCodeAt(at + 1) === NEWLINE ? 2 : 1;
        return;
      }
      if (isBlank(c)) at++;
      else if (c === HASH) scanComment();
      else scanCode(c, 0);
      if (cut) {
        cut = false;
        return;
      }
    }
  }

  function scanComment(): void {
    const start = at;
    while (at < length && text.charCodeAt(at) !== NEWLINE && text.charCodeAt(at) !== RETURN) at++;
    comments.push({ span: { start, end: at }, text: text.slice(start + 1, at).trim() });
  }

  /** Reads one token or so of code that starts with the character `c`. */
  function scanCode(c: number, nesting: number): void {
    if (isWordStart(c)) {
      const start = at;
      while (isWord(text.charCodeAt(at))) at++;
      const quote = text.charCodeAt(at);
      if ((quote === DOUBLE || quote === SINGLE) && at - start <= 2 && isPrefix(text, start, at)) {
        scanString(start, nesting);
        return;
      }
    } else if (c === DOUBLE || c === SINGLE) {
      scanString(at, nesting);
      return;
    } else if (c === BACKSLASH) {
      const next = text.charCodeAt(at + 1);
      at += next === RETURN && text.charCodeAt(at + 2) === NEWLINE ? 3 : next === NEWLINE || next === RETURN ? 2 : 1;
    } else {
      if (c === 40 || c === 91 || c === OPEN_BRACE) depth++;
      else if (c === 41 || c === 93 || c === CLOSE_BRACE) depth = Math.max(0, depth - 1);
      at++;
    }
    mark(Math.min(at, length));
  }

  /** Reads a string literal whose quotes start at `at` and whose prefix starts at `start`. */
  function scanString(start: number, nesting: number): void {
    const quotes = at;
    const quote = text.charCodeAt(at);
    const triple = text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote;
    const prefix = text.slice(start, quotes).toLowerCase();
    const format = nesting < MAX_FSTRING_DEPTH && (prefix.includes("f") || prefix.includes("t"));
    at += triple ? 3 : 1;
    while (at < length) {
      const c = text.charCodeAt(at);
      if (c === BACKSLASH) {
        if (text.charCodeAt(at + 1) === 78 && text.charCodeAt(at + 2) === OPEN_BRACE && !prefix.includes("r")) {
          at += 3; // \N{name}: its brace opens no field.
        } else if (text.charCodeAt(at + 1) === OPEN_BRACE || text.charCodeAt(at + 1) === CLOSE_BRACE) {
          at++;
        } else {
          at += text.charCodeAt(at + 1) === RETURN && text.charCodeAt(at + 2) === NEWLINE ? 3 : 2;
        }
      } else if (c === quote) {
        if (!triple) {
          at++;
          mark(at);
          return;
        }
        if (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) {
          at += 3;
          mark(at);
          return;
        }
        at++;
      } else if (c === NEWLINE || c === RETURN) {
        if (!triple) {
          mark(at);
          return;
        }
        at++;
        if (strict && nesting === 0 && c === NEWLINE && endsString(at)) {
          cut = true;
          blanks.push({ start, quotes, end: at });
          mark(quotes + 2);
          return;
        }
      } else if (format && c === OPEN_BRACE) {
        if (text.charCodeAt(at + 1) === OPEN_BRACE) at += 2;
        else if (!scanField(quote, triple, nesting)) {
          mark(Math.min(at, length));
          return;
        }
      } else {
        at++;
      }
    }
    at = length;
    if (triple) openString = true;
    mark(length);
  }

  function endsString(line: number): boolean {
    if (matches(TOP_LEVEL_LINE, text, line)) return true;
    DEFINITION_LINE.lastIndex = line;
    const blanksBefore = DEFINITION_LINE.exec(text)?.[1];
    return blanksBefore !== undefined && columns(text, line, line + blanksBefore.length) <= indent;
  }

  /** Reads an f-string's `{field}`; false when a one-line string ends in it, at a line end or its own quote. */
  function scanField(quote: number, triple: boolean, nesting: number): boolean {
    const outer = depth;
    at++;
    depth++;
    let spec = false;
    let lines = 0;
    let firstLineEnd = length;
    const commentsBefore = comments.length;
    while (at < length) {
      const c = text.charCodeAt(at);
      if ((c === NEWLINE || c === RETURN) && !triple) {
        if (lines === 0) firstLineEnd = at;
        lines++;
        if (0 < nesting || MAX_FIELD_LINES < lines || matches(STATEMENT_LINE, text, at + 1)) break;
      }
      if (c === CLOSE_BRACE && depth === outer + 1) {
        at++;
        depth = outer;
        return true;
      }
      if (spec) {
        if (c === quote && !triple) break;
        if (c === quote && text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) break;
        if (c !== OPEN_BRACE) at++;
        else if (!scanField(quote, triple, nesting + 1)) return false;
      } else if (c === 58 && depth === outer + 1) {
        spec = true;
        at++;
      } else if (c === HASH) {
        scanComment();
      } else if (isBlank(c) || c === NEWLINE || c === RETURN) {
        at++;
      } else {
        scanCode(c, nesting + 1);
      }
    }
    depth = outer;
    if (0 < lines) {
      at = firstLineEnd;
      comments.length = commentsBefore;
    }
    return false;
  }
}

function assemble(text: string, scan: Scan): Split {
  let comment = 0;
  let blank = 0;
  const pieces = scan.ranges.map(({ start, end }) => {
    const unclosed: number[] = [];
    let repaired = "";
    let from = start;
    for (; comment < scan.comments.length; comment++) {
      const span = scan.comments[comment]?.span;
      if (span === undefined || end <= span.start) break;
      const colon = TYPE_COMMENT.exec(text.slice(span.start, Math.min(span.end, span.start + 40)));
      if (colon === null || span.start < start) continue;
      const at = span.start + colon[0].length - 1;
      takeBlanks(at);
      repaired += `${text.slice(from, at)} `;
      from = at + 1;
    }
    takeBlanks(end);
    return { start, text: repaired + text.slice(from, end), unclosed };

    function takeBlanks(before: number): void {
      for (; blank < scan.blanks.length; blank++) {
        const string = scan.blanks[blank];
        if (string === undefined || before <= string.start) break;
        repaired += text.slice(from, string.quotes + 2);
        from = Math.min(string.end, end);
        repaired += text.slice(string.quotes + 2, from).replace(/[^\r\n]/g, " ");
        unclosed.push(string.start - start);
      }
    }
  });
  return { pieces, comments: scan.comments };
}

const TYPE_COMMENT = /^#\s*type:/;

function isBlank(c: number): boolean {
  return c === 32 || c === 9 || c === 12;
}

function isWordStart(c: number): boolean {
  return (97 <= c && c <= 122) || (65 <= c && c <= 90) || c === 95 || 128 <= c;
}

function isWord(c: number): boolean {
  return isWordStart(c) || (48 <= c && c <= 57);
}

/** Whether a word is a string prefix: any of b, f, r, t, u, in any case and order (which ones go together is not asked). */
function isPrefix(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (!"bfrtuBFRTU".includes(text.charAt(at))) return false;
  }
  return true;
}

/** The indent in columns, tabs to multiples of 8, as Python counts it; a form feed starts over. */
function columns(text: string, start: number, end: number): number {
  let column = 0;
  for (let at = start; at < end; at++) {
    const c = text.charCodeAt(at);
    column = c === 9 ? (column | 7) + 1 : c === 12 ? 0 : column + 1;
  }
  return column;
}
