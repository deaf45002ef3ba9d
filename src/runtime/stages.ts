import type { Program } from "../graph/program.ts";
import type { Statistics } from "./statistics.ts";

export interface Stage extends Partial<Statistics> {
  readonly path: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** Milliseconds in the module and everything below it. On webgl, the time to issue the work, not to do it. */
  readonly time: number;
  /** The module that computed this output in one step with its own; the time is counted there. */
  readonly within?: string;
}

/** The modules whose output was measured, in the program's order; `measured` by the output's key. */
export function stagesOf(
  program: Program,
  measured: ReadonlyMap<string, { readonly shape: readonly number[]; readonly statistics: Statistics | undefined }>,
  timings: readonly { readonly node: number; readonly time: number }[],
): readonly Stage[] {
  const times = new Map(timings.map(({ node, time }) => [node, time]));
  const total = new Map<string, number>();
  const makers = new Map(program.nodes.map(({ id, path }) => [id, path]));
  for (const node of program.nodes) {
    const time = times.get(node.id) ?? 0;
    const names = node.path === "" ? [] : node.path.split(".");
    for (let n = 0; n <= names.length; n++) {
      const path = names.slice(0, n).join(".");
      total.set(path, (total.get(path) ?? 0) + time);
    }
  }
  return program.taps.flatMap(({ path, type, ref }) => {
    const found = measured.get(`${ref.node} ${ref.output}`);
    if (found === undefined) return [];
    const maker = makers.get(ref.node) ?? "";
    const within = isBelow(maker, path) ? {} : { within: maker };
    return [{ path, type, shape: found.shape, ...found.statistics, time: total.get(path) ?? 0, ...within }];
  });
}

function isBelow(path: string, module: string): boolean {
  return module === "" || path === module || path.startsWith(`${module}.`);
}
