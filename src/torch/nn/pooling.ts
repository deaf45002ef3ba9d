import type { Interp } from "../../eval/interp.ts";
import { type ClassValue, tuple, type Value } from "../../eval/value.ts";
import type { Arg, Args } from "../../ops/operator.ts";
import { dimOf, dimsOf, emit, emitAll, flagOf, type tensorOf } from "../convert.ts";
import { failsSizes } from "./counts.ts";
import { attr, input, type LayerSpec, layer } from "./layer.ts";

/** Pools, by name. */
export const pools = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  pools.set(name, layer(name, spec));
};

for (const spatial of [1, 2, 3] as const) {
  for (const [prefix, op] of [
    ["MaxPool", "max_pool"],
    ["AvgPool", "avg_pool"],
  ] as const) {
    add(`${prefix}${spatial}d`, {
      init:
        op === "max_pool"
          ? "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False"
          : "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
      forward: "input",
      make(interp, self) {
        if (attr(interp, self, "stride").kind === "none")
          interp.journal.set(self.attrs, "stride", attr(interp, self, "kernel_size"));
      },
      run(interp, self, get) {
        for (const [at, name] of (["kernel_size", "stride"] as const).entries()) {
          const words = (type: string) =>
            `${op}${spatial}d(): argument '${name}' (position ${at + 2}) must be tuple of ints, not ${type}`;
          const given = attr(interp, self, name);
          const lost = given.kind === "tuple" || given.kind === "list" ? undefined : failsSizes(interp, [given], words);
          if (lost !== undefined) return lost;
        }
        const args: Record<string, Arg> = {
          kernel: [...dimsOf(interp, attr(interp, self, "kernel_size"), spatial)],
          stride: [...dimsOf(interp, attr(interp, self, "stride"), spatial)],
          padding: [...dimsOf(interp, attr(interp, self, "padding"), spatial)],
          ceil_mode: flagOf(interp, attr(interp, self, "ceil_mode")),
        };
        if (op === "max_pool") args.dilation = [...dimsOf(interp, attr(interp, self, "dilation"), spatial)];
        else {
          args.count_include_pad = flagOf(interp, attr(interp, self, "count_include_pad"));
          args.divisor =
            attr(interp, self, "divisor_override").kind === "none"
              ? null
              : dimOf(attr(interp, self, "divisor_override"));
        }
        const indices = op === "max_pool" && flagOf(interp, attr(interp, self, "return_indices"));
        return pooled(interp, op, input(interp, get, `${op}${spatial}d`), args, indices);
      },
    });
  }
  for (const [prefix, op] of [
    ["AdaptiveAvgPool", "adaptive_avg_pool"],
    ["AdaptiveMaxPool", "adaptive_max_pool"],
  ] as const) {
    add(`${prefix}${spatial}d`, {
      init: op === "adaptive_max_pool" ? "output_size, return_indices=False" : "output_size",
      forward: "input",
      run: (interp, self, get) =>
        adaptivePool(
          interp,
          op,
          input(interp, get, `${op}${spatial}d`),
          attr(interp, self, "output_size"),
          spatial,
          op === "adaptive_max_pool" && flagOf(interp, attr(interp, self, "return_indices")),
        ),
    });
  }
}

/** A pool, with the places of its maxima if they are asked for. */
export function pooled(
  interp: Interp,
  op: string,
  x: ReturnType<typeof tensorOf>,
  args: Args,
  indices: boolean,
): Value {
  if (!indices) return emit(interp, op, [x], args);
  const outputs = emitAll(interp, `${op}_with_indices`, [x], args);
  return "kind" in outputs ? outputs : tuple(outputs);
}

export function adaptivePool(
  interp: Interp,
  op: "adaptive_avg_pool" | "adaptive_max_pool",
  x: ReturnType<typeof tensorOf>,
  size: Value,
  spatial: number,
  indices = false,
): Value {
  const words = (type: string) =>
    spatial === 1
      ? `${op}1d(): argument 'output_size' (position 2) must be tuple of ints, not ${type}`
      : `object of type '${type}' has no len()`;
  const lost = /^(?:none|float|class|function)$/.test(size.kind) ? failsSizes(interp, [size], words) : undefined;
  if (lost !== undefined) return lost;
  const single = size.kind === "int";
  const output: Arg[] =
    size.kind === "tuple" || size.kind === "list"
      ? size.items.map((item) => (item.kind === "none" ? null : dimOf(item)))
      : [...dimsOf(interp, size, spatial)];
  return pooled(interp, op, x, { output, single }, indices);
}
