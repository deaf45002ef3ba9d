import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { PlainArg, Program, ProgramNode } from "../../src/graph/program.ts";
import { operator, operatorNames } from "../../src/ops/catalogue.ts";
import type { Example } from "../../src/ops/operator.ts";
import type { DType } from "../../src/shape/dim.ts";
import type { RecordedCase } from "./cases.ts";
import { inRoot, loadRuntime, started } from "./harness.ts";

const runtime = await loadRuntime("catalogue");
const backend = await started(runtime, "wasm");

interface Plain extends Example {
  readonly inputs: readonly (readonly number[])[];
  readonly args: Readonly<Record<string, PlainArg>>;
  readonly gives: readonly (readonly number[])[];
}

const known = (shapes: readonly (readonly (number | string)[])[]): boolean => shapes.flat().every(Number.isInteger);

/** Accepted examples whose sizes are numbers above 0; element types that no backend has are left out. */
function examplesOf(name: string): readonly Plain[] {
  return (operator(name)?.examples ?? []).filter(
    (example): example is Plain =>
      Array.isArray(example.gives) &&
      known(example.inputs) &&
      known(example.gives) &&
      ![...example.inputs, ...example.gives].flat().includes(0) &&
      !example.dtypes?.some((dtype) => dtype.startsWith("complex")),
  );
}

function programOf(name: string, { inputs, args, gives, dtypes }: Plain): Program {
  const sources = inputs.map((shape, i): ProgramNode => {
    const dtype = (dtypes?.[i] ?? "float32") as DType;
    return { id: i, op: "input", inputs: [], args: {}, outputs: [{ shape, dtype }], path: "", type: "" };
  });
  const node: ProgramNode = {
    id: sources.length,
    op: name,
    inputs: sources.map(({ id }) => ({ node: id, output: 0 })),
    args,
    outputs: gives.map((shape) => ({ shape, dtype: "float32" })),
    path: "",
    type: "",
  };
  return {
    inputs: sources.map(({ id, outputs: [output] }) => ({
      node: id,
      name: `x${id}`,
      shape: output?.shape ?? [],
      dtype: output?.dtype ?? "float32",
    })),
    weights: [],
    nodes: [...sources, node],
    output: { kind: "tensor", ref: { node: node.id, output: 0 } },
    taps: [],
  };
}

const cases: readonly RecordedCase[] = JSON.parse(String(await readFile(inRoot("test/data/run/operators.json"))));
const reached: { readonly operators: Readonly<Record<string, string>> } = JSON.parse(
  String(await readFile(inRoot("test/data/run/reached.json"))),
);
const refused = Object.keys(runtime.UNSUPPORTED);

describe("an operator of the catalogue", () => {
  test("either runs or stands in the list of those that do not, with the reason", () => {
    expect([...runtime.RUNS.keys(), ...refused].sort()).toEqual([...operatorNames].sort());
  });

  test("that runs is compared with PyTorch", () => {
    const compared = new Set(cases.map(({ op }) => op));
    expect([...runtime.RUNS.keys()].filter((op) => !compared.has(op))).toEqual([]);
  });

  test("that published residual networks reach, runs", () => {
    const sources = ["input", "weight", "gap", "unknown"];
    const missing = Object.keys(reached.operators).filter((op) => !runtime.RUNS.has(op) && !sources.includes(op));
    expect(Object.keys(reached.operators).length).toBeGreaterThan(80);
    expect(missing).toEqual([]);
  });
});

describe("the runtime against the catalogue's own examples", () => {
  test.each(operatorNames)("%s gives the shapes that its rule gives, or says why it is not computed", async (name) => {
    for (const example of examplesOf(name)) {
      const program = programOf(name, example);
      const inputs = program.inputs.map(({ shape }) => new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1));
      const model = runtime.openModel(backend, program, []);
      const result = await runtime.execute(model, inputs);
      runtime.closeModel(model);
      const what = JSON.stringify(example);
      if (result.stop?.kind === "unsupported") {
        expect(result.stop.reason.template, what).not.toBe("the operator {0} is not implemented");
        continue;
      }
      expect(result.stop, what).toBeUndefined();
      expect(result.checked, what).toEqual([]);
      expect(result.timings, what).toHaveLength(program.nodes.length);
    }
  });
});
