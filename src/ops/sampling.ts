import type { Dim, TensorType } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add, floorDiv, mul, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { dimList, whole } from "./args.ts";
import { differ } from "./claims.ts";
import { compute, product, setBy, show, showShape, unknownFrom } from "./dims.ts";
import type { Operator } from "./operator.ts";
import { documented, entry, input, ok, rankRefusal, refuse, tensor, unknownTensor } from "./outcome.ts";
import { indivisible } from "./windows.ts";

/** Reading images at positions of one's own. */

const F = (name: string): string => documented(`torch.nn.functional.${name}`);

/** Reads an image at the positions of a grid, from -1 to 1. */
const gridSample = entry({
  name: "grid_sample",
  signature: "n c h w, n h' w' 2 -> n c h' w'",
  parameters: {
    mode: "bilinear, nearest or bicubic",
    padding_mode: "zeros, border or reflection",
    align_corners: "whether -1 and 1 are pixel centres",
  },
  shape: (inputs) => {
    const [x, grid] = [input(inputs, 0), input(inputs, 1)];
    const rank =
      rankRefusal(x, [4, 5], [unknownTensor(x.dtype)]) ?? rankRefusal(grid, [4, 5], [unknownTensor(x.dtype)], 1);
    if (rank !== undefined) return rank;
    if (x.shape === undefined || grid.shape === undefined) return ok([unknownTensor(x.dtype, [x, grid])]);
    const [n, c] = [x.shape[0] ?? unknownFrom([]), x.shape[1] ?? unknownFrom([])];
    const out = [tensor([n, c, ...grid.shape.slice(1, -1)], x.dtype)];
    const guards: Guard[] = [];
    const spatial = x.shape.length - 2;
    const last = grid.shape.at(-1) ?? unknownFrom([]);
    const isWrong =
      grid.shape.length !== x.shape.length ||
      differ(n, grid.shape[0] ?? n, guards) ||
      differ(last, { size: spatial }, guards);
    if (isWrong) {
      const detail = t("expects a grid for {0}, gets {1}", showShape(x.shape), showShape(grid.shape));
      return refuse("shapes", detail, out, { input: 1 });
    }
    if (x.dtype !== undefined && grid.dtype !== undefined && x.dtype !== grid.dtype)
      return refuse("dtype", t("expects {0}, gets {1}", x.dtype, grid.dtype), out, { input: 1 });
    return ok(out, guards);
  },
  link: F("grid_sample"),
  examples: [
    {
      inputs: [
        [2, 3, 8, 8],
        [2, 5, 6, 2],
      ],
      args: {},
      gives: [[2, 3, 5, 6]],
    },
    {
      inputs: [
        ["N", 64, "H", "W"],
        ["N", "H", "W", 2],
      ],
      args: {},
      gives: [["N", 64, "H", "W"]],
    },
    {
      inputs: [
        [2, 3, 4, 8, 8],
        [2, 4, 5, 6, 3],
      ],
      args: {},
      gives: [[2, 3, 4, 5, 6]],
    },
    {
      inputs: [
        [2, 3, 8, 8],
        [2, 5, 6, 3],
      ],
      args: {},
      gives: "shapes",
    },
    {
      inputs: [
        [2, 3, 8, 8],
        [1, 5, 6, 2],
      ],
      args: {},
      gives: "shapes",
    },
    {
      inputs: [
        [3, 8, 8],
        [3, 5, 2],
      ],
      args: {},
      gives: "rank",
    },
    {
      inputs: [
        [2, 3, 8, 8],
        [2, 5, 6, 2],
      ],
      args: {},
      dtypes: ["float32", "float64"],
      gives: "dtype",
    },
  ],
});

