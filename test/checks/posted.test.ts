import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { render } from "../../src/text/text.ts";
import { edited } from "./builder.ts";
import { checkOne } from "./one-file.ts";

interface Posted {
  readonly file: string;
  readonly model: string;
  readonly input: readonly number[];
  /** The line that the answers changed. */
  readonly cause: number;
  /** Where real PyTorch fails. */
  readonly line: number;
  readonly raises: string;
  readonly says: string;
  readonly offered: { readonly title: string; readonly output?: readonly number[] } | null;
}

const { files } = JSON.parse(readFileSync(new URL("../data/truth/posted.json", import.meta.url), "utf8")) as {
  readonly files: readonly Posted[];
};

/** Only other sizes help: nothing in the code is to be changed. */
const NOTHING_TO_CHANGE = ["hourglass_add.py"];

test("at least forty files are recorded", () => {
  expect(files.length).toBeGreaterThanOrEqual(40);
});

test.each(files)("$file: told where it fails and why, once, with a fix that real PyTorch runs", (posted) => {
  const text = readFileSync(new URL(`../data/posted/${posted.file}`, import.meta.url), "utf8");
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  const errors = checkOne(text, posted.model, posted.input.join()).diagnostics.filter(
    ({ severity }) => severity === "error",
  );
  expect(errors).toHaveLength(1);
  const [error] = errors;
  if (error === undefined) return;
  // A layer built from a tensor is told where it is built; PyTorch fails where the result is used.
  const line = error.code === "layer-not-called" ? posted.cause : posted.line;
  expect(lineOf(error.place.span.start)).toBe(line);
  const said = [...render(error.message).matchAll(/line (\d+)/g)].map(([, number]) => Number(number));
  const related = error.related.map(({ place }) => lineOf(place.span.start));
  expect([line, ...said, ...related]).toContain(posted.cause);
  if (error.original !== undefined && posted.raises === "RuntimeError") expect(posted.says).toBe(error.original);
  const [fix] = error.fixes;
  if (NOTHING_TO_CHANGE.includes(posted.file)) {
    expect(fix).toBeUndefined();
    return;
  }
  expect(render(fix?.title ?? { template: "", args: [] })).toBe(posted.offered?.title);
  expect(posted.offered?.output).toBeDefined();
  const mended = checkOne(edited(text, fix?.edits ?? []), posted.model, posted.input.join());
  expect(mended.roots.map(({ status }) => status)).toEqual(["ok"]);
});
