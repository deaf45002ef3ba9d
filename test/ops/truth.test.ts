import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { operator, operatorNames } from "../../src/ops/catalogue.ts";
import { argsOf, printShape, typesOf } from "./apply.ts";
import { allCases, type Case } from "./cases.ts";

/** What `scripts/truth/record_ops.py` saw PyTorch do. */
type Result =
  | { readonly out: readonly (readonly number[])[]; readonly types?: readonly string[]; readonly madds?: number }
  | { readonly refused: string };

const truth: { readonly torch: string; readonly sha256: string; readonly results: readonly Result[] } = JSON.parse(
  readFileSync(new URL("../data/ops/truth.json", import.meta.url), "utf8"),
);
const cases = allCases();

/** What our rule says, in the words of the record. */
function ours({ op, inputs, args, dtypes }: Case): unknown {
  const entry = operator(op);
  if (entry === undefined) return "no such operator";
  const types = typesOf(inputs, dtypes);
  const given = argsOf(args);
  const outcome = entry.shape(types, given);
  if (outcome.kind === "refused") return "refused";
  return {
    out: outcome.outputs.map((type) => printShape(type.shape)),
    types: outcome.outputs.map((type) => type.dtype),
    madds: entry.cost === undefined ? 0 : entry.cost(types, given, outcome.outputs),
    guards: outcome.guards,
  };
}

function recorded(result: Result): unknown {
  if ("refused" in result) return "refused";
  const types = result.types ?? result.out.map(() => "float32");
  return { out: result.out, types, madds: result.madds ?? 0, guards: undefined };
}

describe(`shape rules against PyTorch ${truth.torch}`, () => {
  test("the record is of these cases", () => {
    expect(truth.sha256).toBe(createHash("sha256").update(JSON.stringify(cases)).digest("hex"));
    expect(truth.results.length).toBe(cases.length);
  });

  test.each(operatorNames)("%s", (name) => {
    const rows = cases.flatMap((one, i) => (one.op === name ? [{ one, result: truth.results[i] }] : []));
    expect(rows.length).toBeGreaterThan(0);
    for (const { one, result } of rows) {
      if (result === undefined) throw new Error("no record");
      expect(ours(one), JSON.stringify([one, result])).toEqual(recorded(result));
    }
  });
});
