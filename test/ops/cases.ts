import { operator, operatorNames } from "../../src/ops/catalogue.ts";

/** One application of an operator to shapes of known lengths; `args` as in an example. */
export interface Case {
  readonly op: string;
  readonly inputs: readonly (readonly number[])[];
  readonly args: Readonly<Record<string, unknown>>;
  readonly dtypes?: readonly string[];
}

/** Every concrete example of the catalogue, then a grid over arguments. */
export function allCases(): readonly Case[] {
  return [...examples(), ...grid()];
}

function examples(): readonly Case[] {
  return operatorNames.flatMap((op) =>
    (operator(op)?.examples ?? []).flatMap((example): Case[] => {
      const inputs = example.inputs.map((shape) => shape.filter((d) => typeof d === "number"));
      const concrete = inputs.every((shape, i) => shape.length === example.inputs[i]?.length);
      if (!concrete || hasSymbol(example.args)) return [];
      return [{ op, inputs, args: example.args, ...(example.dtypes === undefined ? {} : { dtypes: example.dtypes }) }];
    }),
  );
}

function hasSymbol(value: unknown): boolean {
  if (typeof value === "string") return /^[A-Z]\d*$/.test(value);
  if (Array.isArray(value)) return value.some((item) => typeof item === "string" || hasSymbol(item));
  return typeof value === "object" && value !== null && Object.values(value).some(hasSymbol);
}

function grid(): readonly Case[] {
  return [
    ...convolutions(),
    ...transposed(),
    ...pools(),
    ...adaptive(),
    ...resized(),
    ...reshapes(),
    ...slices(),
    ...pairs(),
    ...axes(),
    ...pads(),
    ...parts(),
    ...promotions(),
  ];
}

function convolutions(): readonly Case[] {
  const out: Case[] = [];
  for (const length of [1, 2, 5, 6, 9])
    for (const kernel of [1, 2, 3, 5])
      for (const stride of [1, 2, 3])
        for (const side of [
          [0, 0],
          [1, 1],
          [2, 2],
          [0, 1],
        ])
          for (const dilation of [1, 2, 3])
            out.push({
              op: "conv",
              inputs: [
                [2, 4, length],
                [6, 4, kernel],
              ],
              args: { stride: [stride], padding: [side], dilation: [dilation], groups: 1 },
            });
  for (const channels of [3, 4, 6])
    for (const groups of [1, 2, 3])
      for (const batch of [[], [2]])
        for (const size of [
          [4, 5],
          [2, 7],
        ])
          out.push({
            op: "conv",
            inputs: [[...batch, channels, ...size], [6, 2, 3, 3], [6]],
            args: {
              stride: [2, 1],
              padding: [
                [1, 1],
                [0, 0],
              ],
              dilation: [1, 1],
              groups,
            },
          });
  return out;
}

function transposed(): readonly Case[] {
  const out: Case[] = [];
  for (const length of [1, 4, 5])
    for (const kernel of [1, 2, 3])
      for (const stride of [1, 2, 3])
        for (const padding of [0, 1, 2])
          for (const output_padding of [0, 1, 2])
            for (const dilation of [1, 2])
              out.push({
                op: "conv_transpose",
                inputs: [
                  [2, 4, length],
                  [4, 3, kernel],
                ],
                args: {
                  stride: [stride],
                  padding: [padding],
                  output_padding: [output_padding],
                  dilation: [dilation],
                  groups: 1,
                },
              });
  return out;
}

function pools(): readonly Case[] {
  const out: Case[] = [];
  for (const rank of [1, 2])
    for (const length of [1, 2, 5, 6, 9])
      for (const kernel of [1, 2, 3])
        for (const stride of [1, 2, 3, 4])
          for (const padding of [0, 1, 2])
            for (const ceil_mode of [false, true]) {
              const all = (value: number): readonly number[] => Array.from({ length: rank }, () => value);
              const args = { kernel: all(kernel), stride: all(stride), padding: all(padding), ceil_mode };
              const inputs = [[2, 3, ...all(length)]];
              out.push({ op: "max_pool", inputs, args: { ...args, dilation: all(1) } });
              out.push({ op: "max_pool", inputs, args: { ...args, dilation: all(2) } });
              if (rank === 2 || stride < 4) out.push({ op: "avg_pool", inputs, args });
            }
  return out;
}

