import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execBlock } from "../../src/eval/execute.ts";
import { Raised } from "../../src/eval/interp.ts";
import { moduleFrame } from "../../src/eval/module-level.ts";
import { moduleScope } from "../../src/eval/scope.ts";
import { type ModuleValue, str, type Value } from "../../src/eval/value.ts";
import { createSession } from "../../src/evaluation.ts";
import { reprOf, strOf } from "../../src/lang/format.ts";
import { typeOf } from "../../src/lang/types.ts";
import { parsePython } from "../../src/syntax/python/parse.ts";

const FOLDER = join(import.meta.dirname, "snippets");
const TITLE = /^# --- (.+)\n/m;

export interface Snippet {
  readonly key: string;
  readonly text: string;
  readonly sha256: string;
}

/** Every snippet, named like the record: `file: title`. */
export function snippets(): readonly Snippet[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".py"))
    .sort()
    .flatMap((name) => {
      const [, ...parts] = readFileSync(join(FOLDER, name), "utf8").split(TITLE);
      return Array.from({ length: parts.length / 2 }, (_, i) => {
        const text = parts[2 * i + 1] ?? "";
        const sha256 = createHash("sha256").update(text).digest("hex").slice(0, 12);
        return { key: `${name.slice(0, -3)}: ${(parts[2 * i] ?? "").trim()}`, text, sha256 };
      });
    });
}

const file = "/snippet.py";
const files = {
  read: () => undefined,
  kind: () => undefined,
  list: () => [],
  join: (folder: string, name: string) => `${folder}/${name}`,
  parent: () => "/",
};
const session = createSession(files, { paths: [], pythonPaths: [] });

/** What the interpreter makes of a snippet, in the words of the record; `unknown` with the reason for what it does not follow. */
export function outcome(
  text: string,
): { readonly result: string } | { readonly error: string; readonly message: string } | { readonly unknown: string } {
  const { interp } = session;
  const scope = moduleScope();
  const module: ModuleValue = { kind: "module", name: "snippet", file, own: true, scope, state: "loaded" };
  scope.vars.set("__name__", str("snippet"));
  interp.frames = [moduleFrame(module)];
  interp.gaps = new Map();
  interp.problems = [];
  interp.steps = 0;
  interp.limits = { ...interp.limits, deadline: Date.now() + 10_000 };
  interp.speculating = 0;
  interp.phase = "build";
  // As inside a `try`: a mistake raises and ends the snippet, as in Python.
  interp.handlers = 1;
  try {
    execBlock(interp, parsePython(text).module.body, scope);
    const result = scope.vars.get("result");
    const repr = result === undefined ? undefined : reprOf(interp, result);
    return repr === undefined ? { unknown: `${whyOf(result)} ${gaps()}` } : { result: repr };
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    const { value } = error;
    return { error: typeOf(interp, value)?.name ?? value.kind, message: strOf(interp, value) ?? `unknown ${gaps()}` };
  }

  function gaps(): string {
    return [...interp.gaps.values()].map(({ reason }) => fill(reason)).join("; ");
  }
}

function whyOf(value: Value | undefined): string {
  if (value === undefined) return "no result";
  if (value.kind === "int") return value.dim.why === undefined ? "int" : fill(value.dim.why.reason);
  if ("why" in value && value.why !== undefined) return fill(value.why.reason);
  if ("items" in value) return [...value.items.values()].map((item) => whyOf(item as Value)).join(", ");
  return value.kind === "dict" ? [...value.entries.values()].map(([, item]) => whyOf(item)).join(", ") : value.kind;
}

function fill(text: { readonly template: string; readonly args: readonly unknown[] }): string {
  return text.template.replace(/\{(\d+)\}/g, (_, i) => {
    const arg = text.args[Number(i)];
    return typeof arg === "object" && arg !== null && "template" in arg
      ? fill(arg as Parameters<typeof fill>[0])
      : String(arg);
  });
}
