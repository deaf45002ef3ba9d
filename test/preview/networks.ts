import type { Analysis } from "../../src/analysis.ts";
import type { Graph } from "../../src/graph/graph.ts";
import type { PreviewView } from "../../src/preview/model.ts";
import { toView } from "../../src/preview/view.ts";
import { type Size, symbol } from "../../src/shape/size.ts";
import { type Builder, graphBuilder, since, type Value } from "./builder.ts";

/** Channels, height and width of one example. */
type Map3 = readonly [c: number, h: number, w: number];

function mapOf(value: Value): Map3 {
  const [, c, h, w] = value.shape;
  return [Number(c), Number(h), Number(w)];
}

/** Convolution without bias: padding (k − 1)/2; its cost is k·k·C_in·C_out·H·W multiply-adds. */
function conv(g: Builder, path: string, x: Value, out: number, k: number, stride: number): Value {
  const [c, h, w] = mapOf(x);
  const [oh, ow] = [Math.ceil(h / stride), Math.ceil(w / stride)];
  const params = out * c * k * k;
  const hint = `${k}×${k}${stride === 1 ? "" : ` /${stride}`}`;
  return g.call(path, { type: "Conv2d", builtin: true, hint, at: path.length }, [x], () => {
    const weight = g.weight(`${path}.weight`, [out, c, k, k]);
    return g.op("conv", [x, weight], [out, oh, ow], { madds: params * oh * ow, at: 1000 + path.length });
  });
}

function norm(g: Builder, path: string, x: Value): Value {
  return g.call(path, { type: "BatchNorm2d", builtin: true }, [x], () => {
    const scale = g.weight(`${path}.weight`, [mapOf(x)[0]]);
    const shift = g.weight(`${path}.bias`, [mapOf(x)[0]]);
    return g.op("batch_norm", [x, scale, shift], mapOf(x));
  });
}

function relu(g: Builder, path: string, x: Value): Value {
  return g.call(path, { type: "ReLU", builtin: true }, [x], () => g.op("relu", [x], x.shape.slice(1)));
}

function pool(g: Builder, path: string, x: Value, stride: number): Value {
  const [c, h, w] = mapOf(x);
  const hint = `/${stride}`;
  return g.call(path, { type: "MaxPool2d", builtin: true, hint }, [x], () =>
    g.op("max_pool", [x], [c, Math.ceil(h / stride), Math.ceil(w / stride)]),
  );
}

function linear(g: Builder, path: string, x: Value, out: number): Value {
  const inside = Number(x.shape[1]);
  return g.call(path, { type: "Linear", builtin: true, hint: `${inside} → ${out}` }, [x], () => {
    const weight = g.weight(`${path}.weight`, [out, inside]);
    const bias = g.weight(`${path}.bias`, [out]);
    return g.op("linear", [x, weight, bias], [out], { madds: inside * out });
  });
}

export interface ResNetSpec {
  readonly block: "BasicBlock" | "Bottleneck";
  readonly depths: readonly number[];
  /** Option A of He et al.: strided slice and padding instead of 1×1 convolutions. */
  readonly padding?: boolean;
  /** The tutorial's mistake: every block of a stage strides, the later ones without a projection. */
  readonly strideAll?: boolean;
  readonly shortcuts?: boolean;
}

export const RESNET18: ResNetSpec = { block: "BasicBlock", depths: [2, 2, 2, 2] };
export const RESNET34: ResNetSpec = { block: "BasicBlock", depths: [3, 4, 6, 3] };
export const RESNET50: ResNetSpec = { block: "Bottleneck", depths: [3, 4, 6, 3] };
export const RESNET152: ResNetSpec = { block: "Bottleneck", depths: [3, 8, 36, 3] };

