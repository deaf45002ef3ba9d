import { type TensorValue, tensor, type Value } from "../eval/value.ts";
import { shareMemory } from "../numpy/memory.ts";
import { bufferOf } from "./nn/registration.ts";

/** A tensor as a parameter; a parameter, and what is no tensor, stay as they are. */
export function parameterOf(value: Value): Value {
  if (value.kind !== "tensor" || value.parameter) return value;
  const made: TensorValue = bufferOf(value);
  const init = made.weight?.init ?? { kind: "constant", value: 0 };
  const parameter: TensorValue = { ...made, parameter: true, weight: { type: value.type, trainable: true, init } };
  if (value.host !== undefined) shareMemory(value, parameter, "identity");
  return parameter;
}

/** `nn.Parameter()` without data. */
export function emptyParameter(): TensorValue {
  return { ...tensor({ shape: [{ size: 0 }], dtype: "float32" }), parameter: true };
}