function adaptive(): readonly Case[] {
  const out: Case[] = [];
  for (const op of ["adaptive_avg_pool", "adaptive_max_pool"])
    for (const shape of [
      [2, 3, 7, 9],
      [3, 7, 9],
      [2, 3, 4],
      [3, 4],
      [2, 3, 4, 5, 6],
      [3],
      [0, 3, 4, 4],
      [2, 0, 4, 4],
      [2, 3, 0, 4],
    ])
      for (const output of [[1], [4], [1, 1], [null, 3], [0, 1], [2, 3, 4]])
        out.push({ op, inputs: [shape], args: { output, single: false } });
  return out;
}

function resized(): readonly Case[] {
  const out: Case[] = [];
  for (const length of [1, 2, 3, 5, 7, 10, 49])
    for (const scale of [0.1, 0.25, 0.3, 1 / 3, 0.5, 0.7, 0.75, 1, 1.1, 1.3, 1.5, 2, 2.5, 3])
      for (const mode of ["nearest", "linear", "area"])
        out.push({
          op: "interpolate",
          inputs: [[2, 3, length]],
          args: { size: null, scale: [scale], mode, align_corners: null },
        });
  for (const shape of [
    [2, 3],
    [2, 3, 5],
    [2, 3, 5, 4],
    [2, 3, 5, 4, 2],
  ])
    for (const mode of ["nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area"])
      for (const align_corners of [null, false, true])
        out.push({ op: "interpolate", inputs: [shape], args: { size: 3, scale: null, mode, align_corners } });
  for (const shape of [
    [1, 4, 4, 4],
    [4, 4, 4],
    [9, 3, 6],
    [4, 4],
    [2, 18, 2, 2],
  ])
    for (const factor of [1, 2, 3]) {
      out.push({ op: "pixel_shuffle", inputs: [shape], args: { factor } });
      out.push({ op: "pixel_unshuffle", inputs: [shape], args: { factor } });
    }
  for (const length of [2, 5, 6])
    for (const kernel of [1, 2, 3])
      for (const stride of [1, 2, 3])
        for (const padding of [0, 1, 2])
          out.push({
            op: "unfold",
            inputs: [[1, 2, length, 6]],
            args: { kernel: [kernel, 2], dilation: [2, 1], padding: [padding, 0], stride: [stride, 1] },
          });
  return out;
}

function reshapes(): readonly Case[] {
  const out: Case[] = [];
  const wanted = [
    [24],
    [-1],
    [2, -1],
    [-1, 4],
    [4, 6],
    [5, -1],
    [2, 3, 4],
    [0, -1],
    [-1, 0],
    [0],
    [1, -1, 1],
    [-1, -1],
    [-3, 8],
    [],
    [2, -1, 3],
    [0, 5],
  ];
  for (const shape of [[2, 3, 4], [24], [0, 3], [1], [], [5, 5]])
    for (const to of wanted) out.push({ op: "reshape", inputs: [shape], args: { shape: to } });
  for (const shape of [[], [5], [2, 3], [2, 3, 4], [0, 3, 4]])
    for (const start of [-4, -2, -1, 0, 1, 2, 3])
      for (const end of [-3, -1, 0, 1, 3]) out.push({ op: "flatten", inputs: [shape], args: { start, end } });
  for (const axis of [-3, -1, 0, 1, 2])
    for (const sizes of [[3, 4], [-1, 2], [2, -1, 3], [5, -1], [12, 1], [-1, -1], [2], [0, -1]])
      out.push({ op: "unflatten", inputs: [[2, 12]], args: { axis, sizes } });
  return out;
}

