import type { CallExpr, FunctionExpr, Module } from "../../core/core.ts";
import type { GraphNode, ResidualAdd } from "../../graph/graph.ts";
import { type Context, placeKey, type Run } from "../context.ts";
import { nameOf } from "./channels.ts";
import { normsAfter } from "./flow.ts";
import { lastName, pointwiseHelper } from "./layer-call.ts";
import { type Level, levelsOf, textOf } from "./level.ts";
import { windowOf } from "./window.ts";

/** What the main branch's layers are handed in one function, as text: what a projection beside them needs. */
export interface Parts {
  readonly from: string | undefined;
  /** Undefined where the function does not pass it as it is. */
  readonly to: string | undefined;
  /** Undefined where nothing strides. */
  readonly stride: string | undefined;
  /** `nn.`, as the function writes it. */
  readonly prefix: string;
  readonly type: string;
  readonly bias: boolean;
  /** The call of the normalization after the last layer, and its argument. */
  readonly norm: { readonly text: string; readonly features: string } | undefined;
  readonly helper: string | undefined;
}

/** The layers with weights on the main branch. */
function mainLayers(run: Run, add: ResidualAdd): readonly GraphNode[] {
  return add.mainNodes.flatMap((id) => {
    const node = run.graph.nodes[id];
    return node !== undefined && (node.op === "conv" || node.op === "linear") ? [node] : [];
  });
}

/** What a function says of the main branch; undefined where none of its layers is followed to there. */
export function partsIn(
  context: Context,
  run: Run,
  add: ResidualAdd,
  module: Module,
  fn: FunctionExpr,
): Parts | undefined {
  const layers = mainLayers(run, add);
  const [first, last] = [layers[0], layers.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const at = (node: GraphNode, names: readonly string[]): Level | undefined => {
    const name = nameOf(context, run, node.path, names);
    const levels = name === undefined ? [] : levelsOf(context, run, node.path, name);
    return levels.find((level) => level.fn === fn && level.argument !== undefined);
  };
  const text = (level: Level | undefined): string | undefined =>
    level?.argument === undefined ? undefined : textOf(level, level.argument.value);
  const isStrided = (node: GraphNode): boolean => windowOf(run, node.id)?.stride.some((s) => s !== 1) === true;
  // The same block may stride in another instance.
  const place = placeKey(run.graph.nodes[add.node]?.place);
  const alike = run.graph.residualAdds.filter((one) => placeKey(run.graph.nodes[one.node]?.place) === place);
  const strided = [add, ...alike].flatMap((one) => mainLayers(run, one)).find(isStrided);
  const type = run.modules.get(last.path)?.type ?? "Conv2d";
  const norm = normsAfter(run, last.id)[0];
  const normLevel = norm === undefined ? undefined : at(norm, ["num_features", "num_channels"]);
  const own = at(first, ["in_channels", "in_features"]);
  const lib = own === undefined ? undefined : prefixOf(own);
  return {
    from: text(own),
    to: text(at(last, ["out_channels", "out_features"])),
    stride: text(at(strided ?? first, ["stride"])) ?? (strided === undefined ? totalStride(add) : undefined),
    prefix: lib ?? prefixIn(context, module) ?? "nn.",
    type,
    bias: !(own !== undefined && /bias\s*=\s*False/.test(textAround(own))) && layers.every((node) => hasBias(node)),
    norm:
      norm === undefined
        ? undefined
        : normLevel?.argument !== undefined && normLevel.place === run.modules.get(norm.path)?.built?.at(-1)
          ? { text: textOf(normLevel, normLevel.call), features: textOf(normLevel, normLevel.argument.value) }
          : { text: `${run.modules.get(norm.path)?.type}()`, features: "" },
    helper: pointwiseHelper(context, module, type),
  };
}

/** What the main branch strides, pools included; undefined where it does not. */
function totalStride({ mainStride }: ResidualAdd): string | undefined {
  const [first = 1, ...more] = mainStride ?? [];
  return first === 1 || more.some((one) => one !== first) ? undefined : String(first);
}

function hasBias(node: GraphNode): boolean {
  return 2 < node.inputs.length;
}

function textAround(level: Level): string {
  return textOf(level, level.call);
}

/** `nn.` of `nn.Conv2d(…)`; undefined where a helper is called. */
function prefixOf(level: Level): string | undefined {
  const { callee } = level.call;
  if (callee.kind !== "attribute") return undefined;
  return `${level.source.slice(callee.object.span.start, callee.object.span.end)}.`;
}

/** How the file writes the library of layers: by the first call of one. */
function prefixIn(context: Context, module: Module): string | undefined {
  let found: string | undefined;
  const visit = (value: unknown): void => {
    if (found !== undefined || typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (isCall(value)) {
      const name = lastName(value.callee);
      if (name !== undefined && context.input.parameters?.(name) !== undefined)
        found =
          value.callee.kind === "attribute" && value.callee.object.kind === "name"
            ? `${value.callee.object.name}.`
            : value.callee.kind === "name"
              ? ""
              : undefined;
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(module.body);
  return found;
}

function isCall(value: object): value is CallExpr {
  return "kind" in value && value.kind === "call";
}

/** The condition under which a projection is needed; undefined where what is known of it is always the same. */
export function conditionOf(from: string, to: string, stride: string | undefined): string {
  const differ = `${from} != ${to}`;
  return stride === undefined || /^[\d(]/.test(stride) ? differ : `${stride} != 1 or ${differ}`;
}

/** A projection as text: one layer, or a sequence of it and a normalization on lines of their own. */
export function projectionText(parts: Parts, from: string, to: string, indent: string, newline: string): string {
  const { stride, helper, prefix, type } = parts;
  const linear = type === "Linear";
  const step = stride === undefined || stride === "1" ? "" : stride;
  const layer =
    helper !== undefined
      ? `${helper}(${[from, to, ...(step === "" ? [] : [step])].join(", ")})`
      : `${prefix}${type}(${[
          from,
          to,
          ...(linear ? [] : ["kernel_size=1"]),
          ...(step === "" || linear ? [] : [`stride=${step}`]),
          ...(parts.bias ? [] : ["bias=False"]),
        ].join(", ")})`;
  if (parts.norm === undefined) return layer;
  const { text, features } = parts.norm;
  const norm =
    features === ""
      ? `${prefix}${text.slice(0, -1)}${to})`
      : features === to
        ? text
        : text.replace(`(${features}`, `(${to}`);
  const inner = `${indent}    `;
  return `${prefix}Sequential(${newline}${inner}${layer},${newline}${inner}${norm},${newline}${indent})`;
}
