/**
 * Offset of the end of the Python statement that starts at an offset: the line break outside of brackets and strings,
 * or the end of the text. Trailing blanks are left out, a trailing comment is not.
 */
export function statementEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const c = text[at] ?? "";
    if (c === "#") {
      while (at < text.length && !isBreak(text[at])) at++;
      continue;
    }
    if (c === '"' || c === "'") {
      at = stringEnd(text, at);
      continue;
    }
    if (c === "\\" && isBreak(text[at + 1])) at += text.startsWith("\r\n", at + 1) ? 2 : 1;
    else if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) depth = Math.max(0, depth - 1);
    else if (isBreak(c) && depth === 0) break;
    at++;
  }
  while (start < at && /\s/.test(text[at - 1] ?? "")) at--;
  return at;
}

function stringEnd(text: string, start: number): number {
  const quote = text[start] ?? "";
  const triple = quote.repeat(3);
  const long = text.startsWith(triple, start);
  let at = start + (long ? 3 : 1);
  while (at < text.length) {
    if (text[at] === "\\") at += 2;
    else if (long ? text.startsWith(triple, at) : text[at] === quote) return at + (long ? 3 : 1);
    else if (!long && isBreak(text[at])) return at;
    else at++;
  }
  return at;
}

function isBreak(c: string | undefined): boolean {
  return c === "\n" || c === "\r";
}
