import type { Context } from "../context.ts";
import type { Fault } from "../faults.ts";
import type { Hole } from "./candidate.ts";
import { setNumber } from "./number.ts";
import { keepingPadding, uniform, windowOf } from "./window.ts";

/** An operator's own argument that no input would fit: what usually stands there. */
export function fitArgument(context: Context, { node, run, refusal }: Fault): readonly Hole[] {
  const { argument, found } = refusal;
  if (argument === undefined) return [];
  const now = typeof found?.size === "number" ? found.size : undefined;
  const parameter = argument === "kernel" ? "kernel_size" : argument;
  const set = (name: string, from: number | undefined, to: number | string, rank: number): readonly Hole[] =>
    setNumber(context, run, { path: node.path, node, parameter: name, from, to, rank });
  const window = windowOf(run, node.id);
  switch (parameter) {
    case "stride":
    case "dilation":
      return [...set(parameter, now, 1, 5), ...set(parameter, now, 2, 7)];
    case "padding": {
      const keep = window === undefined ? undefined : keepingPadding(window);
      const half = window?.kernel.map((k) => Math.floor(k / 2));
      return [
        ...(keep === undefined ? [] : set("padding", now, uniform(keep), 5)),
        ...(half === undefined ? [] : set("padding", now, uniform(half), 6)),
        ...set("padding", now, 0, 7),
        ...(window === undefined
          ? []
          : set("kernel_size", undefined, uniform(window.padding.map((p) => 2 * p + 1)), 6)),
      ];
    }
    default:
      return [...set(parameter, now, 1, 6)];
  }
}
