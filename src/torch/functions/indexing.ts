import { fail } from "../../eval/interp.ts";
import { NONE, unknown, type Value } from "../../eval/value.ts";
import { native, raw } from "../../lang/native.ts";
import type { Arg } from "../../ops/operator.ts";
import { t } from "../../text/text.ts";
import { tensorClass } from "../classes.ts";
import { dimOf, emit } from "../convert.ts";
import { hostElement } from "../known.ts";

/** Indexing: integers, slices, `None`, an ellipsis; other indices are not followed. */
tensorClass.attrs.set(
  "__getitem__",
  native("__getitem__", "self, index", (interp, get) => {
    const self = get("self");
    if (self.kind !== "tensor") return self;
    const rank = self.type.shape?.length;
    if (rank === undefined) return unknown(self.type.why ?? { reason: t("an index into an unknown rank") });
    const given = get("index");
    const known =
      given.kind === "int" && typeof given.dim.size === "number" ? hostElement(self, given.dim.size) : undefined;
    if (known !== undefined) return known;
    const parts = given.kind === "tuple" ? given.items : [given];
    const used = parts.filter((p) => p.kind !== "none" && p.kind !== "ellipsis").length;
    const full: Value[] = parts.flatMap((p): readonly Value[] =>
      p.kind === "ellipsis"
        ? Array.from(
            { length: Math.max(0, rank - used) },
            (): Value => ({ kind: "slice", lower: NONE, upper: NONE, step: NONE }),
          )
        : [p],
    );
    if (full.some((p) => p.kind !== "int" && p.kind !== "slice" && p.kind !== "none"))
      return unknown({ reason: t("indexing with a tensor or a list is not followed") });
    if (rank < used) return fail(interp, "IndexError", `too many indices for tensor of dimension ${rank}`);
    let value: Value = self;
    let axis = 0;
    const bounds = { starts: [] as Arg[], ends: [] as Arg[], steps: [] as Arg[] };
    const orNull = (v: Value): Arg => (v.kind === "none" ? null : dimOf(v));
    let sliced = false;
    for (const part of full.filter((p) => p.kind !== "none")) {
      const s = part.kind === "slice" ? part : undefined;
      if (s !== undefined && (s.lower.kind !== "none" || s.upper.kind !== "none" || s.step.kind !== "none"))
        sliced = true;
      bounds.starts.push(s === undefined ? null : orNull(s.lower));
      bounds.ends.push(s === undefined ? null : orNull(s.upper));
      bounds.steps.push(s === undefined || s.step.kind === "none" ? { size: 1 } : dimOf(s.step));
    }
    while (bounds.starts.length < rank) {
      bounds.starts.push(null);
      bounds.ends.push(null);
      bounds.steps.push({ size: 1 });
    }
    if (sliced) value = emit(interp, "slice", [self], bounds);
    for (const part of full) {
      if (value.kind !== "tensor") return value;
      if (part.kind === "int") value = emit(interp, "select", [value], { axis: { size: axis }, index: part.dim });
      else if (part.kind === "none") value = emit(interp, "unsqueeze", [value], { axis: { size: axis++ } });
      else axis++;
    }
    return value;
  }),
);
tensorClass.attrs.set(
  "__setitem__",
  native("__setitem__", "self, index, value", (interp, get) => {
    const self = get("self");
    // The values change, the shape does not: what the graph computes from here is not followed by a forward pass.
    if (self.kind !== "tensor") return NONE;
    interp.journal.assign(self, "ref", undefined);
    interp.journal.assign(self, "host", undefined);
    return NONE;
  }),
);
for (const name of [
  "normal_",
  "uniform_",
  "zero_",
  "fill_",
  "copy_",
  "zero_grad",
  "retain_grad",
  "backward",
  "bernoulli_",
  "exponential_",
  "random_",
  "trunc_normal_",
])
  tensorClass.attrs.set(
    name,
    raw(name, (_interp, args) => args.positional[0]?.value ?? NONE),
  );
