import { describe, expect, test } from "vitest";
import { operator, operatorNames } from "../../src/ops/catalogue.ts";
import { argsOf, printShape, typesOf } from "./apply.ts";

describe.each(operatorNames)("%s", (name) => {
  const entry = operator(name);
  if (entry === undefined) throw new Error(name);

  test.each(entry.examples.map((example) => [JSON.stringify([example.inputs, example.args]), example] as const))(
    "%s",
    (_title, example) => {
      const outcome = entry.shape(typesOf(example.inputs, example.dtypes), argsOf(example.args));
      const gives =
        outcome.kind === "refused" ? outcome.fault : outcome.outputs.map((output) => printShape(output.shape));
      expect(gives).toEqual(example.gives);
    },
  );

  test("has an accepted example", () => {
    expect(entry.examples.some(({ gives }) => Array.isArray(gives))).toBe(true);
  });
});