/** The positions that an affine map takes an image's pixels to. */
const affineGrid = entry({
  name: "affine_grid",
  signature: "n 2 3 -> n h w 2",
  parameters: { size: "shape of the image: n, c, h, w" },
  shape: (inputs, args) => {
    const theta = input(inputs, 0);
    const size = dimList(args, "size")?.map((d) => d ?? unknownFrom([]));
    if (size === undefined) return ok([unknownTensor(theta.dtype, [theta])]);
    const spatial = size.length - 2;
    const out = [tensor([size[0] ?? unknownFrom([]), ...size.slice(2), { size: spatial }], theta.dtype)];
    const guards: Guard[] = [];
    if (theta.shape === undefined) return ok(out);
    const wanted: readonly Dim[] = [size[0] ?? unknownFrom([]), { size: spatial }, { size: spatial + 1 }];
    const own = theta.shape;
    if (own.length !== 3 || wanted.some((d, i) => differ(d, own[i] ?? d, guards))) {
      const detail = t("expects {0}, gets {1}", showShape(wanted), showShape(own));
      return refuse("shapes", detail, out, { input: 0 });
    }
    return ok(out, guards);
  },
  link: F("affine_grid"),
  examples: [
    { inputs: [[2, 2, 3]], args: { size: [2, 3, 8, 9] }, gives: [[2, 8, 9, 2]] },
    { inputs: [["N", 2, 3]], args: { size: ["N", 3, "H", "W"] }, gives: [["N", "H", "W", 2]] },
    { inputs: [[2, 3, 4]], args: { size: [2, 3, 4, 8, 9] }, gives: [[2, 4, 8, 9, 3]] },
    { inputs: [[2, 3, 3]], args: { size: [2, 3, 8, 9] }, gives: "shapes" },
  ],
});

/** Distances of all pairs of rows. */
const cdist = entry({
  name: "cdist",
  signature: "… n d, … m d -> … n m",
  parameters: { p: "exponent of the norm" },
  shape: (inputs) => {
    const [a, b] = [input(inputs, 0), input(inputs, 1)];
    if (a.shape === undefined || b.shape === undefined || a.shape.length !== b.shape.length || 3 < a.shape.length)
      return ok([unknownTensor(a.dtype, [a, b])]);
    const low = rankRefusal(a, [2, 3], [unknownTensor(a.dtype)]);
    if (low !== undefined) return low;
    const out = [tensor([...a.shape.slice(0, -1), b.shape.at(-2) ?? unknownFrom([])], a.dtype)];
    const guards: Guard[] = [];
    const [da, db] = [a.shape.at(-1) ?? unknownFrom([]), b.shape.at(-1) ?? unknownFrom([])];
    if (differ(da, db, guards)) {
      const detail = t("expects {0} features, gets {1}", show(da), show(db));
      return refuse("shapes", detail, out, { input: 1, expected: da, found: db });
    }
    return ok(out, guards);
  },
  link: documented("torch.cdist"),
  examples: [
    {
      inputs: [
        [5, 3],
        [4, 3],
      ],
      args: { p: 2 },
      gives: [[5, 4]],
    },
    {
      inputs: [
        ["N", "L", 3],
        ["N", 4, 3],
      ],
      args: { p: 2 },
      gives: [["N", "L", 4]],
    },
    {
      inputs: [
        [5, 3],
        [4, 2],
      ],
      args: { p: 2 },
      gives: "shapes",
    },
  ],
});

export const SAMPLING: readonly Operator[] = [gridSample, affineGrid, cdist];

