import type { Root } from "../analysis.ts";
import type { Module, Parameter } from "../core/core.ts";
import { loadedModule, type Session } from "../evaluation.ts";
import { type InputSpec, parseInput } from "../graph/input.ts";
import { classAttribute } from "../lang/types.ts";
import type { Span } from "../text/span.ts";
import { moduleClass } from "../torch/module.ts";
import { calledRoots } from "./called.ts";
import { rootsElsewhere } from "./elsewhere.ts";
import { createJudge } from "./factories.ts";
import { reach, usedNames, usesOf } from "./uses.ts";

/**
 * What a file builds and could be analyzed from, best first: comments, calls, factories, code of other files that builds
 * a class of it, classes.
 */
export function findRoots(session: Session, file: string): readonly Root[] {
  return rootsOf(session, file, []);
}

/** `behalf`: the files that it is looked at for, the one that was opened first. */
function rootsOf(session: Session, file: string, behalf: readonly string[]): readonly Root[] {
  const parsed = session.parsed(file);
  if (parsed === undefined) return [];
  const module = loadedModule(session, file);
  const roots: Root[] = [];
  const { text } = parsed;
  for (const comment of parsed.module.comments) {
    const model = /^resnet-lens:\s*model\s+(.+)$/.exec(comment.text)?.[1];
    if (model !== undefined)
      roots.push({
        file,
        model: model.trim(),
        input: inputNear(parsed.module, text, comment.span),
        place: { file, span: comment.span },
        kind: "comment",
      });
  }
  roots.push(...calledRoots(session, file));
  const builds = createJudge(session, file, module.scope);
  for (const stmt of parsed.module.body) {
    if (stmt.kind !== "def" || needsArguments(stmt.value.params)) continue;
    const model = `${stmt.value.name}()`;
    if (roots.some((root) => root.model === model) || !builds(stmt.value)) continue;
    roots.push({
      file,
      model,
      input: inputNear(parsed.module, text, { start: stmt.span.start, end: stmt.span.start }),
      place: { file, span: stmt.nameSpan },
      kind: "factory",
    });
  }
  const classes = unreachedClasses(session, file, roots);
  const elsewhere = rootsElsewhere(session, file, classes, (other) =>
    behalf.includes(other) || MOST_BEHALF <= behalf.length ? [] : rootsOf(session, other, [...behalf, file]),
  );
  const taken = new Set([...roots, ...classes].map(({ model }) => model));
  const theirs = elsewhere.roots.filter(({ model }) => !taken.has(model));
  return [...roots, ...theirs, ...classes.map((root) => (theirs.length === 0 ? root : elsewhere.classOf(root)))];
}

/** Files between a class and the code that runs it, at most. */
const MOST_BEHALF = 3;

/** Classes that no root of the file leads to: built from their defaults, or with arguments that are not known. */
function unreachedClasses(session: Session, file: string, roots: readonly Root[]): readonly Root[] {
  const parsed = session.parsed(file);
  if (parsed === undefined) return [];
  const { module: tree, text } = parsed;
  const { vars } = loadedModule(session, file).scope;
  const uses = usesOf(tree);
  const reached = new Set<string>();
  for (const root of roots) reach(uses, usedNames(root, tree), reached);
  const open = tree.body.flatMap((stmt) => {
    if (stmt.kind !== "class" || reached.has(stmt.name)) return [];
    const cls = vars.get(stmt.name);
    if (cls?.kind !== "class" || !cls.mro.includes(moduleClass)) return [];
    const init = classAttribute(cls, "__init__");
    if (init?.kind !== "function" || classAttribute(cls, "forward") === undefined) return [];
    return [{ stmt, init }];
  });
  const found: Root[] = [];
  // Those that no other open class uses come first: what they build is reached through them.
  const isUsed = (name: string): boolean =>
    open.some(({ stmt }) => stmt.name !== name && !reached.has(stmt.name) && uses.get(stmt.name)?.has(name) === true);
  for (const top of [true, false]) {
    for (const { stmt, init } of open) {
      if (reached.has(stmt.name) || (top && isUsed(stmt.name))) continue;
      reach(uses, [stmt.name], reached);
      found.push({
        file,
        model: needsArguments(init.expr.params.slice(1)) ? stmt.name : `${stmt.name}()`,
        input: inputNear(tree, text, { start: stmt.span.start, end: stmt.span.start }),
        place: { file, span: stmt.nameSpan },
        kind: "class",
      });
    }
  }
  return found;
}

function needsArguments(params: readonly Parameter[]): boolean {
  return params.some(({ kind, fallback }) => fallback === undefined && !kind.includes("star"));
}

/** What the `# resnet-lens: input …` comments around a stretch give, with nothing but our comments between; one an input. */
function inputNear(module: Module, text: string, { start, end }: Span): readonly InputSpec[] | undefined {
  const own = module.comments.filter(({ text: comment }) => /^resnet-lens:\s*(?:input|model)\b/.test(comment));
  const blank = (from: number, to: number): boolean => from <= to && text.slice(from, to).trim() === "";
  const around: (typeof own)[number][] = [];
  let top = start;
  for (const comment of own.toReversed())
    if (blank(comment.span.end, top)) {
      around.unshift(comment);
      top = comment.span.start;
    }
  let bottom = end;
  for (const comment of own)
    if (blank(bottom, comment.span.start)) {
      around.push(comment);
      bottom = comment.span.end;
    }
  const specs = around.flatMap(({ text: comment }) => /^resnet-lens:\s*input\s+(.+)$/.exec(comment)?.[1] ?? []);
  const inputs = specs.flatMap((spec) => {
    const parsed = parseInput(spec);
    return parsed.kind === "ok" ? [parsed.input] : [];
  });
  return 0 < inputs.length && inputs.length === specs.length ? inputs : undefined;
}
