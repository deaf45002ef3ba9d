import { withoutAftermath } from "./aftermath.ts";
import { type CheckInput, type Finding, makeContext, placeKey } from "./context.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { faultsOf } from "./faults.ts";
import { layerNotCalled } from "./layer-not-called.ts";
import { unusedLayers } from "./layer-unused.ts";
import { pythonError } from "./python-error.ts";
import { refusedOperator } from "./refusals.ts";
import { shortcutBroadcasts } from "./shortcut-broadcast.ts";
import { shortcutMismatch } from "./shortcut-mismatch.ts";
import { sizeDependent } from "./size-dependent.ts";

export type { CheckInput } from "./context.ts";

/** What is wrong with one root: each mistake once, with all instances it happens in, in order of execution. */
export function checkRun(input: CheckInput): readonly Diagnostic[] {
  const context = makeContext(input);
  const refused = faultsOf(context).flatMap((fault) => {
    const add = fault.run.adds.get(fault.node.id);
    const isShortcut = add !== undefined && fault.refusal.fault === "broadcast";
    return (isShortcut ? shortcutMismatch(context, fault, add) : undefined) ?? refusedOperator(context, fault);
  });
  const problems = withoutAftermath(input.problems).flatMap(
    (problem) => (problem.kind === "python" ? pythonError(context, problem) : layerNotCalled(context, problem)) ?? [],
  );
  return grouped(input.root, [
    ...problems,
    ...refused,
    ...sizeDependent(context, new Set(refused.map(({ place }) => placeKey(place)))),
    ...shortcutBroadcasts(context),
    ...unusedLayers(context),
  ]);
}

function grouped(root: string, findings: readonly Finding[]): readonly Diagnostic[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [diagnosticOf(root, first, group)];
  });
}

/** A name that exists nowhere, or not yet, is one mistake wherever it is read. */
function keyOf({ code, place, cause }: Finding): string {
  const where = /^(?:NameError|UnboundLocalError)/.test(cause) ? place.file : placeKey(place);
  return `${code} ${where} ${cause}`;
}

function diagnosticOf(root: string, first: Finding, group: readonly Finding[]): Diagnostic {
  const instances = [...new Set(group.flatMap(({ instance }) => instance ?? []))];
  return {
    place: first.place,
    severity: first.severity,
    code: first.code,
    message: first.message(instances),
    roots: [root],
    instances,
    related: first.related,
    fixes: [],
    propose: () => first.fixes(instances),
    ...(first.original === undefined ? {} : { original: first.original }),
    ...(first.residual === undefined ? {} : { residual: first.residual }),
    ...(first.unnecessary === undefined ? {} : { unnecessary: first.unnecessary }),
  };
}
