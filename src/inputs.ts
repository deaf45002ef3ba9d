import { addInput } from "./eval/builder.ts";
import type { Interp } from "./eval/interp.ts";
import { type InstanceValue, int, type TensorValue, type Value } from "./eval/value.ts";
import type { Graph } from "./graph/graph.ts";
import type { InputSpec } from "./graph/input.ts";
import { classAttribute } from "./lang/types.ts";
import { sizesSatisfying } from "./shape/decide.ts";
import type { Dim, DType, Why } from "./shape/dim.ts";
import { type Guard, guardSymbols, unbroadcast } from "./shape/guard.ts";
import { parseSize, type Size, symbol } from "./shape/size.ts";
import { t } from "./text/text.ts";
import { namedModules } from "./torch/nn/members.ts";

/** Sizes to try where a layer pins the input's size, best first. */
const USUAL_SIZES: readonly number[] = [224, 32, 28, 64, 96, 128, 256, 299];
const EXAMPLE = 224;

const AXES: Readonly<Record<number, readonly string[]>> = {
  1: ["N"],
  2: ["N", "L"],
  3: ["N", "C", "L"],
  4: ["N", "C", "H", "W"],
  5: ["N", "C", "D", "H", "W"],
};

/** An input whose batch and spatial sizes are open, with the channels of the first layer. */
export function guessInput(model: InstanceValue): readonly InputSpec[] | undefined {
  const forward = classAttribute(model.cls, "forward");
  if (forward?.kind === "function") {
    const required = forward.expr.params
      .slice(1)
      .filter((param) => (param.kind === "normal" || param.kind === "positional-only") && param.fallback === undefined);
    if (1 < required.length) return undefined;
  }
  for (const { module } of namedModules(model)) {
    if (module.cls.place !== undefined) continue;
    const conv = /^(?:Lazy)?Conv(?:Transpose)?(\d)d$/.exec(module.cls.name);
    const norm = /^BatchNorm(\d)d$/.exec(module.cls.name);
    if (conv !== null || norm !== null) {
      const rank = Number((conv ?? norm)?.[1]) + 2;
      const channels = sizeAttribute(module, conv === null ? "num_features" : "in_channels");
      const axes = AXES[rank];
      if (axes === undefined || channels === undefined) return undefined;
      return [{ kind: "tensor", shape: axes.map((axis) => (axis === "C" ? channels : axis)) }];
    }
    if (module.cls.name === "Linear") {
      const features = sizeAttribute(module, "in_features");
      return features === undefined ? undefined : [{ kind: "tensor", shape: ["N", features] }];
    }
  }
  return undefined;
}

function sizeAttribute(module: InstanceValue, name: string): number | undefined {
  const value = module.attrs.get(name);
  return value?.kind === "int" && typeof value.dim.size === "number" ? value.dim.size : undefined;
}

export function hasSymbols(spec: InputSpec): boolean {
  return spec.kind === "tensor" && (spec.shape === undefined || spec.shape.some((size) => typeof size === "string"));
}

/** The same input with its batch and spatial sizes open. */
export function withSymbols(spec: InputSpec, index: number): InputSpec {
  if (spec.kind !== "tensor" || spec.shape === undefined) return spec;
  const axes = AXES[spec.shape.length];
  if (axes === undefined || (spec.dtype !== undefined && !spec.dtype.startsWith("float"))) return spec;
  const suffix = index === 0 ? "" : String(index + 1);
  return {
    ...spec,
    shape: spec.shape.map((size, axis) =>
      typeof size === "number" && (axis === 0 || (axis !== 1 && 2 < axes.length)) ? `${axes[axis]}${suffix}` : size,
    ),
  };
}

export function fill(spec: InputSpec, sizes: ReadonlyMap<string, number>): InputSpec {
  if (spec.kind !== "tensor" || spec.shape === undefined) return spec;
  return { ...spec, shape: spec.shape.map((size) => (typeof size === "string" ? (sizes.get(size) ?? size) : size)) };
}

/** A layer pins the input's size where it accepts fewer sizes than this of those up to 512. */
const PINNED = 64;
/** Sizes up to this one are tried. */
const LOOKED = 512;

/** Spatial sizes for the example run: those that every operator accepts, the usual ones first. */
export function solveSizes(graph: Graph | undefined): {
  readonly sizes: Map<string, number>;
  readonly pinned: boolean;
} {
  const guards: Guard[] = (graph?.nodes ?? []).flatMap((node) => (node.guards ?? []).map(unbroadcast));
  const relevant = guards.filter((guard) => [...guardSymbols(guard)].some((name) => SPATIAL.includes(name)));
  const base = new Map([
    ["N", 2],
    ["C", 3],
  ]);
  const fitting = relevant.length === 0 ? [] : sizesSatisfying(relevant, "H", ["W", "D", "L"], base, LOOKED);
  const size =
    relevant.length === 0 ? EXAMPLE : (USUAL_SIZES.find((n) => fitting.includes(n)) ?? fitting[0] ?? EXAMPLE);
  return {
    sizes: new Map(SPATIAL.map((name) => [name, size])), // Square inputs all fit: that oblong ones do not is a note.
    pinned: (0 < fitting.length && fitting.length < PINNED) || fitting.length === LOOKED,
  };
}

const SPATIAL: readonly string[] = ["H", "W", "D", "L"];

/** Channels that the layer which takes the input asks for, where the guess did not have them. */
export function askedChannels(graph: Graph | undefined): number | undefined {
  for (const node of graph?.nodes ?? []) {
    const source = graph?.nodes[node.inputs[0]?.node ?? -1];
    if (source?.op === "input" && node.refusal?.fault === "channels" && typeof node.refusal.expected?.size === "number")
      return node.refusal.expected.size;
  }
  return undefined;
}

export function inputValue(interp: Interp, spec: InputSpec, index: number): Value {
  const builder = interp.graph;
  if (builder === undefined) return int(0);
  if (spec.kind === "seq")
    return {
      kind: "list",
      items: spec.items.map((item, i) => (item === null ? { kind: "none" } : inputValue(interp, item, index + i))),
    };
  if (spec.kind === "dict")
    return {
      kind: "dict",
      entries: new Map(
        spec.entries.map(([key, item]) => [
          `s:${key}`,
          Object.freeze([
            { kind: "str", value: key },
            item === null ? { kind: "none" } : inputValue(interp, item, index),
          ] as const) as readonly [Value, Value],
        ]),
      ),
    };
  const why: Why = { reason: t("the input's shape is not given") };
  const shape = spec.shape?.map((size, axis): Dim => {
    const value: Size | undefined =
      typeof size === "number" ? size : size === "?" ? undefined : (parseSize(size) ?? symbol(size));
    const label = typeof size === "string" ? size : (AXES[spec.shape?.length ?? 0]?.[axis] ?? String(axis));
    return value === undefined ? { size: undefined, why } : { size: value, origin: { kind: "input", label, from: [] } };
  });
  const made: TensorValue = addInput(
    interp,
    builder,
    index,
    shape === undefined
      ? { shape: undefined, why, dtype: "float32" }
      : { shape, dtype: (spec.dtype ?? "float32") as DType },
  );
  return made;
}
