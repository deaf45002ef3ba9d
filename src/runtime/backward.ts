import type { Ref } from "../graph/graph.ts";
import type { Program, ProgramNode } from "../graph/program.ts";
import { type Text, t } from "../text/text.ts";
import type { Args } from "./args.ts";
import { outputRefs } from "./fold.ts";
import { backwardArgs, gradientOf, type Rule } from "./gradients/rule.ts";
import { FLAT_OPERATORS, RULES } from "./gradients/table.ts";

/** What the reverse pass starts from; what it needs of data is one more input of the program, behind the others. */
export type Loss =
  /** Cross-entropy, the mean over the batch, of an output [N, classes]; the input holds 1 at each row's class. */
  | { readonly kind: "class" }
  /** The sum of the output times the input's numbers. */
  | { readonly kind: "product" };

/** An operator through which the gradient is not followed. */
export interface Blocked {
  readonly node: number;
  readonly op: string;
  readonly path: string;
  readonly reason: Text;
}

/** A program with its reverse pass behind it. */
export interface Reversed {
  readonly program: Program;
  /** Where the loss's gradient with respect to a tensor stands: the tensor's shape. Undefined: it is 0 or not known. */
  readonly gradientAt: (ref: Ref) => Ref | undefined;
  /** Whether an operator without a rule kept the gradient from being known there. */
  readonly isUnknown: (ref: Ref) => boolean;
  readonly blocked: readonly Blocked[];
}

/**
 * Appends the reverse pass of the program's first output tensor: nodes that compute the loss's gradient with respect to
 * each tensor that the output is computed from through the program's real-valued inputs. Weights have no gradient here.
 */
export function reversed(program: Program, loss: Loss): Reversed | Text {
  const [output] = outputRefs(program.output);
  const byId = new Map(program.nodes.map((node) => [node.id, node]));
  const specOf = (ref: Ref): Spec | undefined => byId.get(ref.node)?.outputs[ref.output];
  const spec = output === undefined ? undefined : specOf(output);
  if (output === undefined || spec === undefined) return t("the model gives no tensor");
  if (!isReal(spec.dtype)) return t("the model's output is no real number: it has no gradient");
  if (loss.kind === "class" && spec.shape.length !== 2)
    return t("a loss of classes needs an output of classes per example, not [{0}]", spec.shape.join(", "));

  const nodes: ProgramNode[] = [...program.nodes];
  let nextId = Math.max(...program.nodes.map(({ id }) => id)) + 1;
  const append = (node: Omit<ProgramNode, "id">): Ref => {
    const id = nextId++;
    nodes.push({ ...node, id });
    return { node: id, output: 0 };
  };
  const made = (op: string, inputs: readonly Ref[], args: Args, like: ProgramNode["outputs"][number], at?: Place) =>
    append({ op, inputs, args, outputs: [like], path: at?.path ?? "", type: at?.type ?? "" });

  const given = made("input", [], {}, spec);
  const active = dependents(program);
  const gradients = new Map<string, Ref>();
  const unknown = new Set<string>();
  const blocked: Blocked[] = [];
  gradients.set(keyOf(output), upstream(loss, output, given, spec, made));

  for (const node of [...program.nodes].reverse()) {
    const outputs = node.outputs.flatMap((_, i) => {
      const gradient = gradients.get(`${node.id} ${i}`);
      return gradient === undefined ? [] : [{ output: i, gradient }];
    });
    const wanted = node.inputs.flatMap((ref, input) => (active.has(keyOf(ref)) ? [{ ref, input }] : []));
    if (wanted.length === 0) continue;
    const lost = node.outputs.some((_, i) => unknown.has(`${node.id} ${i}`));
    if (!lost && (outputs.length === 0 || FLAT_OPERATORS.has(node.op))) continue;
    const rule = RULES.get(node.op);
    const refused = wanted.filter(({ input }) => rule?.through !== undefined && !rule.through.includes(input));
    if (lost || rule === undefined || 0 < refused.length) {
      for (const { ref } of lost || rule === undefined ? wanted : refused) unknown.add(keyOf(ref));
      if (!lost) blocked.push({ node: node.id, op: node.op, path: node.path, reason: why(node.op, rule) });
      if (lost || rule === undefined) continue;
    }
    const passing = wanted.filter((one) => !refused.includes(one));
    if (passing.length === 0) continue;
    const shapes = {
      inputs: node.inputs.map((ref) => specOf(ref)?.shape ?? []),
      outputs: node.outputs.map(({ shape }) => shape),
    };
    const specs = passing.map(({ ref }) => specOf(ref) ?? { shape: [], dtype: "float32" as const });
    const first = append({
      op: gradientOf(node.op),
      inputs: [...outputs.map(({ gradient }) => gradient), ...readBy(rule, node)],
      args: backwardArgs(
        node.args,
        rule,
        outputs.map(({ output: i }) => i),
        passing.map(({ input }) => input),
        shapes,
      ),
      outputs: specs,
      path: node.path,
      type: node.type,
    });
    passing.forEach(({ ref }, i) => {
      const key = keyOf(ref);
      const part = { node: first.node, output: i };
      const sum = gradients.get(key);
      const [like = spec] = [specs[i]];
      gradients.set(key, sum === undefined ? part : made("add", [sum, part], {}, like, node));
    });
  }
  const input = { node: given.node, name: "loss", shape: spec.shape, dtype: spec.dtype };
  return {
    program: { ...program, nodes, inputs: [...program.inputs, input] },
    gradientAt: (ref) => (unknown.has(keyOf(ref)) ? undefined : gradients.get(keyOf(ref))),
    isUnknown: (ref) => unknown.has(keyOf(ref)),
    blocked,
  };
}

type Place = Pick<ProgramNode, "path" | "type">;
type Spec = ProgramNode["outputs"][number];

function upstream(
  loss: Loss,
  output: Ref,
  given: Ref,
  spec: Spec,
  made: (op: string, inputs: readonly Ref[], args: Args, like: Spec) => Ref,
): Ref {
  if (loss.kind === "product") return given;
  const shares = made("softmax", [output], { axis: 1 }, spec);
  const off = made("sub", [shares, given], {}, spec);
  return made("mul", [off], { right: 1 / (spec.shape[0] ?? 1) }, spec);
}

function why(op: string, rule: Rule | undefined): Text {
  return rule === undefined
    ? t("the gradient of the operator {0} is not implemented", op)
    : t("the gradient of the operator {0} is followed through its data alone, not through a computed weight", op);
}

function readBy({ reads }: Rule, node: ProgramNode): readonly Ref[] {
  const inputs = reads === "inputs" || reads === "both" ? node.inputs : [];
  return reads === "output" || reads === "both" ? [...inputs, { node: node.id, output: 0 }] : inputs;
}

/** Real-valued tensors that are computed from a real-valued input. */
function dependents(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of program.nodes) {
    if (node.op !== "input" && !node.inputs.some((ref) => found.has(keyOf(ref)))) continue;
    node.outputs.forEach(({ dtype }, i) => {
      if (isReal(dtype)) found.add(`${node.id} ${i}`);
    });
  }
  return found;
}

function isReal(dtype: string): boolean {
  return dtype.startsWith("float") || dtype === "bfloat16";
}

function keyOf(ref: Ref): string {
  return `${ref.node} ${ref.output}`;
}
