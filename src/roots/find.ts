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
export function findRoots(session: Session, file: string): Found {
  return rootsOf(session, file, []);
}

/** What a file could be analyzed from. */
export interface Found {
  readonly roots: readonly Root[];
  /** Classes that code of the roots names: each is a root of its own where no root's run reaches it. */
  readonly spares: readonly Root[];
}

/** `behalf`: the files that it is looked at for, the one that was opened first. */
function rootsOf(session: Session, file: string, behalf: readonly string[]): Found {
  const parsed = session.parsed(file);
  if (parsed === undefined) return { roots: [], spares: [] };
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
  const { open, named } = classesOf(session, file, roots);
  const elsewhere = rootsElsewhere(session, file, open, (other) =>
    behalf.includes(other) || MOST_BEHALF <= behalf.length ? [] : rootsOf(session, other, [...behalf, file]).roots,
  );
  const taken = new Set([...roots, ...open].map(({ model }) => model));
  const theirs = elsewhere.roots.filter(({ model }) => !taken.has(model));
  const isBuilt = (root: Root): boolean => 0 < theirs.length && elsewhere.built.has(root);
  return {
    roots: [...roots, ...theirs, ...open.filter((root) => !isBuilt(root))],
    spares: [...open.filter(isBuilt).map((root) => ({ ...root, spare: spanOf(parsed.module, root) })), ...named],
  };
}

/** Files between a class and the code that runs it, at most. */
const MOST_BEHALF = 3;

/** The class that a root was found at. */
function spanOf(tree: Module, { place: { span } }: Root): Span {
  return tree.body.find((stmt) => stmt.kind === "class" && stmt.nameSpan.start === span.start)?.span ?? span;
}

interface Classes {
  /** Those that no root of the file leads to by name, and no other of them: built from their defaults, or with unknown arguments. */
  readonly open: readonly Root[];
  /** The others, such as are used by none of them first. */
  readonly named: readonly Root[];
}

function classesOf(session: Session, file: string, roots: readonly Root[]): Classes {
  const parsed = session.parsed(file);
  if (parsed === undefined) return { open: [], named: [] };
  const { module: tree, text } = parsed;
  const { vars } = loadedModule(session, file).scope;
  const uses = usesOf(tree);
  const reached = new Set<string>();
  for (const root of roots) reach(uses, usedNames(root, tree), reached);
  const all = tree.body.flatMap((stmt) => {
    if (stmt.kind !== "class") return [];
    const cls = vars.get(stmt.name);
    if (cls?.kind !== "class" || !cls.mro.includes(moduleClass)) return [];
    const init = classAttribute(cls, "__init__");
    if (init?.kind !== "function" || classAttribute(cls, "forward") === undefined) return [];
    const root: Root = {
      file,
      model: needsArguments(init.expr.params.slice(1)) ? stmt.name : `${stmt.name}()`,
      input: inputNear(tree, text, { start: stmt.span.start, end: stmt.span.start }),
      place: { file, span: stmt.nameSpan },
      kind: "class",
    };
    return [{ name: stmt.name, span: stmt.span, root }];
  });
  const open: Root[] = [];
  // Those that no other open class uses come first: what they build is reached through them.
  const isUsed = (name: string): boolean =>
    all.some((other) => other.name !== name && !reached.has(other.name) && uses.get(other.name)?.has(name) === true);
  for (const top of [true, false])
    for (const { name, root } of all) {
      if (reached.has(name) || (top && isUsed(name))) continue;
      reach(uses, [name], reached);
      open.push(root);
    }
  const others = all.filter(({ root }) => !open.includes(root));
  const isPart = ({ name }: { readonly name: string }): boolean =>
    others.some((other) => other.name !== name && uses.get(other.name)?.has(name) === true);
  return {
    open,
    named: [...others.filter((one) => !isPart(one)), ...others.filter(isPart)].map(({ root, span }) => ({
      ...root,
      spare: span,
    })),
  };
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
