import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Analysis } from "../../src/analysis.ts";
import { holdsAt } from "../../src/shape/decide.ts";
import { render } from "../../src/text/text.ts";
import { analyzerOf, pathOf } from "../roots/files.ts";
import { failsAt } from "./sizes.ts";

/** What a design does at the sizes from one on: it runs, it is too small for a kernel, or an operator refuses. */
type Happens = readonly [size: number, what: "ok" | "small" | "no", line: number];

interface Design {
  readonly name: string;
  readonly axis: "H" | "W" | "square";
  /** The size of the other axis. */
  readonly other: number;
  readonly source: string;
  readonly runs: readonly Happens[];
}

/** As `scripts/truth/record_sizes.py` recorded it. */
const { limit, designs }: { readonly limit: number; readonly designs: readonly Design[] } = JSON.parse(
  gunzipSync(readFileSync(new URL("../data/truth/sizes.json.gz", import.meta.url))).toString("utf8"),
);

/** Whose demand cannot be decided, so that nothing is said: an assert of the model's own, a crop that may start below 0. */
const UNDECIDED: ReadonlySet<string> = new Set(["unet14", "windows0", "windows8"]);

/** Whose input no layer takes as it is: it is a guess, under which nothing is reported. */
const GUESSED: ReadonlySet<string> = new Set([
  ...["focus2", "focus5", "focus7", "resized0", "resized1", "resized5", "turned0", "turned1", "turned5"],
  ...["shuffled1", "shuffled9", "shuffled11", "shuffled12", "shuffled13", "windows4", "windows5"],
]);

const analyses = new Map<string, Analysis>();

function analyze({ name, source }: Design): Analysis {
  const before = analyses.get(name);
  if (before !== undefined) return before;
  const made = analyzerOf({ "net.py": source }).analyzeModel(pathOf("net.py"), "Net()", undefined);
  analyses.set(name, made);
  return made;
}

/** Each size with the sizes of all symbols there, and what real PyTorch does. */
function everySize({ axis, other, runs }: Design) {
  return Array.from({ length: limit }, (_, i) => {
    const size = i + 1;
    const [, what, line] = runs.findLast(([from]) => from <= size) ?? [0, "no", 0];
    const [H, W] = axis === "H" ? [size, other] : axis === "W" ? [other, size] : [size, size];
    const env = new Map(Object.entries({ N: 2, H, W }));
    return { size, what, line, env };
  });
}

const decided = designs.filter(({ name }) => !UNDECIDED.has(name));

test("at least 200 designs are decided", () => {
  expect(decided.filter(({ name }) => !GUESSED.has(name)).length).toBeGreaterThanOrEqual(200);
});

test.each(decided)("$name: accepted at exactly the sizes at which real PyTorch runs it", (design) => {
  const nodes = analyze(design).symbolic?.graph.nodes ?? [];
  const isRefused = nodes.some(({ refusal }) => refusal !== undefined);
  const guards = nodes.flatMap((node) => node.guards ?? []);
  const sizes = everySize(design);
  expect(
    sizes.filter(({ env }) => !isRefused && guards.every((guard) => holdsAt(guard, env))).map(({ size }) => size),
  ).toEqual(sizes.filter(({ what }) => what === "ok").map(({ size }) => size));
});

test.each(decided.filter(({ name }) => !GUESSED.has(name)))(
  "$name: the diagnostics say exactly the sizes at which it fails",
  (design) => {
    const { diagnostics } = analyze(design);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const notes = diagnostics.filter(({ code }) => code.endsWith("size-dependent"));
    const told = notes.map(({ message, place }) => ({
      text: render(message),
      line: design.source.slice(0, place.span.start).split("\n").length,
    }));
    for (const { message } of diagnostics) expect(render(message).length).toBeLessThanOrEqual(120);
    for (const { size, what, line, env } of everySize(design)) {
      // Of a size that is merely too small nothing is said.
      if (what === "small") continue;
      // An error stands at every size, but for those so small that a length of 1 is broadcast by accident.
      if (errors.length !== 0) {
        if (what === "ok") expect({ size, ones: hasOnes(design, env) }).toEqual({ size, ones: true });
        continue;
      }
      const failing = told.filter(({ text }) => failsAt(text, env));
      expect({ size, fails: failing.length !== 0 }).toEqual({ size, fails: what === "no" });
      if (what === "no") expect(failing.map((one) => one.line)).toContain(line);
    }
  },
);

/** Whether some operator broadcasts a length that is 1 at these sizes. */
function hasOnes(design: Design, env: ReadonlyMap<string, number>): boolean {
  const guards = (analyze(design).symbolic?.graph.nodes ?? []).flatMap((node) => node.guards ?? []);
  return guards.some(
    (guard) => guard.kind === "broadcast" && holdsAt(guard, env) && !holdsAt({ ...guard, kind: "equal" }, env),
  );
}
