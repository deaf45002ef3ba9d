import type { Root } from "../analysis.ts";
import type { CallExpr, Expr, ImportStmt, Module } from "../core/core.ts";
import type { Value } from "../eval/value.ts";
import type { Session } from "../evaluation.ts";
import type { InputSpec } from "../graph/input.ts";
import { parseExpression } from "../syntax/python/parse.ts";
import { blocksOf, callsOf, type Names, standalone, stripped, visit } from "./blocks.ts";
import { buildsModule, builtBy, evaluatedAside } from "./factories.ts";

/** Roots of one file are a list that a person picks from. */
const MAX_ROOTS = 64;

/**
 * Models that the file builds and calls on a tensor by itself: at module level, under `if __name__ == …`, or in a
 * function that needs no argument. Tools that take a model and its input (a summary, a trace, an export) count as calls.
 */
export function calledRoots(session: Session, file: string): readonly Root[] {
  const parsed = session.parsed(file);
  if (parsed === undefined) return [];
  const { module, text } = parsed;
  const roots: Root[] = [];
  for (const block of blocksOf(module, text)) {
    for (const { call, names } of callsOf(block, text)) {
      if (MAX_ROOTS <= roots.length) return roots;
      const use = useOf(module, call, names);
      if (use === undefined) continue;
      const built = buildingCall(use.model, names);
      if (built === undefined || mayBe(session, file, built.callee, names, text) === false) continue;
      const input = use.input((expr) => evaluated(session, file, expr, names, text));
      if (input === undefined) continue;
      const model = standalone(use.model, text, names);
      const root: Root =
        model === undefined
          ? {
              file,
              model: text.slice(built.span.start, built.span.end).replace(/\s+/g, " "),
              input,
              place: { file, span: built.span },
              kind: "call",
              setup: { within: block.within, call: call.span, model: use.model.span, built: built.span },
            }
          : { file, model, input, place: { file, span: built.span }, kind: "call" };
      if (roots.some((other) => other.model === root.model)) continue;
      if (
        model !== undefined &&
        !surely(session, file, built.callee, names, text) &&
        !buildsModule(session, file, model)
      )
        continue;
      roots.push(root);
    }
  }
  return roots;
}

interface Use {
  /** The expression that stands for the model. */
  readonly model: Expr;
  readonly input: (value: (expr: Expr) => Value | undefined) => readonly InputSpec[] | undefined;
}

const INPUT_KEYWORDS = new Set(["args", "inputs", "input", "input_data", "example_inputs", "dummy_input", "x"]);
const SIZE_KEYWORDS = new Set(["input_size", "input_res", "input_shape"]);
/** Tools whose sizes leave the batch out; it is what they run with. */
const BATCHLESS: Readonly<Record<string, number>> = { torchsummary: 2, ptflops: 1, torchscan: 1 };

/** A call as the use of a model on an input: of the model itself, or of a tool that is handed both. */
function useOf(module: Module, call: CallExpr, names: Names): Use | undefined {
  const { callee, args } = call;
  const isForward = callee.kind === "attribute" && callee.name === "forward";
  const self = isForward ? callee.object : callee;
  if (buildingCall(self, names) !== undefined) {
    return {
      model: self,
      input: (value) => {
        const specs = args.flatMap((arg) => {
          if (arg.star !== undefined) return [undefined];
          const given = value(arg.value);
          const spec = given === undefined ? undefined : specOf(given);
          if (arg.keyword === undefined) return [spec];
          return spec?.kind === "tensor" ? [{ ...spec, name: arg.keyword }] : [];
        });
        return specs.length === 0 ? undefined : complete(specs);
      },
    };
  }
  const [first, second] = args;
  if (first === undefined || first.keyword !== undefined || buildingCall(first.value, names) === undefined)
    return undefined;
  const named = (keywords: ReadonlySet<string>) =>
    args.find(({ keyword }) => keyword !== undefined && keywords.has(keyword));
  return {
    model: first.value,
    input: (value) => {
      const sizes = named(SIZE_KEYWORDS);
      const data = named(INPUT_KEYWORDS) ?? (sizes === undefined && second?.keyword === undefined ? second : undefined);
      const given = [sizes, data].flatMap((arg) => {
        const one = arg === undefined ? undefined : value(arg.value);
        return one === undefined ? [] : [one];
      })[0];
      if (given === undefined) return undefined;
      const dims = sizesOf(given);
      if (dims !== undefined) {
        const tool = callee.kind === "name" ? importedFrom(module, callee.name) : undefined;
        if (tool === undefined) return undefined;
        const batch = BATCHLESS[tool];
        return [{ kind: "tensor", shape: batch === undefined ? dims : [batch, ...dims] }];
      }
      const spec = specOf(given);
      if (spec?.kind !== "seq") return spec === undefined ? undefined : [spec];
      return complete(spec.items.map((item) => item ?? undefined));
    },
  };
}

