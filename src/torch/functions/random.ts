import type { Interp } from "../../eval/interp.ts";
import { type CallArgs, NONE, type TensorValue, unknown, type Value } from "../../eval/value.ts";
import type { Init } from "../../graph/graph.ts";
import { toFloat } from "../../lang/arithmetic.ts";
import { raw } from "../../lang/native.ts";
import { forgetValues, spreadWrite } from "../../numpy/memory.ts";
import { t } from "../../text/text.ts";
import { arrayOf } from "../../values/array.ts";
import { tensorClass } from "../classes.ts";

/** What fills a tensor in place. */

function refill(interp: Interp, self: TensorValue, value: number | undefined, init?: Init): TensorValue {
  const { shape, dtype } = self.type;
  const lengths = self.host?.shape ?? shape?.map(({ size }) => Number(size));
  const count = lengths?.reduce((a, b) => a * b, 1);
  const host =
    value === undefined ||
    lengths === undefined ||
    count === undefined ||
    dtype === undefined ||
    Number.isNaN(count) ||
    MAX_FILLED < count
      ? undefined
      : arrayOf(dtype, lengths, new Array<number>(count).fill(value));
  if (host === undefined) forgetValues(interp, self);
  else {
    interp.journal.assign(self, "host", host);
    spreadWrite(interp, self);
  }
  if (self.weight !== undefined && interp.graph === undefined)
    interp.journal.assign(
      self.weight,
      "init",
      value === undefined
        ? (init ?? { kind: "unknown", why: { reason: t("the initialization is not known") } })
        : { kind: "constant", value },
    );
  // In a forward the node that made it no longer says what it holds.
  if (interp.graph !== undefined) interp.journal.assign(self, "ref", undefined);
  return self;
}

/** What `normal_` and `uniform_` draw from. */
function distribution(name: string, args: CallArgs): Init | undefined {
  const read = (index: number, keyword: string, fallback: number): number | undefined => {
    const given = args.positional[index]?.value ?? args.keywords.find(([key]) => key === keyword)?.[1].value;
    return given === undefined ? fallback : toFloat(given);
  };
  if (name === "normal_") {
    const [mean, std] = [read(1, "mean", 0), read(2, "std", 1)];
    return mean === undefined || std === undefined ? undefined : { kind: "normal", mean, std };
  }
  if (name !== "uniform_") return undefined;
  const [low, high] = [read(1, "from", 0), read(2, "to", 1)];
  return low === undefined || high === undefined ? undefined : { kind: "uniform", low, high };
}

/** Elements of a tensor whose values are still kept when it is filled. */
const MAX_FILLED = 65_536;

for (const name of [
  "normal_",
  "uniform_",
  "bernoulli_",
  "exponential_",
  "random_",
  "cauchy_",
  "log_normal_",
  "geometric_",
  "zero_",
  "fill_",
  "fill_diagonal_",
  "erfinv_",
])
  tensorClass.attrs.set(
    name,
    raw(name, (interp, args) => {
      const self = args.positional[0]?.value ?? NONE;
      const value: Value = args.positional[1]?.value ?? args.keywords[0]?.[1].value ?? NONE;
      if (self.kind !== "tensor") return self;
      const fill = name === "zero_" ? 0 : name === "fill_" ? toFloat(value) : undefined;
      return refill(interp, self, fill, distribution(name, args));
    }),
  );
tensorClass.attrs.set(
  "copy_",
  raw("copy_", (interp, args) => {
    const [self, source] = [args.positional[0]?.value ?? NONE, args.positional[1]?.value ?? NONE];
    if (self.kind !== "tensor") return self;
    refill(interp, self, undefined);
    if (
      source.kind === "tensor" &&
      source.host !== undefined &&
      source.host.shape.join() === self.type.shape?.map(({ size }) => size).join()
    ) {
      interp.journal.assign(self, "host", source.host);
      spreadWrite(interp, self);
    }
    return self;
  }),
);
for (const name of ["retain_grad", "backward", "share_memory_", "record_stream"])
  tensorClass.attrs.set(
    name,
    raw(name, () => NONE),
  );
tensorClass.attrs.set(
  "register_hook",
  raw("register_hook", () => unknown({ reason: t("a hook on a gradient") })),
);
