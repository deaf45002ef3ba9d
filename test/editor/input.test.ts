import { expect, test } from "vitest";
import { parseInput } from "../../src/graph/input.ts";
import { render } from "../../src/text/text.ts";

test.each([
  ["2,3,224,224", [2, 3, 224, 224]],
  ["N, 3, H, W", ["N", 3, "H", "W"]],
  ["(N, 3, 224, 224)", ["N", 3, 224, 224]],
  ["[N, 3, 224, 224]", ["N", 3, 224, 224]],
  ["(8,)", [8]],
  ["1×3×32×32", [1, 3, 32, 32]],
  ['["N", 3, 32, 32]', ["N", 3, 32, 32]],
  ["[]", []],
])("%s is a tensor's sizes", (text, shape) => {
  expect(parseInput(text)).toEqual({ kind: "ok", input: { kind: "tensor", shape } });
});

test("objects name an element type and a parameter, sequences and dicts nest", () => {
  expect(parseInput('{"shape": [2, 8], "dtype": "int64", "name": "targets"}')).toEqual({
    kind: "ok",
    input: { kind: "tensor", shape: [2, 8], dtype: "int64", name: "targets" },
  });
  expect(parseInput('{"seq": [[2, 3], null, {"dict": {"a": "?"}}]}')).toEqual({
    kind: "ok",
    input: {
      kind: "seq",
      items: [
        { kind: "tensor", shape: [2, 3] },
        null,
        { kind: "dict", entries: [["a", { kind: "tensor", shape: undefined }]] },
      ],
    },
  });
});

test.each([
  ["", "an input is empty"],
  ["3,2.5", "2.5 is not a size: a whole number or a symbol such as N"],
  ["3,-1", "-1 is not a size: a whole number or a symbol such as N"],
  ["3,,4", " is not a size: a whole number or a symbol such as N"],
  ['{"shape": [1}', 'the input {"shape": [1} is not valid JSON'],
  ['{"size": [1]}', 'an input object has "shape", "seq" or "dict": {"size":[1]}'],
])("%s is refused", (text, message) => {
  const parsed = parseInput(text);
  expect(parsed.kind === "error" ? render(parsed.message) : parsed).toBe(message);
});