/** He et al.'s network on 3×224×224, built as torchvision's code runs. */
export function resnet(spec: ResNetSpec, batch: Size = 1): Graph {
  const g = graphBuilder(batch);
  let x = g.input("x", [3, 224, 224]);
  x = pool(g, "maxpool", relu(g, "relu", norm(g, "bn1", conv(g, "conv1", x, 64, 7, 2))), 2);
  for (const [stage, depth] of spec.depths.entries()) {
    const path = `layer${stage + 1}`;
    x = g.call(path, { type: "Sequential", builtin: true, at: 400 + stage }, [x], () => {
      let y = x;
      for (let i = 0; i < depth; i++) {
        const stride = stage === 0 || (i !== 0 && spec.strideAll !== true) ? 1 : 2;
        y = block(g, `${path}.${i}`, y, 64 * 2 ** stage, stride, i === 0, spec);
      }
      return y;
    });
  }
  const [c] = mapOf(x);
  x = g.call("avgpool", { type: "AdaptiveAvgPool2d", builtin: true }, [x], () =>
    g.op("adaptive_avg_pool", [x], [c, 1, 1]),
  );
  x = g.op("flatten", [x], [c], { at: 2000 });
  x = linear(g, "fc", x, 1000);
  return g.graph(x);
}

function block(
  g: Builder,
  path: string,
  x: Value,
  planes: number,
  stride: number,
  first: boolean,
  spec: ResNetSpec,
): Value {
  return g.call(path, { type: spec.block, at: 500 }, [x], () => {
    const from = g.size();
    const bottleneck = spec.block === "Bottleneck";
    const out = bottleneck ? 4 * planes : planes;
    let y = bottleneck ? conv(g, `${path}.conv1`, x, planes, 1, 1) : conv(g, `${path}.conv1`, x, planes, 3, stride);
    y = relu(g, `${path}.relu`, norm(g, `${path}.bn1`, y));
    y = conv(g, `${path}.conv2`, y, planes, 3, bottleneck ? stride : 1);
    y = norm(g, `${path}.bn2`, y);
    if (bottleneck) y = norm(g, `${path}.bn3`, conv(g, `${path}.conv3`, relu(g, `${path}.relu`, y), out, 1, 1));
    const mainNodes = since(g, from);
    if (spec.shortcuts === false) return relu(g, `${path}.relu`, y);
    const aside = g.size();
    const [c] = mapOf(x);
    const projects = first && (stride !== 1 || c !== out) && spec.padding !== true;
    const pads = c !== out && spec.padding === true;
    const shortcut = projects ? downsample(g, `${path}.downsample`, x, out, stride) : pads ? pad(g, x, out, stride) : x;
    y = g.residual(
      y,
      shortcut,
      {
        fork: x.ref,
        kind: projects ? "projection" : pads ? "zero-padding" : "identity",
        mainStride: [stride, stride],
        shortcutStride: projects || pads ? [stride, stride] : [1, 1],
        mainNodes,
        shortcutNodes: since(g, aside),
      },
      1500,
    );
    return relu(g, `${path}.relu`, y);
  });
}

function downsample(g: Builder, path: string, x: Value, out: number, stride: number): Value {
  return g.call(path, { type: "Sequential", builtin: true }, [x], () =>
    norm(g, `${path}.1`, conv(g, `${path}.0`, x, out, 1, stride)),
  );
}

function pad(g: Builder, x: Value, out: number, stride: number): Value {
  const [c, h, w] = mapOf(x);
  const small = g.op("slice", [x], [c, Math.ceil(h / stride), Math.ceil(w / stride)]);
  return g.op("pad", [small], [out, Math.ceil(h / stride), Math.ceil(w / stride)]);
}

