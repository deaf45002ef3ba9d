import type { Dim } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { ceilDiv, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { dimArg, dimList, dtypeArg } from "./args.ts";
import { broadcastShapes } from "./broadcast.ts";
import { differ, surelyAtLeast } from "./claims.ts";
import { compute, setBy, show, showShape, unknownFrom } from "./dims.ts";
import type { Operator } from "./operator.ts";
import { badArgument, documented, entry, input, ok, rankRefusal, refuse, tensor, unknownTensor } from "./outcome.ts";

/** Tensors made of numbers, and lookups in a table. */

const constant = entry({
  name: "constant",
  signature: "-> shape",
  parameters: { shape: "lengths", fill: "number, or how it is filled", dtype: "element type; float32 if absent" },
  shape: (_inputs, args) => {
    const shape = dimList(args, "shape")?.map((d) => d ?? unknownFrom([]));
    const dtype = dtypeArg(args, "dtype") ?? (args.dtype === undefined ? "float32" : undefined);
    if (shape === undefined) return ok([unknownTensor(dtype)]);
    const bad = shape.find(({ size }) => typeof size === "number" && size < 0);
    if (bad === undefined) return ok([tensor(shape, dtype)]);
    return badArgument("size", t("a length cannot be {0}", show(bad)), [unknownTensor(dtype)], bad);
  },
  link: documented("torch.full"),
  examples: [
    { inputs: [], args: { shape: [2, 3], fill: 0 }, gives: [[2, 3]] },
    { inputs: [], args: { shape: ["N", 64], fill: 1 }, gives: [["N", 64]] },
    { inputs: [], args: { shape: [], fill: 1 }, gives: [[]] },
    { inputs: [], args: { shape: [2, -3], fill: 0 }, gives: "argument" },
  ],
});

const arange = entry({
  name: "arange",
  signature: "-> n",
  parameters: { start: "first number", end: "bound that is not reached", step: "difference", dtype: "element type" },
  shape: (_inputs, args) => {
    const read = (name: string, otherwise: number): Dim | number | undefined => {
      const arg = args[name];
      return arg === undefined || arg === null
        ? { size: otherwise }
        : typeof arg === "number"
          ? arg
          : dimArg(args, name);
    };
    const [start, end, step] = [read("start", 0), read("end", 0), read("step", 1)];
    const numbers = [start, end, step].map((v) => (typeof v === "object" && typeof v.size === "number" ? v.size : v));
    const dtype =
      dtypeArg(args, "dtype") ?? ([start, end, step].some((v) => typeof v === "number") ? "float32" : "int64");
    const [from, to, by] = numbers;
    if (by === 0) return badArgument("step", t("{0} must not be 0", "step"), [unknownTensor(dtype)]);
    if (typeof from === "number" && typeof to === "number" && typeof by === "number") {
      if (by < 0 ? from < to : to < from) {
        return badArgument("end", t("the end lies before the start"), [unknownTensor(dtype)]);
      }
      return ok([tensor([setBy({ size: Math.ceil((to - from) / by) }, "arange", [dimArg(args, "end")])], dtype)]);
    }
    if (typeof start !== "object" || typeof end !== "object" || typeof by !== "number" || by < 1) {
      return ok([tensor([unknownFrom([dimArg(args, "start"), dimArg(args, "end")])], dtype)]);
    }
    const span = compute([end, start], sub);
    const count = surelyAtLeast(span, 0) ? compute([span], (n) => ceilDiv(n, by)) : unknownFrom([end, start]);
    return ok([
      tensor(
        [start.size === 0 && by === 1 && count.size !== undefined ? end : setBy(count, "arange", [end, start])],
        dtype,
      ),
    ]);
  },
  link: documented("torch.arange"),
  examples: [
    { inputs: [], args: { start: 0, end: 5, step: 1 }, gives: [[5]] },
    { inputs: [], args: { start: 2, end: 9, step: 3 }, gives: [[3]] },
    { inputs: [], args: { start: 0, end: "L", step: 1 }, gives: [["L"]] },
    { inputs: [], args: { start: 5, end: 0, step: -2 }, gives: [[3]] },
    { inputs: [], args: { start: 5, end: 0, step: 1 }, gives: "argument" },
    { inputs: [], args: { start: 0, end: 5, step: 0 }, gives: "argument" },
  ],
});

const oneHot = entry({
  name: "one_hot",
  signature: "… -> … classes",
  parameters: { classes: "length of the new last axis; -1: found in the values" },
  shape: (inputs, args) => {
    const x = input(inputs, 0);
    const classes = dimArg(args, "classes") ?? { size: -1 };
    const length = classes.size === -1 ? unknownFrom([]) : setBy(classes, "num_classes", [classes]);
    const out = x.shape === undefined ? unknownTensor("int64", [x]) : tensor([...x.shape, length], "int64");
    if (x.dtype === undefined || x.dtype === "int64") return ok([out]);
    return refuse("dtype", t("expects {0}, gets {1}", "int64", x.dtype), [out], { input: 0 });
  },
  link: documented("torch.nn.functional.one_hot"),
  examples: [
    { inputs: [[2, 3]], args: { classes: 10 }, dtypes: ["int64"], gives: [[2, 3, 10]] },
    { inputs: [[2, 3]], args: { classes: 10 }, gives: "dtype" },
  ],
});

const embedding = entry({
  name: "embedding",
  signature: "…, rows features -> … features",
  parameters: {},
  shape: (inputs) => {
    const [ids, weight] = [input(inputs, 0), input(inputs, 1)];
    const rank = rankRefusal(weight, [2], [unknownTensor(weight.dtype)], 1);
    if (rank !== undefined) return rank;
    const features = weight.shape?.[1] ?? unknownFrom([weight]);
    const out =
      ids.shape === undefined
        ? unknownTensor(weight.dtype, [ids])
        : tensor([...ids.shape, setBy(features, "embedding_dim", [features])], weight.dtype);
    if (ids.dtype === undefined || ids.dtype === "int64" || ids.dtype === "int32") return ok([out]);
    return refuse("dtype", t("expects {0}, gets {1}", "int64", ids.dtype), [out], { input: 0 });
  },
  link: documented("torch.nn.functional.embedding"),
  examples: [
    {
      inputs: [
        [2, 7],
        [100, 16],
      ],
      args: {},
      dtypes: ["int64", "float32"],
      gives: [[2, 7, 16]],
    },
    {
      inputs: [
        ["N", "L"],
        [100, 16],
      ],
      args: {},
      dtypes: ["int64", "float32"],
      gives: [["N", "L", 16]],
    },
    {
      inputs: [
        [2, 7],
        [100, 16],
      ],
      args: {},
      gives: "dtype",
    },
    { inputs: [[2, 7], [100]], args: {}, dtypes: ["int64", "float32"], gives: "rank" },
  ],
});

/** `nn.EmbeddingBag`: one row for each bag of rows. Inputs: numbers, rows, and where bags start if the numbers are one list. */
const embeddingBag = entry({
  name: "embedding_bag",
  signature: "n l, rows features -> n features",
  parameters: { last: "the last start is the end of the list, not of a bag" },
  shape: (inputs, args) => {
    const [ids, weight, starts] = [input(inputs, 0), input(inputs, 1), inputs[2]];
    const features = weight.shape?.[1] ?? unknownFrom([weight]);
    const none = [unknownTensor(weight.dtype, [ids])];
    const rank = rankRefusal(ids, [1, 2], none) ?? rankRefusal(weight, [2], none, 1);
    if (rank !== undefined) return rank;
    if (ids.shape === undefined) return ok(none);
    const list = ids.shape.length === 1;
    if (list !== (starts !== undefined))
      return badArgument("offsets", t("offsets go with a list of numbers, not with rows of them"), none);
    const count = (list ? starts?.shape?.[0] : ids.shape[0]) ?? unknownFrom([ids]);
    const bags = args.last === true ? compute([count], (n) => sub(n, 1)) : count;
    const out = [tensor([bags, setBy(features, "embedding_dim", [features])], weight.dtype)];
    if (ids.dtype === undefined || ids.dtype === "int64" || ids.dtype === "int32") return ok(out);
    return refuse("dtype", t("expects {0}, gets {1}", "int64", ids.dtype), out, { input: 0 });
  },
  link: documented("torch.nn.functional.embedding_bag"),
  examples: [
    {
      inputs: [
        [4, 3],
        [10, 5],
      ],
      args: {},
      dtypes: ["int64", "float32"],
      gives: [[4, 5]],
    },
    { inputs: [[6], [10, 5], [1]], args: {}, dtypes: ["int64", "float32", "int64"], gives: [[1, 5]] },
    { inputs: [[6], [10, 5]], args: {}, dtypes: ["int64", "float32"], gives: "argument" },
    {
      inputs: [
        [4, 3],
        [10, 5],
      ],
      args: {},
      gives: "dtype",
    },
    {
      inputs: [
        [1, 4, 3],
        [10, 5],
      ],
      args: {},
      dtypes: ["int64", "float32"],
      gives: "rank",
    },
  ],
});

/** Classes stand on axis 1, on axis 0 without a batch. */
const crossEntropy = entry({
  name: "cross_entropy",
  signature: "n classes …, n … -> ",
  parameters: { reduction: "mean, sum or none" },
  shape: (inputs, args) => {
    const [x, target] = [input(inputs, 0), input(inputs, 1)];
    const reduced = args.reduction !== "none";
    const scalar = [tensor([], x.dtype)];
    if (x.shape === undefined || target.shape === undefined)
      return ok(reduced ? scalar : [unknownTensor(x.dtype, [x, target])]);
    const { shape } = x;
    const classAxis = shape.length === 1 ? 0 : 1;
    const rest = shape.filter((_, i) => i !== classAxis);
    const probabilities = target.dtype?.startsWith("float") && target.shape.length === shape.length;
    const wanted = probabilities ? shape : rest;
    const assume = reduced ? scalar : [tensor(rest, x.dtype)];
    if (target.dtype === undefined && target.shape.length === shape.length) return ok(assume);
    const guards: Guard[] = [];
    const own = target.shape;
    const axes = wanted.flatMap((d, i) => (differ(d, own[i] ?? d, guards) ? [i] : []));
    if (shape.length === 0 || axes.length !== 0 || own.length !== wanted.length) {
      const detail = t("expects a target of shape {0}, gets {1}", showShape(wanted), showShape(own));
      return refuse("shapes", detail, assume, { input: 1, axes });
    }
    if (!probabilities && target.dtype?.startsWith("float")) {
      return refuse("dtype", t("expects {0}, gets {1}", "int64", target.dtype), assume, { input: 1 });
    }
    return ok(assume, guards);
  },
  link: documented("torch.nn.functional.cross_entropy"),
  examples: [
    { inputs: [[4, 10], [4]], args: { reduction: "mean" }, dtypes: ["float32", "int64"], gives: [[]] },
    {
      inputs: [
        [4, 10],
        [4, 10],
      ],
      args: { reduction: "none" },
      gives: [[4]],
    },
    {
      inputs: [
        [4, 10, 5, 5],
        [4, 5, 5],
      ],
      args: { reduction: "none" },
      dtypes: ["float32", "int64"],
      gives: [[4, 5, 5]],
    },
    { inputs: [[10], []], args: { reduction: "sum" }, dtypes: ["float32", "int64"], gives: [[]] },
    { inputs: [[4, 10], [5]], args: { reduction: "mean" }, dtypes: ["float32", "int64"], gives: "shapes" },
    {
      inputs: [
        [4, 10],
        [4, 9],
      ],
      args: { reduction: "mean" },
      gives: "shapes",
    },
  ],
});

/** A loss of two tensors that broadcast. */
function pairLoss(name: string): Operator {
  return entry({
    name,
    signature: "…, … -> ",
    parameters: { reduction: "mean, sum or none" },
    shape: (inputs, args) => {
      const [x, target] = [input(inputs, 0), input(inputs, 1)];
      const reduced = args.reduction !== "none";
      if (x.shape === undefined || target.shape === undefined) {
        return ok([reduced ? tensor([], x.dtype) : unknownTensor(x.dtype, [x, target])]);
      }
      const guards: Guard[] = [];
      const { shape, misfits } = broadcastShapes([x.shape, target.shape], guards);
      const out = [tensor(reduced ? [] : shape, x.dtype)];
      if (misfits.length === 0) return ok(out, guards);
      const detail = t("cannot broadcast {0} with {1}", showShape(x.shape), showShape(target.shape));
      return refuse("broadcast", detail, out, { axes: misfits });
    },
    link: documented(`torch.nn.functional.${name}`),
    examples: [
      {
        inputs: [
          [2, 3],
          [2, 3],
        ],
        args: { reduction: "mean" },
        gives: [[]],
      },
      { inputs: [[2, 3], [3]], args: { reduction: "none" }, gives: [[2, 3]] },
      { inputs: [[2, 3], [4]], args: { reduction: "mean" }, gives: "broadcast" },
    ],
  });
}

export const CREATION: readonly Operator[] = [
  constant,
  arange,
  oneHot,
  embedding,
  embeddingBag,
  crossEntropy,
  pairLoss("mse_loss"),
  pairLoss("l1_loss"),
  pairLoss("smooth_l1_loss"),
];
