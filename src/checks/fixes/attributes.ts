import type { AttributeExpr } from "../../core/core.ts";
import type { Problem } from "../../eval/interp.ts";
import { t } from "../../text/text.ts";
import type { Context } from "../context.ts";
import { type Candidate, candidate } from "./candidate.ts";

/** An attribute that is spelt in two ways: where it is set otherwise than read, or read otherwise than elsewhere. */
export function respell(context: Context, problem: Problem & { readonly kind: "python" }): readonly Candidate[] {
  const { place, exception, message } = problem;
  const wanted = /object has no attribute '(\w+)'/.exec(message)?.[1];
  const module = place === undefined ? undefined : context.input.module(place.file);
  if (exception !== "AttributeError" || place === undefined || module === undefined || wanted === undefined) return [];
  const all = attributesIn(module.body);
  const counts = new Map<string, number>();
  for (const { name } of all) counts.set(name, (counts.get(name) ?? 0) + 1);
  const alike = [...counts.keys()].filter((name) => name !== wanted && isTypo(name, wanted));
  const own = all.find(
    ({ name, span }) => name === wanted && span.start <= place.span.end && place.span.start <= span.end,
  );
  return alike.flatMap((name) => {
    const [only, ...more] = all.filter((one) => one.name === name);
    const rename = (at: AttributeExpr, to: string, rank: number): readonly Candidate[] => {
      const line = context.line({ file: place.file, span: at.nameSpan });
      if (line === undefined) return [];
      return [
        candidate(rank, t("Replace {0} by {1} (line {2})", at.name, to, line), [
          { place: { file: place.file, span: at.nameSpan }, text: to },
        ]),
      ];
    };
    return [
      // A spelling that occurs once is likelier wrong than one that others share.
      ...(only !== undefined && more.length === 0 && 1 < (counts.get(wanted) ?? 0) ? rename(only, wanted, 0) : []),
      ...(own === undefined ? [] : rename(own, name, 1)),
      ...(only !== undefined && more.length === 0 && counts.get(wanted) === 1 ? rename(only, wanted, 2) : []),
    ];
  });
}

function attributesIn(value: unknown): readonly AttributeExpr[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(attributesIn);
  const inside = Object.values(value).flatMap(attributesIn);
  return isAttribute(value) ? [value, ...inside] : inside;
}

function isAttribute(value: object): value is AttributeExpr {
  return "kind" in value && value.kind === "attribute" && "nameSpan" in value;
}

/** One letter more, less or other, or two that changed places. */
function isTypo(a: string, b: string): boolean {
  if (1 < Math.abs(a.length - b.length) || Math.min(a.length, b.length) < 3) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let [i, j] = [a.length, b.length];
  while (start < i && start < j && a[i - 1] === b[j - 1]) [i, j] = [i - 1, j - 1];
  const [left, right] = [a.slice(start, i), b.slice(start, j)];
  return left.length + right.length <= 2 || (left.length === 2 && left[0] === right[1] && left[1] === right[0]);
}
