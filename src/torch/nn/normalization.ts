import type { Interp } from "../../eval/interp.ts";
import type { ClassValue, InstanceValue, Value } from "../../eval/value.ts";
import { dimOf, dimsOf, emit, flagOf, numberOf, type tensorOf } from "../convert.ts";
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
  weights,
  ZERO,
} from "./layer.ts";

/** Normalizations, by name. */
export const norms = new Map<string, ClassValue>();
const add = (name: string, spec: LayerSpec): void => {
  norms.set(name, layer(name, spec));
};

for (const spatial of [1, 2, 3] as const) {
  add(`BatchNorm${spatial}d`, {
    init: "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None",
    forward: "input",
    make: makeBatchNorm,
    run: (interp, self, get) => runBatchNorm(interp, self, input(interp, get, "batch_norm"), spatial),
  });
  add(`InstanceNorm${spatial}d`, {
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
  });
}
add("SyncBatchNorm", {
  init: "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, device=None, dtype=None",
  forward: "input",
  make: makeBatchNorm,
  run: (interp, self, get) => runBatchNorm(interp, self, input(interp, get, "batch_norm"), undefined),
});
add("LayerNorm", {
  init: "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None",
  forward: "input",
  make(interp, self, get) {
    const dims = dimsOf(interp, get("normalized_shape"), 1);
    interp.journal.set(self.attrs, "normalized_shape", pair(dims));
    if (flagOf(interp, get("elementwise_affine"))) {
      parameter(interp, self, "weight", dims, ONE);
      if (flagOf(interp, get("bias"))) parameter(interp, self, "bias", dims, ZERO);
      else noParameter(interp, self, "bias");
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
    if (flagOf(interp, get("affine"))) {
      parameter(interp, self, "weight", [channels], ONE);
      parameter(interp, self, "bias", [channels], ZERO);
    } else {
      noParameter(interp, self, "weight");
      noParameter(interp, self, "bias");
    }
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
  if (flagOf(interp, get("affine"))) {
    parameter(interp, self, "weight", [features], ONE);
    parameter(interp, self, "bias", [features], ZERO);
  } else {
    noParameter(interp, self, "weight");
    noParameter(interp, self, "bias");
  }
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
