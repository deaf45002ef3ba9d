import type { Interp } from "../../eval/interp.ts";
import { type ClassValue, type InstanceValue, NONE, type UnknownValue, unknown, type Value } from "../../eval/value.ts";
import { native, nativeClass } from "../../lang/native.ts";
import type { Arg } from "../../ops/operator.ts";
import type { Dim } from "../../shape/dim.ts";
import { add as addSizes, floorDiv, mul, printUser, sub } from "../../shape/size.ts";
import { t } from "../../text/text.ts";
import { dimOf, dimsOf, emit, flagOf, type tensorOf } from "../convert.ts";
import { failsSizes, refusesComparison, refusesNegative, refusesRemainder, refusesSizes } from "./counts.ts";
import {
  attr,
  fanIn,
  input,
  type LayerSpec,
  layer,
  normalizeTuple,
  optional,
  parameter,
  parameterIf,
  weights,
} from "./layer.ts";

/** Convolutions and transposed convolutions, by name. */
export const convolutions = new Map<string, ClassValue>();
const convBase = layer("_ConvNd", {
  init: "in_channels, out_channels, kernel_size, stride, padding, dilation, transposed, output_padding, groups, bias, padding_mode, device=None, dtype=None",
  forward: "*args, **kwargs",
  make(interp, self, get) {
    const [cin, cout, groups] = [dimOf(get("in_channels")), dimOf(get("out_channels")), dimOf(get("groups"))];
    checkGroups(interp, cin, cout, groups);
    const kernel = dimsOf(interp, get("kernel_size"), 1);
    const transposed = flagOf(interp, get("transposed"));
    const per = perGroup(transposed ? cout : cin, groups);
    const init = fanIn([per, ...kernel]);
    parameter(interp, self, "weight", [transposed ? cin : cout, per, ...kernel], init);
    parameterIf(interp, self, get("bias"), "bias", [cout], init);
  },
  run: () => unknown({ reason: t("a layer that is not known") }),
});
const transposedBase = nativeClass("_ConvTransposeNd", "torch.nn.modules.conv", [convBase]);
/** What code tests layers against: bases of torch's own, by name. */
export const convolutionBases: ReadonlyMap<string, ClassValue> = new Map([
  ["_ConvNd", convBase],
  ["_ConvTransposeNd", transposedBase],
]);
const add = (name: string, spec: LayerSpec, base: ClassValue): ClassValue => {
  const cls = layer(name, spec, base);
  convolutions.set(name, cls);
  return cls;
};

for (const spatial of [1, 2, 3] as const) {
  const plain = add(
    `Conv${spatial}d`,
    {
      init: "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None",
      forward: "input",
      make(interp, self, get) {
        normalizeTuple(interp, self, spatial, ["kernel_size", "stride", "padding", "dilation"]);
        const [cin, cout, groups] = [dimOf(get("in_channels")), dimOf(get("out_channels")), dimOf(get("groups"))];
        checkCounts(interp, self, get, false);
        checkGroups(interp, cin, cout, groups);
        const kernel = dimsOf(interp, attr(interp, self, "kernel_size"), spatial);
        const per = perGroup(cin, groups);
        refusesNegative(interp, [cout, per, ...kernel]);
        const init = fanIn([per, ...kernel]);
        parameter(interp, self, "weight", [cout, per, ...kernel], init);
        parameterIf(interp, self, get("bias"), "bias", [cout], init);
        checkPadding(interp, self, spatial);
      },
      run: (interp, self, get) =>
        runConv(interp, self, [input(interp, get, `conv${spatial}d`), ...weights(interp, self)], spatial),
    },
    convBase,
  );
  // What subclasses call with weights of their own.
  plain.attrs.set(
    "_conv_forward",
    native("_conv_forward", "self, input, weight, bias=None", (interp, get) => {
      const self = get("self");
      const tensors = [get("weight"), get("bias")].flatMap(optional);
      const weight = get("weight");
      if (self.kind !== "instance") return NONE;
      if (weight.kind === "unknown") return weight;
      return runConv(interp, self, [input(interp, get, `conv${spatial}d`), ...tensors], spatial);
    }),
  );
  add(
    `ConvTranspose${spatial}d`,
    {
      init: "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None",
      forward: "input, output_size=None",
      make(interp, self, get) {
        normalizeTuple(interp, self, spatial, ["kernel_size", "stride", "padding", "output_padding", "dilation"]);
        const [cin, cout, groups] = [dimOf(get("in_channels")), dimOf(get("out_channels")), dimOf(get("groups"))];
        checkCounts(interp, self, get, true);
        checkGroups(interp, cin, cout, groups);
        const kernel = dimsOf(interp, attr(interp, self, "kernel_size"), spatial);
        const per = perGroup(cout, groups);
        refusesNegative(interp, [cin, per, ...kernel]);
        const init = fanIn([per, ...kernel]);
        parameter(interp, self, "weight", [cin, per, ...kernel], init);
        parameterIf(interp, self, get("bias"), "bias", [cout], init);
        const mode = get("padding_mode");
        if (mode.kind === "str" && mode.value !== "zeros")
          interp.reject(interp, "ValueError", `Only "zeros" padding mode is supported for ConvTranspose${spatial}d`);
      },
      run(interp, self, get) {
        const args: Record<string, Arg> = {
          groups: dimOf(attr(interp, self, "groups")),
          in_channels: dimOf(attr(interp, self, "in_channels")),
          out_channels: dimOf(attr(interp, self, "out_channels")),
        };
        for (const name of ["stride", "padding", "output_padding", "dilation"])
          args[name] = [...dimsOf(interp, attr(interp, self, name), spatial)];
        const x = input(interp, get, `conv_transpose${spatial}d`);
        if (get("output_size").kind !== "none")
          args.output_padding = outputPadding(interp, self, x, get("output_size"));
        return emit(interp, "conv_transpose", [x, ...weights(interp, self)], args);
      },
    },
    transposedBase,
  );
}

