import { noteUnknown } from "../../eval/builder.ts";
import { callValue } from "../../eval/evaluate.ts";
import { fail, gap, type Interp } from "../../eval/interp.ts";
import { shapeTree } from "../../eval/record.ts";
import { type CallArgs, type InstanceValue, NONE, unknown, type Value } from "../../eval/value.ts";
import type { ShapeTree } from "../../graph/graph.ts";
import { bindTo } from "../../lang/attributes.ts";
import { raw } from "../../lang/native.ts";
import { classAttribute, objectClass } from "../../lang/types.ts";
import { t } from "../../text/text.ts";
import { moduleClass } from "../module.ts";
import { afterForward, beforeForward } from "./hooks.ts";
import { initializeLazy } from "./lazy.ts";

/** What the calls of one module instance gave, in order. */
export interface ModuleCall {
  readonly output: ShapeTree;
  readonly inputs: readonly (ShapeTree | null)[];
  readonly from: number;
  readonly to: number;
  readonly maybe?: true;
}

/** State of a forward pass: instance paths and module calls. */
export interface ForwardState {
  readonly paths: Map<InstanceValue, string>;
  readonly calls: Map<InstanceValue, ModuleCall[]>;
}

function forwardState(interp: Interp): ForwardState | undefined {
  return interp.store.get("forward") as ForwardState | undefined;
}

/** `module(*args)`: runs `forward` as this instance and notes what it returned. */
moduleClass.attrs.set(
  "__call__",
  raw("__call__", (interp, args) => {
    const self = args.positional[0]?.value;
    if (self?.kind !== "instance") return unknown({ reason: t("a module that is not known") });
    initializeLazy(interp, self, args.positional[1]?.value);
    const forward = classAttribute(self.cls, "forward");
    const own = self.attrs.get("forward");
    if (forward === undefined && own === undefined) {
      const lost = self.cls.mro.find((cls) => cls.unknownBase !== undefined)?.unknownBase ?? self.tainted;
      if (lost !== undefined) return unknown(lost);
      const known = self.cls.mro.find((cls) => cls.place === undefined && cls !== objectClass);
      if (known !== moduleClass)
        return unknown(gap(interp, t("torch.nn.{0} is not known", known?.name ?? self.cls.name)), self.cls.name);
      return fail(
        interp,
        "NotImplementedError",
        `Module [${self.cls.name}] is missing the required "forward" function`,
      );
    }
    const state = forwardState(interp);
    const outer = { path: interp.path, type: interp.graph?.type };
    const path = state?.paths.get(self);
    if (path !== undefined) interp.path = path;
    if (interp.graph !== undefined) interp.graph.type = self.cls.name;
    const from = interp.graph?.nodes.length ?? 0;
    let value: Value;
    try {
      const given = beforeForward(interp, self, { ...args, positional: args.positional.slice(1) });
      const target =
        self.attrs.get("forward") ?? bindTo(interp, classAttribute(self.cls, "forward") ?? NONE, self, self.cls);
      value = afterForward(interp, self, given, callValue(interp, target, given));
    } finally {
      interp.path = outer.path;
      if (interp.graph !== undefined && outer.type !== undefined) interp.graph.type = outer.type;
    }
    if (state !== undefined) noteCall(interp, state, self, args, value, from);
    return value;
  }),
);
for (const name of ["_call_impl", "_wrapped_call_impl"])
  moduleClass.attrs.set(name, moduleClass.attrs.get("__call__") ?? NONE);

function noteCall(
  interp: Interp,
  state: ForwardState,
  self: InstanceValue,
  args: CallArgs,
  value: Value,
  from: number,
): void {
  let calls = state.calls.get(self);
  if (calls === undefined) {
    calls = [];
    state.calls.set(self, calls);
  }
  const output = shapeTree(value, 0);
  if (output?.kind === "unknown" && interp.graph !== undefined) noteUnknown(interp, interp.graph);
  if (output === null) return;
  calls.push({
    output,
    inputs: args.positional.slice(1).map((arg) => shapeTree(arg.value, 0)),
    from,
    to: interp.graph?.nodes.length ?? 0,
    ...(0 < interp.speculating ? { maybe: true } : {}),
  });
}