function slices(): readonly Case[] {
  const out: Case[] = [];
  const bounds = [null, 0, 1, 3, -1, -3, 7, -9];
  for (const length of [0, 1, 5])
    for (const start of bounds)
      for (const end of bounds)
        for (const step of [1, 2])
          out.push({ op: "slice", inputs: [[length]], args: { starts: [start], ends: [end], steps: [step] } });
  for (const length of [0, 1, 3])
    for (const index of [0, 1, 2, 3, -1, -2, -3, -4]) {
      out.push({ op: "select", inputs: [[2, length]], args: { axis: 1, index } });
      out.push({ op: "gather_index", inputs: [[2, length]], args: { axis: 1, indices: [index, 0] } });
    }
  return out;
}

const SHAPES = [
  [],
  [1],
  [3],
  [4],
  [2, 3],
  [3, 1],
  [1, 3],
  [3, 4],
  [2, 3, 4],
  [2, 1, 4],
  [1, 4, 3],
  [2, 4, 3],
  [0, 3],
  [5, 2, 3, 4],
];

function pairs(): readonly Case[] {
  const out: Case[] = [];
  for (const a of SHAPES)
    for (const b of SHAPES) {
      out.push({ op: "add", inputs: [a, b], args: {} });
      out.push({ op: "mul", inputs: [a, b], args: { in_place: true } });
      out.push({ op: "matmul", inputs: [a, b], args: {} });
      out.push({ op: "linear", inputs: [a, b], args: {} });
      out.push({ op: "expand", inputs: [a], args: { shape: b } });
      for (const axis of [0, -1]) out.push({ op: "concat", inputs: [a, b], args: { axis } });
    }
  for (const a of SHAPES)
    for (const b of [[3], [2, 3], [2, 3, 4]]) {
      out.push({ op: "layer_norm", inputs: [a], args: { normalized: b } });
      out.push({ op: "stack", inputs: [a, b], args: { axis: 1 } });
      out.push({ op: "bmm", inputs: [a, b], args: {} });
      out.push({ op: "prelu", inputs: [a, b.slice(0, 1)], args: {} });
      out.push({ op: "addmm", inputs: [a, [3, 4], [4, 4]], args: {} });
    }
  for (const a of SHAPES) for (const groups of [1, 2, 3]) out.push({ op: "group_norm", inputs: [a], args: { groups } });
  for (const spatial of [0, 1, 2, 3, null])
    for (const shape of [
      [3],
      [2, 3],
      [2, 3, 4],
      [2, 3, 4, 4],
      [2, 3, 2, 2, 2],
      [2, 4, 4, 4],
      [2, 3, 1, 1],
      [0, 3, 4, 4],
    ]) {
      if (spatial !== 0) out.push({ op: "batch_norm", inputs: [shape, [3], [3], [3], [3]], args: { spatial } });
      // PyTorch trips over an empty batch here, in words of an index that has nothing to do with shapes.
      if (spatial === 0 || shape[0] === 0) continue;
      out.push({ op: "instance_norm", inputs: [shape, [3], [3]], args: { spatial } });
      out.push({ op: "instance_norm", inputs: [shape], args: { spatial } });
    }
  return out;
}

