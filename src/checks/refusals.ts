import type { Refusal } from "../ops/operator.ts";
import { printUser } from "../shape/size.ts";
import type { Place } from "../text/span.ts";
import { t } from "../text/text.ts";
import { type RefusalCause, refusalCause } from "./causes/refusal.ts";
import { type Context, type Finding, inputTypes, instanceOf, placeKey } from "./context.ts";
import type { Code, Related } from "./diagnostic.ts";
import type { Fault } from "./faults.ts";
import { refusedFixes } from "./fixes/refused.ts";
import { placed } from "./origins.ts";
import { fitting, nodeWord, shapeWord } from "./words.ts";

/** Any other operator that refuses its inputs or arguments. */
export function refusedOperator(context: Context, fault: Fault): Finding {
  const { node, run, refusal } = fault;
  const place = node.place ?? context.input.place;
  const code = codeOf(refusal);
  const types = inputTypes(run.graph, node);
  const module = run.modules.get(node.path);
  const name = nodeWord(node, module?.builtin === true);
  const at = refusal.input ?? 0;
  const ref = node.inputs[at];
  const source = ref === undefined || run !== context.concrete ? undefined : run.graph.nodes[ref.node];
  const symbolic =
    ref === undefined || source === undefined || context.input.fixedInput
      ? undefined
      : context.symbolicOf(source)?.outputs[ref.output];
  const shape = shapeWord(types[at], symbolic);
  const cause = refusalCause(context, fault);
  const related = relatedOf(context, fault, cause);
  return {
    code,
    severity: "error",
    place,
    cause: `${refusal.fault} ${placeKey(module?.place ?? related[0]?.place)}`,
    instance: instanceOf(node),
    message: (instances) => {
      const where = 1 < instances.length ? t("{0} and {1} more", name, instances.length - 1) : name;
      const said = t("{0}: {1}", where, refusal.detail);
      const from = cause === undefined ? [] : [t("{0}: {1}; {2}", where, refusal.detail, cause.clause)];
      const [first = said, ...others] =
        code === "channel-mismatch" || code === "output-empty"
          ? [
              ...(cause === undefined
                ? []
                : [t("{0}: {1}, input {2}; {3}", where, refusal.detail, shape, cause.clause)]),
              ...from,
              t("{0}: {1}, input {2}", where, refusal.detail, shape),
            ]
          : from;
      return fitting([first, ...others, said, t("{0}: {1}", node.op, refusal.detail)]);
    },
    related,
    fixes: () => refusedFixes(context, fault),
    original: context.input.original?.(node, types),
  };
}

function codeOf({ fault }: Refusal): Code {
  switch (fault) {
    case "channels":
      return "channel-mismatch";
    case "broadcast":
    case "shapes":
    case "rank":
      return "shape-mismatch";
    case "empty":
      return "output-empty";
    case "argument":
    case "dtype":
      return "bad-argument";
  }
}

/** Where the layer got the number that does not fit, else where it was built; and where the other number comes from. */
function relatedOf(
  context: Context,
  { node, run, refusal }: Fault,
  cause: RefusalCause | undefined,
): readonly Related[] {
  const related: Related[] = [];
  const declared = refusal.fault === "argument" ? refusal.found : refusal.expected;
  const built = run.modules.get(node.path)?.place;
  const expected = placed(declared)[0]?.place ?? built;
  if (expected !== undefined && placeKey(expected) !== placeKey(node.place)) {
    const size = declared?.size;
    const message =
      size === undefined || refusal.argument === undefined
        ? t("built here")
        : t("{0} is {1} here", refusal.argument, printUser(size));
    related.push({ place: expected, message });
  }
  if (cause !== undefined) return [...related, ...cause.related.filter(({ place }) => !isTold(related, place))];
  const found = refusal.fault === "argument" ? undefined : refusal.found;
  const source = placed(found)[0]?.place;
  const line = source === undefined ? undefined : context.line(source);
  if (source !== undefined && line !== undefined && found?.size !== undefined) {
    related.push({ place: source, message: t("the {0} that comes in was set here", printUser(found.size)) });
  }
  return related;
}

function isTold(related: readonly Related[], place: Place): boolean {
  return related.some((one) => placeKey(one.place) === placeKey(place));
}
