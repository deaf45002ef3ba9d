import type { Dim } from "../shape/dim.ts";
import type { Guard } from "../shape/guard.ts";
import { add, floorDiv, min, mul, sub } from "../shape/size.ts";
import { t } from "../text/text.ts";
import { asDim, asList } from "./args.ts";
import { below, differ, equality } from "./claims.ts";
import { compute, setBy, show } from "./dims.ts";
import type { Args, Refusal } from "./operator.ts";
import { refuse } from "./outcome.ts";

/** How a window slides along one axis: lengths and steps in elements, padding at each end. */
export interface Window {
  readonly kernel: Dim;
  readonly stride: Dim;
  readonly dilation: Dim;
  readonly low: Dim;
  readonly high: Dim;
  /** Count a last window that hangs over the end, if it starts inside the input or the padding before it. */
  readonly ceil: boolean;
}

/** The number of window positions along one axis; unchanged sizes stay the same dim. */
export function positions(x: Dim, window: Window): Dim {
  const { stride, low, high, kernel, dilation } = window;
  const span = spanOf(window);
  const grown = compute([low, high, span], (lo, hi, s) => sub(add(lo, hi), sub(s, 1)));
  if (stride.size === 1 && grown.size === 0) return x;
  const from = [x, low, high, span, stride];
  const out = compute(from, (length, lo, hi, s, step) => {
    const room = sub(add(add(length, lo), hi), s);
    if (!window.ceil) return plusOne(floorDiv(room, step));
    // The second bound is PyTorch's rule that the last window starts before the padding at the end.
    const over = add(room, sub(step, 1));
    const inside = sub(add(length, lo), 1);
    const gap = sub(over, inside);
    if (typeof gap === "number") return plusOne(floorDiv(gap <= 0 ? over : inside, step));
    const [a, b] = [floorDiv(over, step), floorDiv(inside, step)];
    return a === undefined || b === undefined ? undefined : plusOne(min(a, b));
  });
  if (stride.size !== 1) return setBy(out, "stride", [stride, x]);
  return setBy(out, "padding", [low, high, kernel, dilation, x]);
}

/** Whether no window fits for any input; a guard where none fits for some. */
export function tooSmall(x: Dim, window: Window, guards: Guard[]): boolean {
  const { low, high, stride } = window;
  const span = spanOf(window);
  const slack = window.ceil ? compute([stride], (step) => sub(step, 1)) : { size: 0 };
  const needed = compute([span, low, high, slack], (s, lo, hi, more) => sub(s, add(add(lo, hi), more)));
  if (typeof needed.size === "number") return below(x, needed.size, guards);
  return below(compute([x, needed], sub), 0, guards);
}

/** Refuses axes along which no window fits. `first` is the first windowed axis. */
export function emptyRefusal(
  axes: readonly number[],
  shape: readonly Dim[],
  windows: readonly Window[],
  first: number,
): Omit<Refusal, "assume"> {
  const at = axes[0] ?? first;
  const window = windows[at - first];
  const span = window === undefined ? { size: undefined } : spanOf(window);
  const x = shape[at];
  const padded =
    window === undefined || x === undefined
      ? { size: undefined }
      : compute([x, window.low, window.high], (length, lo, hi) => add(add(length, lo), hi));
  return {
    ...refuse("empty", t("a window of {0} does not fit into a padded length of {1}", show(span), show(padded)), []),
    axes,
    expected: span,
    found: padded,
  };
}

/** Elements that a dilated kernel spans: dilation · (kernel − 1) + 1. */
function spanOf({ kernel, dilation }: Pick<Window, "kernel" | "dilation">): Dim {
  if (dilation.size === 1) return kernel;
  return compute([dilation, kernel], (d, k) => add(mul(d, sub(k, 1)), 1));
}

/** One dim an axis from a list, or from one number for all; undefined where the argument is absent or of another length. */
export function perAxis(args: Args, name: string, count: number): readonly Dim[] | undefined {
  const arg = args[name];
  const one = asDim(arg);
  if (one !== undefined) return Array.from({ length: count }, () => one);
  const items = asList(arg);
  if (items === undefined) return undefined;
  if (items.length === 1 && count !== 1) return perAxis({ [name]: items[0] ?? null }, name, count);
  if (items.length !== count) return undefined;
  return items.map((item) => asDim(item) ?? { size: undefined });
}

/** Padding at both ends of each axis, from numbers or pairs. */
export function sides(args: Args, name: string, count: number): readonly (readonly [Dim, Dim])[] | undefined {
  const items = asList(args[name]);
  const single = items?.length === 1 && count !== 1 ? items[0] : undefined;
  const perItem = single !== undefined ? Array.from({ length: count }, () => single) : items;
  if (perItem?.length === count) {
    return perItem.map((item) => {
      const pair = asList(item);
      if (pair === undefined) {
        const both = asDim(item) ?? { size: undefined };
        return [both, both];
      }
      return [asDim(pair[0]) ?? { size: undefined }, asDim(pair[1]) ?? { size: undefined }];
    });
  }
  return perAxis(args, name, count)?.map((both) => [both, both]);
}

/** Checks that a vector input has one element a channel. */
export function misfitVector(vector: readonly Dim[] | undefined, length: Dim, guards: Guard[]): boolean {
  if (vector === undefined) return false;
  const [only] = vector;
  return vector.length !== 1 || only === undefined || differ(length, only, guards);
}

/** Whether `by`, at least 1, leaves a rest of the dim for every input; a guard where it does for some. */
export function indivisible(by: number, dim: Dim, guards: Guard[]): boolean {
  return differ(multiple(by, dim), dim, guards);
}

/** Whether `by`, at least 1, divides the dim for every input. */
export function divides(by: number, dim: Dim): boolean {
  return equality(multiple(by, dim), dim) === "always";
}

/** The greatest multiple of `by` that is not above the dim. */
function multiple(by: number, dim: Dim): Dim {
  return compute([dim], (size) => {
    const part = floorDiv(size, by);
    return part === undefined ? undefined : mul(part, by);
  });
}

function plusOne(size: ReturnType<typeof floorDiv>): ReturnType<typeof floorDiv> {
  return size === undefined ? undefined : add(size, 1);
}
