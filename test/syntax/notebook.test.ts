import { expect, test } from "vitest";
import { joinCells, notebookCells } from "../../src/syntax/python/notebook.ts";

function notebook(cells: readonly object[], metadata: object = {}): string {
  return JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 });
}

const code = (source: string | readonly string[]) => ({ cell_type: "code", source, outputs: [], metadata: {} });

test("a notebook's code is that of its code cells, their sources one text or a list of lines", () => {
  const cells = [code(["import torch\n", "x = 1"]), { cell_type: "markdown", source: "# Title" }, code("y = 2\n")];
  expect(notebookCells(notebook(cells))).toEqual(["import torch\nx = 1", "y = 2\n"]);
  expect(notebookCells(notebook(cells, { language_info: { name: "python" } }))).toHaveLength(2);
  expect(notebookCells(notebook(cells, { kernelspec: { language: "R" } }))).toEqual([]);
  expect(notebookCells("not JSON")).toBeUndefined();
  expect(notebookCells("[]")).toBeUndefined();
});

/** What IPython's own transformer makes of each line, reduced to what Python still sees. */
test.each([
  ["%matplotlib inline\nx = 1", "pass\nx = 1"],
  ["!pip install timm\n", "pass\n"],
  ["if train:\n    !nvidia-smi\ny = 1", "if train:\n    pass\ny = 1"],
  ["!pip install \\\n    timm\nx = 1", "pass\n\nx = 1"],
  ["files = !ls *.py\n", "files = get_ipython()\n"],
  ["t = %timeit -o f()", "t = get_ipython()"],
  ["%time y = net(x)", "if 1: y = net(x)"],
  ["%%time\ny = net(x)", "\ny = net(x)"],
  ["%%bash\nls | wc\n", "\n\n"],
  ["net?\nnet.forward??\n?net", "pass\npass\npass"],
  // A line of a longer statement, or of a text, is Python's.
  ['print("%d"\n  % 3)', 'print("%d"\n  % 3)'],
  ['s = """\n%time\n!ls\n"""\nx = 5 % 3', 's = """\n%time\n!ls\n"""\nx = 5 % 3'],
  ["assert x != y", "assert x != y"],
  ["# 100%\n%cd ..", "# 100%\npass"],
])("%j", (cell, python) => {
  expect(joinCells([cell])).toBe(python);
  expect(python.split("\n")).toHaveLength(cell.split("\n").length);
});

test("each cell starts on a line of its own", () => {
  expect(joinCells(["a = 1", "%%html\n<b>", "b = 2\n", "c = 3"])).toBe("a = 1\n\n\nb = 2\n\nc = 3");
});