/** VGG-19's layers: 16 convolutions in five runs, three linear layers. */
export function vgg19(batch: Size = 1): Graph {
  const g = graphBuilder(batch);
  let x = g.input("x", [3, 224, 224]);
  x = g.call("features", { type: "Sequential", builtin: true }, [x], () => {
    let y = x;
    let i = 0;
    for (const [count, planes] of [
      [2, 64],
      [2, 128],
      [4, 256],
      [4, 512],
      [4, 512],
    ] as const) {
      for (let k = 0; k < count; k++) {
        y = conv(g, `features.${i++}`, y, planes, 3, 1);
        y = relu(g, `features.${i++}`, y);
      }
      y = pool(g, `features.${i++}`, y, 2);
    }
    return y;
  });
  x = g.op("flatten", [x], [25088]);
  x = g.call("classifier", { type: "Sequential", builtin: true }, [x], () => {
    let y = relu(g, "classifier.1", linear(g, "classifier.0", x, 4096));
    y = g.call("classifier.2", { type: "Dropout", builtin: true }, [y], () => y);
    y = relu(g, "classifier.4", linear(g, "classifier.3", y, 4096));
    y = g.call("classifier.5", { type: "Dropout", builtin: true }, [y], () => y);
    return linear(g, "classifier.6", y, 1000);
  });
  return g.graph(x);
}

/** One module with four branches that are joined by their channels, then a classifier, on 192×28×28. */
export function inception(batch: Size = 1): Graph {
  const g = graphBuilder(batch);
  let x = g.input("x", [192, 28, 28]);
  x = g.call("mixed", { type: "Inception" }, [x], () => {
    const unit = (path: string, from: Value, out: number, k: number): Value =>
      g.call(path, { type: "BasicConv2d" }, [from], () => {
        const y = norm(g, `${path}.bn`, conv(g, `${path}.conv`, from, out, k, 1));
        return g.op("relu", [y], mapOf(y));
      });
    const a = unit("mixed.branch1", x, 64, 1);
    const b = unit("mixed.branch2b", unit("mixed.branch2a", x, 96, 1), 128, 3);
    const c = unit("mixed.branch3b", unit("mixed.branch3a", x, 16, 1), 32, 3);
    const d = unit("mixed.branch4", pool(g, "mixed.pool", x, 1), 32, 1);
    return g.op("cat", [a, b, c, d], [256, 28, 28]);
  });
  x = g.op("mean", [x], [256]);
  x = linear(g, "fc", x, 10);
  return g.graph(x);
}

/** A user's loop over a ModuleList, pre-activation, everything in the root's own forward. */
export function looped(batch: Size = 1): Graph {
  const g = graphBuilder(batch);
  let x = g.input("x", [16, 32, 32]);
  x = conv(g, "stem", x, 16, 3, 1);
  g.declare("layers", { type: "ModuleList", builtin: true });
  for (let i = 0; i < 4; i++) {
    const from = g.size();
    const y = conv(g, `layers.${i}`, x, 16, 3, 1);
    x = g.residual(y, x, {
      fork: x.ref,
      kind: "identity",
      mainStride: [1, 1],
      shortcutStride: [1, 1],
      mainNodes: since(g, from),
      shortcutNodes: [],
    });
  }
  return g.graph(x);
}

export const N = symbol("N");

/** An analysis that gave these runs and nothing else. */
export function analysisOf(graph: Graph, symbolic?: Graph, root = "net()"): Analysis {
  const run = (one: Graph) => ({ graph: one, observations: new Map() });
  return {
    root: {
      file: "/models/model.py",
      model: root,
      input: undefined,
      place: { file: "/models/model.py", span: { start: 0, end: 1 } },
      kind: "call",
    },
    input: [],
    example: true,
    concrete: run(graph),
    symbolic: symbolic === undefined ? undefined : run(symbolic),
    status: "ok",
    gaps: [],
    diagnostics: [],
    time: 1,
  };
}

/** The view of a ResNet of any batch. */
export function resnetView(spec: ResNetSpec, root = "net()"): PreviewView {
  const result = toView({ analysis: analysisOf(resnet(spec), resnet(spec, N), root), roots: [root], line: () => 34 });
  if (result.kind !== "ok") throw new Error("nothing to show");
  return result.view;
}
