import { type ParsedFile, parsePython } from "../syntax/python/parse.ts";

/** Answers whether a Python text has a syntax error; the parts that the last asked text had too are not parsed again. */
export function syntaxChecker(): (text: string) => boolean {
  let last: ParsedFile | undefined;
  return (text) => {
    if (last?.text !== text) last = parsePython(text, last);
    return 0 < last.module.syntaxErrors.length;
  };
}
