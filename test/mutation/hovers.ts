import { createInterface } from "node:readline";
import { createAnalyzer } from "../../src/analyzer.ts";
import { diskFiles } from "../../src/cli/disk.ts";
import { inputsOf } from "../../src/graph/input.ts";
import { createParseCache } from "../../src/parses.ts";
import { lineIndex } from "../../src/text/span.ts";
import { contextOf } from "../editor/fixture.ts";
import { hoversAt } from "../editor/hover-size.ts";

/** A program as the command line's `batch` takes it. */
interface Request {
  readonly id: string;
  readonly file: string;
  readonly text: string;
  readonly model: string;
  readonly input: unknown;
  readonly path: readonly string[];
  readonly pythonPath: readonly string[];
  readonly timeout: number;
}

/** Places in a problem's code that are hovered on, at most. */
const MOST_PLACES = 4;

const parses = createParseCache();

/** Answers each request of standard input with what of the hovers on its problems does not fit. */
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}

function answer({ id, file, text, model, input, path, pythonPath, timeout }: Request): object {
  const files = { ...diskFiles, read: (name: string) => (name === file ? text : diskFiles.read(name)) };
  const analyzer = createAnalyzer(files, { paths: path, pythonPaths: pythonPath, timeout }, parses);
  const given = inputsOf(input);
  try {
    const analysis = analyzer.analyzeModel(file, model, given.kind === "ok" ? given.inputs : undefined);
    const { diagnostics } = analyzer.report(file, [analysis]);
    const shown = [...new Set(diagnostics.map(({ place }) => place.file))].map((name) => {
      const own = files.read(name) ?? "";
      const view = { file: name, text: own, lines: lineIndex(own), analyses: [analysis], diagnostics };
      const offsets = diagnostics
        .filter(({ place }) => place.file === name)
        .flatMap(({ place: { span } }) =>
          [...own.slice(span.start, span.end).matchAll(/[A-Za-z_]\w*|[-+@]=?/g)]
            .slice(0, MOST_PLACES)
            .map(({ index }) => span.start + index),
        );
      return hoversAt(view, offsets, contextOf({ [name]: own }));
    });
    return {
      id,
      cards: shown.reduce((sum, { cards }) => sum + cards, 0),
      faults: shown.flatMap(({ faults }) => faults),
    };
  } finally {
    analyzer.dispose();
  }
}
