import type { Context, Run } from "../context.ts";
import type { Hole } from "./candidate.ts";
import { levelsOf, textOf } from "./level.ts";
import { setNumber } from "./number.ts";
import { keepingPadding, keepsSize, uniform, type Windowed, windowOf } from "./window.ts";

/** Layers on one of two branches that shrink or grow what they should keep: their padding, kernel or dilation is set right. */
export function keepSizes(context: Context, run: Run, nodes: readonly number[], rank: number): readonly Hole[] {
  const usual = habits(run);
  return nodes.flatMap((id) => {
    const one = windowOf(run, id);
    if (one === undefined || keepsSize(one)) return [];
    const { path } = one.node;
    const make = (parameter: string, now: readonly number[], then: readonly number[], first: readonly string[]) => {
      const after = { ...one, [FIELD[parameter] ?? ""]: then };
      // Windows of 1 are a kind of their own: one of 3 without padding was none of them.
      const isUsual = usual.has(habitOf(after)) && after.kernel.some((k) => 1 < k);
      return setNumber(context, run, {
        path,
        parameter,
        from: uniform(now),
        to: uniform(then),
        rank: rank + (parameter === "padding" ? 0 : parameter === "kernel_size" ? 1 : 2) - (isUsual ? HABIT : 0),
        first,
      });
    };
    const padding = keepingPadding(one);
    const kernel = one.padding.map((p, i) => (2 * p) / (one.dilation[i] ?? 1) + 1);
    const dilation = one.kernel.map((k, i) => (2 * (one.padding[i] ?? 0)) / (k - 1));
    return [
      ...(padding === undefined ? [] : make("padding", one.padding, padding, paddingTexts(context, run, one))),
      ...(kernel.every(Number.isInteger) ? make("kernel_size", one.kernel, kernel, []) : []),
      ...(one.dilation.some((d) => d !== 1) && dilation.every((d) => Number.isInteger(d) && 0 < d)
        ? make("dilation", one.dilation, dilation, [])
        : []),
      ...(one.dilation.some((d) => d !== 1) && one.kernel.every((k, i) => (k - 1) / 2 === one.padding[i])
        ? make(
            "dilation",
            one.dilation,
            one.dilation.map(() => 1),
            [],
          )
        : []),
    ];
  });
}

/** What it is worth that other layers of the model have the same. */
const HABIT = 3;

const FIELD: Readonly<Record<string, string>> = { padding: "padding", kernel_size: "kernel", dilation: "dilation" };

/** Which kernels, paddings and dilations layers of the model have together. */
function habits(run: Run): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { id } of run.graph.nodes) {
    const one = windowOf(run, id);
    if (one === undefined || !keepsSize(one)) continue;
    found.add(habitOf(one));
  }
  return found;
}

function habitOf({ node, kernel, padding, dilation }: Windowed): string {
  return `${node.op} ${kernel.join()} ${padding.join()} ${dilation.join()}`;
}

/** `dilation` beside a kernel of 3, `kernel_size // 2` where the kernel is a name. */
function paddingTexts(context: Context, run: Run, { node }: Windowed): readonly string[] {
  const written = (parameter: string): string | undefined => {
    const [level] = levelsOf(context, run, node.path, parameter);
    return level?.argument === undefined ? undefined : textOf(level, level.argument.value);
  };
  const [kernel, dilation] = [written("kernel_size"), written("dilation")];
  const named = (text: string | undefined): text is string => text !== undefined && /^[A-Za-z_][\w.]*$/.test(text);
  return [...(named(kernel) ? [`${kernel} // 2`, `(${kernel} - 1) // 2`] : []), ...(named(dilation) ? [dilation] : [])];
}
