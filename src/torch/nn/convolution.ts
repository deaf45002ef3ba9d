import type { Interp } from "../../eval/interp.ts";
import { type ClassValue, type InstanceValue, unknown, type Value } from "../../eval/value.ts";
import type { Arg } from "../../ops/operator.ts";
import type { Dim } from "../../shape/dim.ts";
import { floorDiv, mul, sub } from "../../shape/size.ts";
import { t } from "../../text/text.ts";
import { dimOf, dimsOf, emit, flagOf, type tensorOf } from "../convert.ts";
import { attr, fanIn, input, type LayerSpec, layer, noParameter, normalizeTuple, parameter, weights } from "./layer.ts";

/** Convolutions and transposed convolutions, by name. */
export const convolutions = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  convolutions.set(name, layer(name, spec));
};

for (const spatial of [1, 2, 3] as const) {
  add(`Conv${spatial}d`, {
    init: "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None",
    forward: "input",
    make(interp, self, get) {
      normalizeTuple(interp, self, spatial, ["kernel_size", "stride", "padding", "dilation"]);
      const [cin, cout, groups] = [dimOf(get("in_channels")), dimOf(get("out_channels")), dimOf(get("groups"))];
      checkGroups(interp, cin, cout, groups);
      const kernel = dimsOf(interp, attr(interp, self, "kernel_size"), spatial);
      const per = perGroup(cin, groups);
      const init = fanIn([per, ...kernel]);
      parameter(interp, self, "weight", [cout, per, ...kernel], init);
      if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", [cout], init);
      else noParameter(interp, self, "bias");
    },
    run: (interp, self, get) => runConv(interp, self, input(interp, get, `conv${spatial}d`), spatial),
  });
  add(`ConvTranspose${spatial}d`, {
    init: "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None",
    forward: "input, output_size=None",
    make(interp, self, get) {
      normalizeTuple(interp, self, spatial, ["kernel_size", "stride", "padding", "output_padding", "dilation"]);
      const [cin, cout, groups] = [dimOf(get("in_channels")), dimOf(get("out_channels")), dimOf(get("groups"))];
      checkGroups(interp, cin, cout, groups);
      const kernel = dimsOf(interp, attr(interp, self, "kernel_size"), spatial);
      const per = perGroup(cout, groups);
      const init = fanIn([per, ...kernel]);
      parameter(interp, self, "weight", [cin, per, ...kernel], init);
      if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", [cout], init);
      else noParameter(interp, self, "bias");
    },
    run(interp, self, get) {
      if (get("output_size").kind !== "none")
        return unknown({ reason: t("output_size of a transposed convolution is not followed") });
      const args: Record<string, Arg> = {
        groups: dimOf(attr(interp, self, "groups")),
        in_channels: dimOf(attr(interp, self, "in_channels")),
        out_channels: dimOf(attr(interp, self, "out_channels")),
      };
      for (const name of ["stride", "padding", "output_padding", "dilation"])
        args[name] = [...dimsOf(interp, attr(interp, self, name), spatial)];
      return emit(
        interp,
        "conv_transpose",
        [input(interp, get, `conv_transpose${spatial}d`), ...weights(interp, self)],
        args,
      );
    },
  });
}

/** Padding as (low, high) per spatial axis; `same` puts the odd element at the end, as torch does. */
export function paddingArg(
  interp: Interp,
  padding: Value,
  kernel: readonly Dim[],
  dilation: readonly Dim[],
): readonly Arg[] {
  if (padding.kind === "str" && padding.value === "same") {
    return kernel.map((k, i) => {
      const d = dilation[i]?.size;
      if (k.size === undefined || d === undefined) return [{ size: undefined }, { size: undefined }];
      const total = mul(d, sub(k.size, 1));
      const low = floorDiv(total, 2) ?? 0;
      return [{ size: low }, { size: sub(total, low) }];
    });
  }
  if (padding.kind === "str") return kernel.map(() => [{ size: 0 }, { size: 0 }]);
  return dimsOf(interp, padding, kernel.length).map((dim) => [dim, dim]);
}

function runConv(interp: Interp, self: InstanceValue, x: ReturnType<typeof tensorOf>, spatial: number): Value {
  const kernel = dimsOf(interp, attr(interp, self, "kernel_size"), spatial);
  const dilation = dimsOf(interp, attr(interp, self, "dilation"), spatial);
  const mode = attr(interp, self, "padding_mode");
  let padding = paddingArg(interp, attr(interp, self, "padding"), kernel, dilation);
  let source = x;
  if (mode.kind === "str" && mode.value !== "zeros" && x.kind === "tensor") {
    const rank = x.type.shape?.length;
    if (rank !== undefined) {
      const sides = [...Array.from({ length: rank - spatial }, () => [{ size: 0 }, { size: 0 }] as Arg), ...padding];
      const padded = emit(interp, "pad", [x], { sides, mode: mode.value, value: 0 });
      if (padded.kind === "tensor" || padded.kind === "unknown") source = padded;
      padding = kernel.map(() => [{ size: 0 }, { size: 0 }]);
    }
  }
  return emit(interp, "conv", [source, ...weights(interp, self)], {
    stride: [...dimsOf(interp, attr(interp, self, "stride"), spatial)],
    padding,
    dilation: [...dilation],
    groups: dimOf(attr(interp, self, "groups")),
    in_channels: dimOf(attr(interp, self, "in_channels")),
    out_channels: dimOf(attr(interp, self, "out_channels")),
  });
}

function perGroup(channels: Dim, groups: Dim): Dim {
  if (channels.size === undefined) return channels;
  if (groups.size === undefined) return groups;
  if (groups.size === 1) return channels;
  const size = floorDiv(channels.size, groups.size);
  return size === undefined
    ? { size: undefined, why: { reason: t("channels per group are not known") } }
    : { ...channels, size };
}

function checkGroups(interp: Interp, cin: Dim, cout: Dim, groups: Dim): void {
  if (typeof groups.size !== "number") return;
  for (const [dim, name] of [
    [cin, "in_channels"],
    [cout, "out_channels"],
  ] as const) {
    if (typeof dim.size !== "number") continue;
    if (groups.size <= 0) {
      interp.reject(interp, "ValueError", "groups must be a positive integer");
      return;
    }
    if (dim.size % groups.size !== 0) {
      interp.reject(interp, "ValueError", `${name} must be divisible by groups`);
      return;
    }
  }
}