function complete(specs: readonly (InputSpec | undefined)[]): readonly InputSpec[] | undefined {
  const known = specs.filter((spec) => spec !== undefined);
  return known.length === specs.length && known.some((spec) => spec.kind !== "tensor" || spec.shape !== undefined)
    ? known
    : undefined;
}

/** The call that built what an expression stands for, if that is what it does. */
function buildingCall(expr: Expr, names: Names, depth = 0): CallExpr | undefined {
  const inner = stripped(expr);
  if (inner.kind === "call") return inner;
  if (inner.kind !== "name" || 8 < depth) return undefined;
  const value = names.get(inner.name)?.value;
  return value === undefined ? undefined : buildingCall(value, names, depth + 1);
}

/** Top package of the import that binds a name. */
function importedFrom(module: Module, name: string): string | undefined {
  const found = module.body.find(
    (stmt): stmt is ImportStmt =>
      stmt.kind === "import" && stmt.from && stmt.names.some((item) => (item.alias ?? item.name) === name),
  );
  return found?.module.split(".")[0];
}

/** Whether a call of the callee may give a module, as far as its definition tells. */
function mayBe(session: Session, file: string, callee: Expr, names: Names, text: string): boolean | undefined {
  const value = evaluated(session, file, callee, names, text);
  return value === undefined ? undefined : builtBy(value, 0);
}

function surely(session: Session, file: string, callee: Expr, names: Names, text: string): boolean {
  return mayBe(session, file, callee, names, text) === true;
}

/** What an expression of a block gives in the file's own namespace; undefined where it cannot be told. */
function evaluated(session: Session, file: string, expr: Expr, names: Names, text: string): Value | undefined {
  const own = standalone(expr, text, names);
  return own === undefined || callsResult(parseExpression(own)) ? undefined : evaluatedAside(session, file, own);
}

/** Whether the result of a call is called in it: a model's output, which is not run for this. */
function callsResult(expr: Expr | undefined): boolean {
  let found = false;
  visit(expr, (node) => {
    if (node.kind === "call" && node.callee.kind === "call") found = true;
  });
  return found;
}

/** A value as the input of a root; undefined if it is none, or its sizes are not known. */
function specOf(value: Value): InputSpec | undefined {
  if (value.kind === "tensor") {
    const shape = value.type.shape?.map(({ size }) => size);
    if (shape === undefined || !shape.every((size) => typeof size === "number")) return undefined;
    const { dtype } = value.type;
    return { kind: "tensor", shape, ...(dtype === undefined || dtype === "float32" ? {} : { dtype }) };
  }
  if (value.kind === "tuple" || value.kind === "list") {
    const items = value.items.map((item) => (item.kind === "none" ? null : specOf(item)));
    return items.length === 0 || items.includes(undefined)
      ? undefined
      : { kind: "seq", items: items.filter((item) => item !== undefined) };
  }
  if (value.kind === "dict" && value.why === undefined) {
    const entries = [...value.entries.values()].map(
      ([key, item]) => [key, item.kind === "none" ? null : specOf(item)] as const,
    );
    const known = entries.flatMap(([key, spec]) =>
      key.kind === "str" && spec !== undefined ? [[key.value, spec] as const] : [],
    );
    return known.length === 0 || known.length !== entries.length ? undefined : { kind: "dict", entries: known };
  }
  return undefined;
}

/** A written size, `(3, 224, 224)`. */
function sizesOf(value: Value): readonly number[] | undefined {
  if (value.kind !== "tuple" && value.kind !== "list") return undefined;
  const sizes = value.items.map((item) => (item.kind === "int" ? item.dim.size : undefined));
  return sizes.length !== 0 && sizes.every((size) => typeof size === "number") ? sizes : undefined;
}