/** A convolution whose taps lie where offsets say; after the offsets, a mask if there is one, and a bias. */
const deformConv = entry({
  name: "deform_conv",
  signature: "n in_channels h w, out_channels in_channels/groups kh kw, n 2·kh·kw·g h' w' -> n out_channels h' w'",
  parameters: {
    stride: "elements, per axis",
    padding: "elements at each end, per axis",
    dilation: "elements, per axis",
    masked: "a factor for each tap is the fourth input",
  },
  shape: (inputs, args) => {
    const [x, weight, offset] = [input(inputs, 0), input(inputs, 1), input(inputs, 2)];
    if (x.shape === undefined || weight.shape === undefined || offset.shape === undefined)
      return ok([unknownTensor(x.dtype, [x, weight, offset])]);
    const none = [unknownTensor(x.dtype)];
    const rank = rankRefusal(x, [4], none) ?? rankRefusal(weight, [4], none, 1) ?? rankRefusal(offset, [4], none, 2);
    if (rank !== undefined) return rank;
    const guards: Guard[] = [];
    const spatial = [0, 1].map((i): Dim => {
      const at = (name: string, fallback: number): Dim => dimList(args, name)?.[i] ?? { size: fallback };
      const parts = [x.shape?.[i + 2], weight.shape?.[i + 2], at("dilation", 1), at("padding", 0), at("stride", 1)];
      return setBy(
        compute(
          parts.map((d) => d ?? unknownFrom([])),
          (n, k, d, p, s) => {
            const count = floorDiv(sub(add(n, mul(2, p)), add(mul(d, sub(k, 1)), 1)), s);
            return count === undefined ? undefined : add(count, 1);
          },
        ),
        "stride",
        parts,
      );
    });
    const out = [tensor([x.shape[0] ?? unknownFrom([]), weight.shape[0] ?? unknownFrom([]), ...spatial], x.dtype)];
    const of = (which: TensorType, axis: number): Dim => which.shape?.[axis] ?? unknownFrom([]);
    const perGroup = of(weight, 1);
    if (typeof perGroup.size === "number" && indivisible(perGroup.size, of(x, 1), guards)) {
      const detail = t("expects channels in groups of {0}, gets {1}", show(perGroup), show(of(x, 1)));
      return refuse("channels", detail, out, { input: 0, axes: [1], expected: perGroup, found: of(x, 1) });
    }
    const taps = product([of(weight, 2), of(weight, 3)]);
    const moved: readonly (readonly [input: number, coordinates: number])[] =
      args.masked === true ? [[2, 2], [3, 1]] : [[2, 2]]; // biome-ignore format: one line
    for (const [at, coordinates] of moved) {
      const given = input(inputs, at);
      if (given.shape === undefined) continue;
      const refused = rankRefusal(given, [4], out, at);
      if (refused !== undefined) return refused;
      const wrong = spatial.flatMap((d, i) => (differ(d, of(given, i + 2), guards) ? [i + 2] : []));
      if (0 < wrong.length) {
        const [expected, found] = [showShape(spatial), showShape(given.shape.slice(2))];
        const detail =
          at === 2
            ? t("expects offsets for {0}, gets {1}", expected, found)
            : t("expects {0}, gets {1}", expected, found);
        return refuse("shapes", detail, out, { input: at, axes: wrong });
      }
      const each = typeof taps.size === "number" ? taps.size * coordinates : undefined;
      if (each !== undefined && indivisible(each, of(given, 1), guards)) {
        const detail = t("expects channels in groups of {0}, gets {1}", each, show(of(given, 1)));
        return refuse("shapes", detail, out, { input: at, axes: [1], found: of(given, 1) });
      }
    }
    return ok(out, guards);
  },
  link: "https://docs.pytorch.org/vision/stable/generated/torchvision.ops.deform_conv2d.html",
  examples: [
    {
      inputs: [
        [2, 3, 8, 8],
        [5, 3, 3, 3],
        [2, 18, 8, 8],
      ],
      args: { stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
      gives: [[2, 5, 8, 8]],
    },
    {
      inputs: [
        [2, 3, 8, 8],
        [5, 3, 3, 3],
        [2, 18, 7, 8],
      ],
      args: { stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
      gives: "shapes",
    },
    {
      inputs: [[2, 4, 8, 8], [6, 2, 3, 3], [2, 36, 4, 4], [2, 18, 4, 4], [6]],
      args: { stride: [2, 2], padding: [1, 1], dilation: [1, 1], masked: true },
      gives: [[2, 6, 4, 4]],
    },
    {
      inputs: [
        [2, 5, 8, 8],
        [6, 2, 3, 3],
        [2, 18, 8, 8],
      ],
      args: { stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
      gives: "channels",
    },
    {
      inputs: [
        [2, 4, 8, 8],
        [6, 2, 3, 3],
        [2, 17, 8, 8],
      ],
      args: { stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
      gives: "shapes",
    },
    {
      inputs: [
        [2, 4, 8, 8],
        [6, 2, 3, 3],
        [2, 18, 8, 8],
        [2, 9, 8, 7],
      ],
      args: { stride: [1, 1], padding: [1, 1], dilation: [1, 1], masked: true },
      gives: "shapes",
    },
  ],
});

/** One feature map a box. */
function pooledBoxes(name: string, link: string, sensitive: boolean): Operator {
  return entry({
    name,
    signature: sensitive ? "n c·h'·w' h w, k 5 -> k c h' w'" : "n c h w, k 5 -> k c h' w'",
    parameters: { output: "height and width of each result", scale: "from box coordinates to the map's" },
    shape: (inputs, args) => {
      const [x, boxes] = [input(inputs, 0), input(inputs, 1)];
      const output = dimList(args, "output")?.map((d) => d ?? unknownFrom([]));
      if (x.shape === undefined || boxes.shape === undefined || output === undefined)
        return ok([unknownTensor(x.dtype, [x, boxes])]);
      const rank =
        rankRefusal(x, [4], [unknownTensor(x.dtype)]) ?? rankRefusal(boxes, [2], [unknownTensor(x.dtype)], 1);
      if (rank !== undefined) return rank;
      const channels = x.shape[1] ?? unknownFrom([]);
      const area = product(output);
      const kept = sensitive ? setBy(compute([channels, area], floorDiv), "output_size", [channels]) : channels;
      const out = [tensor([boxes.shape[0] ?? unknownFrom([]), kept, ...output], x.dtype)];
      const guards: Guard[] = [];
      const five = boxes.shape[1] ?? unknownFrom([]);
      if (differ(five, { size: 5 }, guards)) {
        const detail = t("expects boxes of {0} numbers, gets {1}", 5, show(five));
        return refuse("shapes", detail, out, { input: 1, axes: [1], expected: { size: 5 }, found: five });
      }
      if (sensitive && typeof area.size === "number" && indivisible(area.size, channels, guards)) {
        const detail = t("expects channels in groups of {0}, gets {1}", show(area), show(channels));
        return refuse("shapes", detail, out, { input: 0, axes: [1], found: channels });
      }
      return ok(out, guards);
    },
    link: `https://docs.pytorch.org/vision/stable/generated/torchvision.ops.${link}.html`,
    examples: [
      {
        inputs: [
          [2, 8, 9, 9],
          [5, 5],
        ],
        args: { output: [2, 2], scale: 1 },
        gives: [[5, sensitive ? 2 : 8, 2, 2]],
      },
      {
        inputs: [
          ["N", 64, "H", "W"],
          ["K", 5],
        ],
        args: { output: [2, 2], scale: 1 },
        gives: [["K", sensitive ? 16 : 64, 2, 2]],
      },
      {
        inputs: [
          [2, 8, 9, 9],
          [5, 4],
        ],
        args: { output: [2, 2], scale: 1 },
        gives: "shapes",
      },
    ],
  });
}

/** Which boxes are kept: as many as the values decide. */
const nms = entry({
  name: "nms",
  signature: "n 4, n -> count",
  parameters: { count: "how many are kept, if known", threshold: "overlap above which a box is dropped" },
  shape: (inputs, args) => {
    const [boxes, scores] = [input(inputs, 0), input(inputs, 1)];
    const count = whole(args, "count");
    const why = { reason: t("as many as {0} finds, which depends on the values", "nms") };
    const out: readonly TensorType[] = [
      tensor([count === undefined ? { size: undefined, why } : { size: count }], "int64"),
    ];
    const rank = rankRefusal(boxes, [2], out) ?? rankRefusal(scores, [1], out, 1);
    if (rank !== undefined) return rank;
    const guards: Guard[] = [];
    const four = boxes.shape?.[1] ?? { size: 4 };
    if (differ(four, { size: 4 }, guards))
      return refuse("shapes", t("expects boxes of {0} numbers, gets {1}", 4, show(four)), out, { input: 0, axes: [1] });
    const [n, m] = [boxes.shape?.[0], scores.shape?.[0]];
    if (n !== undefined && m !== undefined && differ(n, m, guards))
      return refuse("shapes", t("expects {0} scores, gets {1}", show(n), show(m)), out, {
        input: 1,
        expected: n,
        found: m,
      });
    return ok(out, guards);
  },
  link: "https://docs.pytorch.org/vision/stable/generated/torchvision.ops.nms.html",
  examples: [
    { inputs: [[0, 4], [0]], args: { count: 0, threshold: 0.5 }, gives: [[0]] },
    { inputs: [[5, 4], [4]], args: { count: 0, threshold: 0.5 }, gives: "shapes" },
    { inputs: [[5, 3], [5]], args: { count: 0, threshold: 0.5 }, gives: "shapes" },
    { inputs: [[4], [4]], args: { count: 0, threshold: 0.5 }, gives: "rank" },
  ],
});

export const VISION: readonly Operator[] = [
  deformConv,
  pooledBoxes("roi_align", "roi_align", false),
  pooledBoxes("roi_pool", "roi_pool", false),
  pooledBoxes("ps_roi_align", "ps_roi_align", true),
  pooledBoxes("ps_roi_pool", "ps_roi_pool", true),
  nms,
];