/** The output padding with which a transposed convolution gives the length asked for. */
function outputPadding(interp: Interp, self: InstanceValue, x: ReturnType<typeof tensorOf>, asked: Value): Arg[] {
  const read = (name: string): readonly Dim[] => {
    const value = attr(interp, self, name);
    return dimsOf(interp, value, value.kind === "tuple" ? value.items.length : 1);
  };
  const [kernel, stride, padding, dilation] = ["kernel_size", "stride", "padding", "dilation"].map(read);
  const count = kernel?.length ?? 1;
  const wanted = dimsOf(interp, asked, count).slice(-count);
  const shape = (x.kind === "tensor" ? x.type.shape : undefined)?.slice(-count);
  const extra = wanted.map((dim, i): Dim => {
    const sizes = [shape?.[i], stride?.[i], padding?.[i], dilation?.[i], kernel?.[i], dim].map((one) => one?.size);
    const [n, s, p, d, k, out] = sizes;
    if (
      n === undefined ||
      s === undefined ||
      p === undefined ||
      d === undefined ||
      k === undefined ||
      out === undefined
    )
      return { size: undefined, why: dim.why ?? { reason: t("a number that is not known") } };
    const least = addSizes(sub(mul(sub(n, 1), s), mul(2, p)), addSizes(mul(d, sub(k, 1)), 1));
    return { size: sub(out, least) };
  });
  const misfit = extra.some(({ size }, i) => {
    const by = stride?.[i]?.size;
    return typeof size === "number" && typeof by === "number" && (size < 0 || by <= size);
  });
  if (!misfit) return extra;
  const list = (dims: readonly Dim[] | undefined): string =>
    (dims ?? []).map(({ size }) => (size === undefined ? "?" : printUser(size))).join(", ");
  const least = wanted.map((dim, i) => ({ size: sub(dim.size ?? 0, extra[i]?.size ?? 0) }));
  const most = least.map(({ size }, i) => ({ size: sub(addSizes(size, stride?.[i]?.size ?? 1), 1) }));
  interp.reject(
    interp,
    "ValueError",
    `requested an output size of [${list(wanted)}], but valid sizes range from [${list(least)}] to [${list(most)}] (for an input of torch.Size([${list(shape)}]))`,
  );
  return wanted.map(() => ({ size: 0 }));
}

/** torch's refusals of a convolution's padding. */
function checkPadding(interp: Interp, self: InstanceValue, spatial: number): void {
  const [padding, mode] = [attr(interp, self, "padding"), attr(interp, self, "padding_mode")];
  if (padding.kind === "str") {
    if (padding.value !== "same" && padding.value !== "valid")
      interp.reject(
        interp,
        "ValueError",
        `Invalid padding string '${padding.value}', should be one of {'valid', 'same'}`,
      );
    const strides = dimsOf(interp, attr(interp, self, "stride"), spatial);
    if (padding.value === "same" && strides.some(({ size }) => typeof size === "number" && size !== 1))
      interp.reject(interp, "ValueError", "padding='same' is not supported for strided convolutions");
  }
  if (mode.kind === "str" && !MODES.has(mode.value))
    interp.reject(
      interp,
      "ValueError",
      `padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got padding_mode='${mode.value}'`,
    );
}

const NOTHING: UnknownValue = unknown({ reason: t("an input is missing") });
const MODES: ReadonlySet<string> = new Set(["zeros", "reflect", "replicate", "circular"]);

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

function runConv(
  interp: Interp,
  self: InstanceValue,
  [x = NOTHING, ...tensors]: readonly ReturnType<typeof tensorOf>[],
  spatial: number,
): Value {
  const sizes = ["stride", "padding", "dilation"].map((name) => attr(interp, self, name));
  const lost = failsSizes(
    interp,
    sizes.filter(({ kind }) => kind !== "str"),
    () => `conv${spatial}d() received an invalid combination of arguments`,
  );
  if (lost !== undefined) return lost;
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
  return emit(interp, "conv", [source, ...tensors], {
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

/** torch's refusals of counts that are no numbers, in the order in which it makes use of them. */
function checkCounts(interp: Interp, self: InstanceValue, get: (name: string) => Value, transposed: boolean): void {
  const [cin, cout, groups] = [get("in_channels"), get("out_channels"), get("groups")];
  const kernel = attr(interp, self, "kernel_size");
  const channels = transposed ? [cin, cout] : [cout, cin];
  if (refusesComparison(interp, groups, "<=")) return;
  if (refusesRemainder(interp, cin, groups, "in_channels") || refusesRemainder(interp, cout, groups, "out_channels"))
    return;
  refusesSizes(interp, [...channels, ...(kernel.kind === "tuple" ? kernel.items : [])]);
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
