import type { CallExpr, ClassStmt, Expr, FunctionExpr } from "../../core/core.ts";
import type { Dim } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { around, same } from "../code.ts";
import type { Context } from "../context.ts";
import { placed } from "../origins.ts";
import type { Hole } from "./candidate.ts";
import { expressionsAt } from "./expressions.ts";
import type { Level } from "./level.ts";

/** Places on the way of a number that are tried. */
const MOST_PLACES = 2;
/** Expressions with one part replaced, at most. */
const MOST_VARIED = 60;

/** Where a number of the model's own arithmetic comes from, another expression or the same with one part replaced. */
export function byOrigin(context: Context, dim: Dim | undefined, to: number, rank: number): readonly Hole[] {
  const from = typeof dim?.size === "number" ? dim.size : undefined;
  return placed(dim)
    .slice(0, MOST_PLACES)
    .flatMap(({ place }, depth): readonly Hole[] => {
      const module = context.input.module(place.file);
      const source = context.input.source(place.file);
      if (module === undefined || source === undefined) return [];
      const nodes = around(module, place.span);
      const expr = nodes.findLast((node): node is Expr => same(node.span, place.span) && PARTS.has(node.kind));
      const fn = nodes.findLast((node): node is FunctionExpr => node.kind === "function" && !node.name.startsWith("<"));
      const cls = nodes.findLast((node): node is ClassStmt => node.kind === "class");
      const call = nodes.findLast((node): node is CallExpr => node.kind === "call");
      if (expr === undefined || call === undefined) return [];
      const level: Level = { place, call, module, source, fn, cls, name: "", names: [], argument: undefined };
      const current = source.slice(place.span.start, place.span.end);
      const texts = [...varied(source, expr, level), ...expressionsAt(level)];
      const line = context.line(place);
      return [
        {
          question: { anchor: place, building: false },
          current,
          texts: [...new Set(texts)].filter((text) => text !== current),
          wanted: [{ from, to }],
          plain: /^\d+$/.test(current) ? String(to) : undefined,
          plainFirst: false,
          make: (text) => ({
            title:
              line === undefined
                ? t("Replace {0} by {1}", current, text)
                : t("Replace {0} by {1} (line {2})", current, text, line),
            edits: [{ place, text }],
          }),
          rank: rank + depth,
        },
      ];
    });
}

const PARTS: ReadonlySet<string> = new Set(["name", "attribute", "binary", "number", "call"]);

/** The expression with one of its names and numbers replaced by another in scope, or by half or twice the number. */
function varied(source: string, expr: Expr, level: Level): readonly string[] {
  if (expr.kind !== "binary") return [];
  const names = level.fn?.params.map(({ name }) => name).filter((name) => name !== "self") ?? [];
  const found: string[] = [];
  for (const leaf of leaves(expr)) {
    const text = source.slice(leaf.span.start, leaf.span.end);
    const puts =
      leaf.kind === "number" ? [...names, String(leaf.value * 2), String(Math.floor(leaf.value / 2))] : names;
    for (const put of puts)
      if (put !== text)
        found.push(source.slice(expr.span.start, leaf.span.start) + put + source.slice(leaf.span.end, expr.span.end));
  }
  return found.slice(0, MOST_VARIED);
}

function leaves(expr: Expr): readonly Expr[] {
  if (expr.kind === "binary") return [...leaves(expr.left), ...leaves(expr.right)];
  return expr.kind === "name" || expr.kind === "number" || expr.kind === "attribute" ? [expr] : [];
}
