import type { Interp } from "../../eval/interp.ts";
import { type ClassValue, type InstanceValue, NONE, type Value } from "../../eval/value.ts";
import { native, nativeClass } from "../../lang/native.ts";
import { dimOf, dimsOf, emit, flagOf, numberOf, type tensorOf } from "../convert.ts";
import { isModule, moduleClass } from "../module.ts";
import { refusesIteration, refusesLength, refusesNegative, refusesRemainder } from "./counts.ts";
import {
  attr,
  buffer,
  input,
  type LayerSpec,
  layer,
  noParameter,
  ONE,
  optional,
  pair,
  parameter,
  parameterIf,
  weights,
  ZERO,
} from "./layer.ts";
import { namedModules } from "./members.ts";

/** Normalizations, by name. */
export const norms = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec, base?: ClassValue): ClassValue => {
  const cls = layer(name, spec, base);
  norms.set(name, cls);
  return cls;
};
const NORM = "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None";
const normBase = nativeClass("_NormBase", "torch.nn.modules.batchnorm", [moduleClass]);
normBase.attrs.set(
  "reset_running_stats",
  native("reset_running_stats", "self", () => NONE),
);
const batchBase = layer(
  "_BatchNorm",
  {
    init: NORM,
    forward: "input",
    make: makeBatchNorm,
    run: (interp, self, get) => runBatchNorm(interp, self, input(interp, get, "batch_norm"), undefined),
  },
  normBase,
);
const instanceBase = nativeClass("_InstanceNorm", "torch.nn.modules.instancenorm", [normBase]);
/** What code tests layers against: bases of torch's own, by name. */
export const normBases: ReadonlyMap<string, ClassValue> = new Map([
  ["_NormBase", normBase],
  ["_BatchNorm", batchBase],
  ["_InstanceNorm", instanceBase],
]);

for (const spatial of [1, 2, 3] as const) {
  add(
    `BatchNorm${spatial}d`,
    {
      init: "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None",
      forward: "input",
      make: makeBatchNorm,
      run: (interp, self, get) => runBatchNorm(interp, self, input(interp, get, "batch_norm"), spatial),
    },
    batchBase,
  );
  add(
    `InstanceNorm${spatial}d`,
    {
      init: "num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None",
      forward: "input",
      make: makeBatchNorm,
      run(interp, self, get) {
        const x = input(interp, get, "instance_norm");
        // With running statistics each instance is normalized by the same ones, as in batch norm.
        if (attr(interp, self, "running_mean").kind === "tensor") return runBatchNorm(interp, self, x, spatial);
        return emit(interp, "instance_norm", [x, ...weights(interp, self)], {
          eps: numberOf(attr(interp, self, "eps")),
          spatial: { size: spatial },
          channels: dimOf(attr(interp, self, "num_features")),
        });
      },
    },
    instanceBase,
  );
}
const syncNorm = add(
  "SyncBatchNorm",
  {
    init: "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, device=None, dtype=None",
    forward: "input",
    make: makeBatchNorm,
    run: (interp, self, get) => runBatchNorm(interp, self, input(interp, get, "batch_norm"), undefined),
  },
  batchBase,
);
// Only the processes of a distributed run see a difference.
syncNorm.attrs.set("convert_sync_batchnorm", {
  kind: "wrapper",
  type: "class",
  fn: native("convert_sync_batchnorm", "cls, module, process_group=None", (interp, get) => {
    const root = get("module");
    if (!isModule(root)) return root;
    for (const { module } of namedModules(root))
      if (module.cls.mro.includes(batchBase)) interp.journal.assign(module as { cls: ClassValue }, "cls", syncNorm);
    return root;
  }),
});

add("LayerNorm", {
  init: "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None",
  forward: "input",
  make(interp, self, get) {
    refusesIteration(interp, get("normalized_shape"));
    const dims = dimsOf(interp, get("normalized_shape"), 1);
    interp.journal.set(self.attrs, "normalized_shape", pair(dims));
    if (flagOf(interp, get("elementwise_affine"))) {
      parameter(interp, self, "weight", dims, ONE);
      parameterIf(interp, self, get("bias"), "bias", dims, ZERO);
    } else {
      noParameter(interp, self, "weight");
      noParameter(interp, self, "bias");
    }
  },
  run: (interp, self, get) =>
    emit(interp, "layer_norm", [input(interp, get, "layer_norm"), ...weights(interp, self)], {
      normalized: [...dimsOf(interp, attr(interp, self, "normalized_shape"), 1)],
      eps: numberOf(attr(interp, self, "eps")),
    }),
});
add("GroupNorm", {
  init: "num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None",
  forward: "input",
  make(interp, self, get) {
    const channels = dimOf(get("num_channels"));
    if (!refusesRemainder(interp, get("num_channels"), get("num_groups"), undefined))
      if (flagOf(interp, get("affine"))) refusesLength(interp, get("num_channels"), "empty");
    parameterIf(interp, self, get("affine"), "weight", [channels], ONE);
    parameterIf(interp, self, get("affine"), "bias", [channels], ZERO);
    const groups = dimOf(get("num_groups"));
    if (typeof groups.size === "number" && typeof channels.size === "number" && groups.size !== 0)
      if (channels.size % groups.size !== 0)
        interp.reject(
          interp,
          "ValueError",
          `num_channels (${channels.size}) must be divisible by num_groups (${groups.size})`,
        );
  },
  run: (interp, self, get) =>
    emit(interp, "group_norm", [input(interp, get, "group_norm"), ...weights(interp, self)], {
      groups: dimOf(attr(interp, self, "num_groups")),
      channels: dimOf(attr(interp, self, "num_channels")),
      eps: numberOf(attr(interp, self, "eps")),
    }),
});
add("LocalResponseNorm", {
  init: "size, alpha=0.0001, beta=0.75, k=1.0",
  forward: "input",
  run: (interp, self, get) =>
    emit(interp, "local_response_norm", [input(interp, get, "local_response_norm")], {
      size: dimOf(attr(interp, self, "size")),
      alpha: numberOf(attr(interp, self, "alpha")),
      beta: numberOf(attr(interp, self, "beta")),
      k: numberOf(attr(interp, self, "k")),
    }),
});

function makeBatchNorm(interp: Interp, self: InstanceValue, get: (name: string) => Value): void {
  const features = dimOf(get("num_features"));
  if (get("affine").kind === "bool" && flagOf(interp, get("affine")))
    refusesLength(interp, get("num_features"), "empty") || refusesNegative(interp, [features]);
  else if (flagOf(interp, get("track_running_stats"))) refusesLength(interp, get("num_features"), "zeros");
  parameterIf(interp, self, get("affine"), "weight", [features], ONE);
  parameterIf(interp, self, get("affine"), "bias", [features], ZERO);
  if (!flagOf(interp, get("track_running_stats"))) return;
  buffer(interp, self, "running_mean", [features], ZERO);
  buffer(interp, self, "running_var", [features], ONE);
  buffer(interp, self, "num_batches_tracked", [], ZERO, "int64");
}

function runBatchNorm(
  interp: Interp,
  self: InstanceValue,
  x: ReturnType<typeof tensorOf>,
  spatial: number | undefined,
): Value {
  const stats = [...optional(attr(interp, self, "running_mean")), ...optional(attr(interp, self, "running_var"))];
  return emit(interp, "batch_norm", [x, ...stats, ...weights(interp, self)], {
    eps: numberOf(attr(interp, self, "eps")),
    spatial: spatial === undefined ? null : { size: spatial },
    channels: dimOf(attr(interp, self, "num_features")),
    training: stats.length === 0,
  });
}
