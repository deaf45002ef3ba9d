import type { Graph } from "../graph/graph.ts";

/** What says where code stands and why something is so, not what is computed. */
const ASIDE: ReadonlySet<string> = new Set(["place", "frames", "origin", "why", "guards", "assumed", "maybe"]);

/** Equal for graphs that compute the same in the same way, wherever their code stands. */
export function graphKey({ inputs, weights, nodes, output }: Graph): string {
  const text = JSON.stringify([inputs, weights, nodes, output], (name, value) =>
    ASIDE.has(name) ? undefined : value?.kind === "expr" ? value.text : value,
  );
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return `${(a >>> 0).toString(16)}-${(b >>> 0).toString(16)}-${text.length.toString(16)}`;
}
