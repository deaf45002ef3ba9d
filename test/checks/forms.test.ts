import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/checks/diagnostic.ts";
import { lineIndex } from "../../src/text/span.ts";
import { analyzerOf, pathOf } from "../roots/files.ts";
import { claimsOf, claimText } from "./carets.ts";

const FOLDER = new URL("../data/faults/", import.meta.url);

interface Case {
  readonly file: string;
  readonly model: string;
  readonly line?: number;
  readonly type?: string;
  readonly message?: string;
}

/** As `scripts/truth/record_faults.py` heard it from PyTorch. */
const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(fileURLToPath(new URL("faults.json", FOLDER)), "utf8"),
);
const INPUT = [{ kind: "tensor", shape: [2, 8, 16, 16] }] as const;

describe.each(["residual_forms.py", "other_joins.py"])("%s", (file) => {
  const text = readFileSync(fileURLToPath(new URL(file, FOLDER)), "utf8");
  const analyzer = analyzerOf({ [file]: text });
  const index = lineIndex(text);
  const claims = claimsOf(text);

  /** Claims of a class: in its own lines, or under its name where the line is shared. */
  function claimed(name: string): readonly string[] {
    const from = index.position(text.indexOf(`class ${name}(`)).line + 1;
    const next = text.indexOf("\nclass ", text.indexOf(`class ${name}(`));
    const to = next < 0 ? Number.POSITIVE_INFINITY : index.position(next).line + 1;
    return claims
      .filter(({ line, rest }) => (rest === "" ? from <= line && line <= to : rest === name))
      .map((claim) => claimText({ ...claim, rest: "" }));
  }

  function shown({ place, severity, code }: Diagnostic): string {
    const [start, end] = [index.position(place.span.start), index.position(place.span.end)];
    return `${start.line + 1}:${start.column + 1}-${end.column + 1} ${severity}[${code}]`;
  }

  test.each(cases.filter((one) => one.file === file))("$model", ({ model, line, message }) => {
    const { diagnostics, concrete } = analyzer.analyzeModel(pathOf(file), model, INPUT);
    const name = model.split("(")[0] ?? "";
    const found = diagnostics.filter(({ code }) => !code.endsWith("size-dependent"));
    expect(found.map(shown)).toEqual(model.endsWith("(1)") ? [] : claimed(name));
    const errors = found.filter(({ severity }) => severity === "error");
    expect(errors.map(({ place }) => index.position(place.span.start).line + 1)).toEqual(
      line === undefined ? [] : [line],
    );
    expect(errors.map(({ original }) => original)).toEqual(message === undefined ? [] : [message]);
    if (file === "residual_forms.py") expect(concrete?.graph.residualAdds.length).toBeGreaterThanOrEqual(1);
  });
});
