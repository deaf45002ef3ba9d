/** A half-open range of UTF-16 offsets into one file's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A span in a named file. `file` is an opaque id that the file system of the caller understands (a path or a URI). */
export interface Place {
  readonly file: string;
  readonly span: Span;
}

/** 0-based line and column (UTF-16 units). */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Maps offsets to lines and back for one text. Lines end at `\n`, `\r\n` or `\r`. */
export interface LineIndex {
  readonly lineCount: number;
  position(offset: number): Position;
  offset(position: Position): number;
  /** Offset of the first character of a 0-based line. */
  lineStart(line: number): number;
}

export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) starts.push(i + 1);
    else if (c === 13) {
      if (text.charCodeAt(i + 1) === 10) i++;
      starts.push(i + 1);
    }
  }
  const startOf = (line: number): number =>
    line < 0 ? 0 : line < starts.length ? (starts[line] ?? text.length) : text.length;
  return {
    lineCount: starts.length,
    lineStart: startOf,
    position(offset) {
      const at = Math.max(0, Math.min(offset, text.length));
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const mid = (low + high + 1) >> 1;
        if (startOf(mid) <= at) low = mid;
        else high = mid - 1;
      }
      return { line: low, column: at - startOf(low) };
    },
    offset({ line, column }) {
      const start = startOf(line);
      const end = line + 1 < starts.length ? startOf(line + 1) : text.length;
      return Math.min(start + Math.max(0, column), end);
    },
  };
}
