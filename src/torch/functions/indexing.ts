import { fail, type Interp } from "../../eval/interp.ts";
import { NONE, type TensorValue, tensor, type UnknownValue, unknown, type Value } from "../../eval/value.ts";
import type { Arg } from "../../graph/graph.ts";
import { toFloat } from "../../lang/arithmetic.ts";
import { native } from "../../lang/native.ts";
import { operation, type Step, selection, stepsOf, written } from "../../numpy/index-steps.ts";
import { forgetValues, shareMemory, spreadWrite, valuesInit } from "../../numpy/memory.ts";
import type { Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { tensorClass } from "../classes.ts";
import { emit } from "../convert.ts";

const refusal =
  (interp: Interp) =>
  (exception: string, message: string): UnknownValue => {
    const value = fail(interp, exception, message);
    return value.kind === "unknown" ? value : unknown({ reason: t("an index that is not followed") });
  };

/** `x[index]`. */
function indexTensorBy(interp: Interp, self: TensorValue, index: Value): Value {
  const steps = stepsOf(interp, self.type, index, refusal(interp));
  if (!Array.isArray(steps)) return lostIndex(self, steps as Why | UnknownValue);
  let value: Value = self;
  if (steps.length === 0) {
    const made = emit(interp, "identity", [self], {});
    if (made.kind === "tensor" && made.host !== undefined) shareMemory(self, made, "identity");
    return made;
  }
  for (const step of steps as readonly Step[]) {
    if (value.kind !== "tensor") return value;
    const [op, indices, args] = operation(step);
    value = emit(interp, op, [value, ...indices], args);
  }
  return value;
}

function lostIndex(self: TensorValue, lost: Why | UnknownValue): Value {
  if ("kind" in lost) return lost;
  return tensor({ shape: undefined, why: lost, dtype: self.type.dtype });
}

tensorClass.attrs.set(
  "__getitem__",
  native("__getitem__", "self, index", (interp, get) => {
    const self = get("self");
    return self.kind === "tensor" ? indexTensorBy(interp, self, get("index")) : self;
  }),
);

tensorClass.attrs.set(
  "__setitem__",
  native("__setitem__", "self, index, value", (interp, get) => {
    const self = get("self");
    if (self.kind === "tensor") assignItem(interp, self, get("index"), get("value"));
    return NONE;
  }),
);

/** The views that an index takes, as `[op, …]` of a plain program; null where index arrays take part. */
function viewsOf(steps: readonly Step[]): readonly Arg[] | null {
  const views: Arg[] = [];
  for (const step of steps) {
    if (step.kind === "slice") views.push(["slice", step.starts, step.ends, step.steps]);
    else if (step.kind === "select") views.push(["select", step.axis, step.index]);
    else if (step.kind === "unsqueeze") views.push(["unsqueeze", step.axis]);
  }
  return views.length === steps.length ? views : null;
}

/** `x[index] = value`: the shape stays, the elements that the index names change. */
function assignItem(interp: Interp, self: TensorValue, index: Value, value: Value): void {
  const steps = stepsOf(interp, self.type, index, refusal(interp));
  const source = value.kind === "instance" && value.payload?.kind === "tensor" ? value.payload : value;
  const picked = Array.isArray(steps) ? selection(self.type, steps as readonly Step[]) : undefined;
  const host = Array.isArray(steps) ? written(self, steps as readonly Step[], source) : undefined;
  const views = Array.isArray(steps) ? viewsOf(steps as readonly Step[]) : null;
  const filled = source.kind === "tensor" ? null : (toFloat(source) ?? null);
  const args = { selected: picked === undefined ? null : [...picked], views, value: filled };
  const made = emit(interp, "assign", [self, ...(source.kind === "tensor" ? [source] : [])], args);
  if (host === undefined) forgetValues(interp, self);
  else {
    interp.journal.assign(self, "host", host);
    spreadWrite(interp, self);
    if (self.weight !== undefined && interp.graph === undefined)
      interp.journal.assign(self.weight, "init", valuesInit(host));
  }
  interp.journal.assign(self, "ref", made.kind === "tensor" ? made.ref : undefined);
}