function axes(): readonly Case[] {
  const out: Case[] = [];
  for (const shape of [[], [1], [3], [2, 1, 3], [2, 0]])
    for (const axis of [-4, -2, -1, 0, 1, 2, 3]) {
      out.push({ op: "unsqueeze", inputs: [shape], args: { axis } });
      out.push({ op: "squeeze", inputs: [shape], args: { axes: axis } });
      for (const op of ["sum", "mean", "max", "argmax", "prod", "std", "any"])
        out.push({ op, inputs: [shape], args: { axes: axis, keepdim: axis % 2 === 0 } });
      out.push({ op: "max_with_indices", inputs: [shape], args: { axis, keepdim: false } });
      out.push({ op: "softmax", inputs: [shape], args: { axis } });
      out.push({ op: "cumsum", inputs: [shape], args: { axis } });
      out.push({ op: "sort", inputs: [shape], args: { axis } });
      out.push({ op: "topk", inputs: [shape], args: { k: 1, axis } });
      out.push({ op: "unbind", inputs: [shape], args: { axis } });
      out.push({ op: "glu", inputs: [[...shape, 4]], args: { axis } });
      out.push({ op: "transpose", inputs: [shape], args: { a: axis, b: -1 } });
      out.push({ op: "flip", inputs: [shape], args: { axes: [axis] } });
    }
  for (const list of [[], [0, 1, 2], [2, 0, 1], [-1, 0, 1], [0, 0, 1], [0, 1], [0, 1, 3], [1, 2, -3]]) {
    out.push({ op: "permute", inputs: [[2, 1, 3]], args: { axes: list } });
    out.push({ op: "sum", inputs: [[2, 1, 3]], args: { axes: list, keepdim: true } });
    out.push({ op: "mean", inputs: [[2, 1, 3]], args: { axes: list, keepdim: false } });
    out.push({ op: "max", inputs: [[2, 1, 3]], args: { axes: list, keepdim: false } });
    out.push({ op: "squeeze", inputs: [[2, 1, 3]], args: { axes: list } });
  }
  return out;
}

function pads(): readonly Case[] {
  const out: Case[] = [];
  for (const mode of ["constant", "reflect", "replicate", "circular"])
    for (const length of [1, 2, 3, 4])
      for (const side of [
        [0, 1],
        [1, 0],
        [2, 2],
        [3, 0],
        [-1, 0],
        [-1, -1],
        [-2, 1],
      ])
        out.push({ op: "pad", inputs: [[2, 3, length, 5]], args: { sides: [[0, 0], [0, 0], side, [1, 1]], mode } });
  return out;
}

function parts(): readonly Case[] {
  const out: Case[] = [];
  for (const length of [0, 1, 6, 7])
    for (const n of [0, 1, 2, 3, 4, 7, 9]) {
      out.push({ op: "split", inputs: [[2, length]], args: { axis: 1, sizes: n } });
      out.push({ op: "chunk", inputs: [[2, length]], args: { axis: -1, chunks: n } });
      out.push({ op: "repeat", inputs: [[2, length]], args: { times: [n, 1, 2] } });
    }
  return out;
}

function promotions(): readonly Case[] {
  const out: Case[] = [];
  const types = ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int8", "uint8", "bool"];
  for (const a of types) {
    for (const b of types) {
      out.push({ op: "add", inputs: [[2], [2]], args: {}, dtypes: [a, b] });
      out.push({ op: "div", inputs: [[2], []], args: {}, dtypes: [a, b] });
      out.push({ op: "mul", inputs: [[2], [2]], args: { in_place: true }, dtypes: [a, b] });
      out.push({ op: "concat", inputs: [[2], [2]], args: { axis: 0 }, dtypes: [a, b] });
    }
    for (const right of [2, 0.5, true]) {
      for (const op of ["add", "sub", "mul", "div", "pow", "floor_div", "remainder", "eq"]) {
        out.push({ op, inputs: [[2]], args: { right }, dtypes: [a] });
      }
      out.push({ op: "sub", inputs: [[2]], args: { left: right }, dtypes: [a] });
    }
    for (const op of ["sum", "mean", "prod", "max", "argmax", "any", "std"]) {
      out.push({ op, inputs: [[2, 3]], args: { axes: 1, keepdim: false }, dtypes: [a] });
    }
    for (const op of operatorNames) {
      const entry = operator(op);
      if (entry === undefined || entry.signature !== "… -> …" || a === "float16" || a === "bfloat16") continue;
      if (entry.examples[0]?.inputs.length !== 1 || "axes" in entry.parameters || "axis" in entry.parameters) continue;
      out.push({ op, inputs: [[2, 3]], args: entry.examples[0].args, dtypes: [a] });
    }
  }
  return out;
}
