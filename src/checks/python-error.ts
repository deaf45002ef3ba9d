import type { Problem } from "../eval/interp.ts";
import { type Text, t } from "../text/text.ts";
import type { Context, Finding } from "./context.ts";
import { respell } from "./fixes/attributes.ts";
import { repairCall } from "./fixes/call-repair.ts";
import { candidatesFor } from "./fixes/candidate.ts";
import { repairGroups } from "./fixes/groups.ts";
import { repairPython } from "./fixes/python.ts";
import { repairFixes } from "./fixes/repairs.ts";
import { fitting } from "./words.ts";

/** The model's own Python would raise here, or a layer refuses what it is built with. A name that is missing everywhere is one mistake, told at its first use. */
export function pythonError(context: Context, problem: Problem & { readonly kind: "python" }): Finding | undefined {
  const { place, exception, message, argument } = problem;
  if (place === undefined) return undefined;
  return {
    code: argument === true ? "bad-argument" : "python-error",
    severity: "error",
    place,
    cause: `${exception}: ${message}`,
    instance: instanceOfProblem(problem),
    message: () => fitting([errorText(exception, message), t("{0}: {1}", exception, shortened(message))]),
    related: [],
    fixes: () => {
      const repairs = repairFixes(problem.repairs);
      const found = candidatesFor(context, [
        ...repairCall(context, problem),
        ...repairGroups(context, problem),
        ...respell(context, problem),
        ...repairPython(context, problem),
      ]);
      // What is bound later is likelier read too early than misspelt.
      const isLate = exception === "UnboundLocalError" || (found[0]?.rank ?? 1) < 1;
      return isLate ? [...found, ...repairs] : [...repairs, ...found];
    },
    original: message === "" ? exception : `${exception}: ${message}`,
  };
}

function errorText(exception: string, message: string): Text {
  return message === "" ? t("{0} is raised", exception) : t("{0}: {1}", exception, message);
}

export function instanceOfProblem({ frames }: Problem): string | undefined {
  const path = frames.findLast((frame) => frame.own)?.path;
  return path === "" ? undefined : path;
}

/** Characters of a long message that one line has room for. */
const KEPT = 90;

function shortened(message: string): string {
  const [line = ""] = message.split("\n");
  return line.length <= KEPT ? line : `${line.slice(0, KEPT - 1)}…`;
}
