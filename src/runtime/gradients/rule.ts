import { type Args, flag, numbers, type Run } from "../args.ts";
import { cast, reduce, reshape, sameShape, type Tensor, upload } from "../kernels.ts";
import { first, isWeight, ofFirst, ofLast, range, type Value } from "../value.ts";

type Shapes = readonly (readonly number[])[];

/** One operator of the reverse pass, at work. */
export interface Backward {
  /** The loss's gradients with respect to the operator's outputs; undefined where the loss does not depend on one. */
  readonly gradients: readonly (Value | undefined)[];
  /** The operator's own inputs, where its rule reads them. */
  readonly inputs: readonly Value[];
  /** The operator's own first output, where its rule reads it. */
  readonly output: Value | undefined;
  readonly args: Args;
  /** Shapes of all of the operator's inputs and outputs. */
  readonly shapes: { readonly inputs: Shapes; readonly outputs: Shapes };
  /** Which inputs' gradients are asked for, and their shapes. */
  readonly wanted: readonly { readonly input: number; readonly shape: readonly number[] }[];
}

/** How the gradient passes an operator on its way back. */
export interface Rule {
  /** What of the forward pass is read; the less, the sooner it is freed. */
  readonly reads: "nothing" | "inputs" | "output" | "both";
  /** Inputs whose gradient is computed; all where it is left out. */
  readonly through?: readonly number[];
  /** One gradient for each that is wanted, in its order. Throws where a kernel refuses; made inside a tidy scope. */
  readonly run: (backward: Backward) => readonly Value[];
}

/** The name of an operator's reverse pass. */
export function gradientOf(op: string): string {
  return `gradient of ${op}`;
}

/** Arguments of a node of the reverse pass, beside the operator's own. */
const OUTPUTS = "outputs whose gradient is given";
const WANTED = "inputs whose gradient is asked for";
const READS_OUTPUT = "the output is read";
const SHAPES = "shapes";

export function backwardArgs(
  args: Args,
  rule: Rule,
  given: readonly number[],
  wanted: readonly number[],
  shapes: Backward["shapes"],
): Args {
  return {
    ...args,
    [OUTPUTS]: given,
    [WANTED]: wanted,
    [READS_OUTPUT]: rule.reads === "output" || rule.reads === "both",
    [SHAPES]: [shapes.inputs, shapes.outputs],
  };
}

/** A node of the reverse pass takes the given gradients, then what the rule reads: the inputs, then the output. */
export function runOf(rule: Rule): Run {
  return (values, args) => {
    const given = numbers(args, OUTPUTS);
    const [inputs = [], outputs = []] = args[SHAPES] as readonly Shapes[];
    const gradients: (Value | undefined)[] = outputs.map(() => undefined);
    given.forEach((output, i) => {
      gradients[output] = values[i];
    });
    const read = values.slice(given.length);
    const readsOutput = flag(args, READS_OUTPUT);
    return rule.run({
      gradients,
      inputs: readsOutput ? read.slice(0, -1) : read,
      output: readsOutput ? read.at(-1) : undefined,
      args,
      shapes: { inputs, outputs },
      wanted: numbers(args, WANTED).map((input) => ({ input, shape: inputs[input] ?? [] })),
    });
  };
}

/** The only output's gradient. */
export function incoming({ gradients }: Backward): Value {
  const [only] = gradients;
  if (only === undefined) throw new Error("the gradient of the output is missing");
  return only;
}

export function read(backward: Backward, input = 0): Value {
  const value = backward.inputs[input];
  if (value === undefined) throw new Error(`input ${input} is missing`);
  return value;
}

export function readOutput({ output }: Backward): Value {
  if (output === undefined) throw new Error("the output is missing");
  return output;
}

export function shapeOf(backward: Backward, at = 0): readonly number[] {
  return backward.wanted[at]?.shape ?? [];
}

/** Elements in PyTorch's axis order, read back; not to be written to. */
export function elements(value: Value): Float32Array {
  if (isWeight(value.stored)) return value.stored.data;
  return cast(first(value), "float32").dataSync<"float32">();
}

export function fromElements(data: Float32Array, shape: readonly number[]): Value {
  return ofFirst(upload(data, shape));
}

/** In the layout of `like`, which has the same shape. */
export function ofLike(tensor: Tensor, like: Value): Value {
  return like.layout === "last" ? ofLast(tensor) : ofFirst(tensor);
}

/** The gradient of what was broadcast: summed over the axes that were repeated. */
export function unbroadcast(gradient: Value, shape: readonly number[]): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const extra = gradient.shape.length - shape.length;
  const over = range(0, gradient.shape.length).filter(
    (axis) => axis < extra || (shape[axis - extra] === 1 && gradient.shape[axis] !== 1),
  );
  return ofFirst(reshape(reduce("Sum", first(gradient), over, true), shape));
}
