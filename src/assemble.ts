import type { createGraphBuilder } from "./eval/builder.ts";
import type { InstanceValue, TensorValue, WeightCell } from "./eval/value.ts";
import type { Graph, ModuleInfo, ShapeTree, Weight } from "./graph/graph.ts";
import type { InputSpec } from "./graph/input.ts";
import { findResidualAdds } from "./graph/residual.ts";
import { add, mul, type Size } from "./shape/size.ts";
import { builtAt, registry, repeatedTo } from "./torch/module.ts";
import type { ForwardState } from "./torch/nn/call.ts";
import { childrenOf, namedModules } from "./torch/nn/members.ts";

/** The graph of one forward pass, with the modules and weights of the model that made it. */
export function assemble(
  model: InstanceValue,
  state: ForwardState,
  builder: ReturnType<typeof createGraphBuilder>,
  output: ShapeTree | undefined,
  specs: readonly InputSpec[],
): Graph {
  const modules = namedModules(model);
  const parameterCount = parameterCounter(model);
  const infos: ModuleInfo[] = modules.map(({ path, module, aliases }) => ({
    path,
    aliases,
    type: module.cls.name,
    builtin: module.cls.place === undefined,
    place: module.place,
    classPlace: module.cls.place,
    built: builtAt(module),
    repeated: repeatedTo(module),
    children: [...(registry(module, "_modules")?.entries.values() ?? [])].flatMap(([key]) =>
      key.kind === "str" ? [path === "" ? key.value : `${path}.${key.value}`] : [],
    ),
    params: parameterCount(module),
    hint: hintOf(module),
    calls: (state.calls.get(module) ?? []).map((call) => ({ ...call })),
  }));
  const keys = new Map<WeightCell, string[]>();
  for (const { path, module, aliases } of modules) {
    for (const kind of ["_parameters", "_buffers"] as const) {
      for (const [key, value] of registry(module, kind)?.entries.values() ?? []) {
        if (value.kind !== "tensor" || key.kind !== "str" || value.weight === undefined) continue;
        const names = keys.get(value.weight) ?? [];
        for (const at of [path, ...aliases]) names.push(at === "" ? key.value : `${at}.${key.value}`);
        keys.set(value.weight, names);
      }
    }
  }
  // Those that no operator reads stand behind the others: a checkpoint holds them too.
  const cells = new Set<WeightCell>([...builder.cells, ...keys.keys()]);
  const weights: Weight[] = [...cells].map((cell) => ({
    keys: keys.get(cell) ?? [],
    shape: cell.type.shape ?? [],
    dtype: cell.type.dtype ?? "float32",
    trainable: cell.trainable,
    persistent: cell.transient !== true,
    init: cell.init,
  }));
  let madds: Size | undefined = 0;
  if (builder.nodes.some((node) => node.op === "gap" || node.uncounted)) madds = undefined;
  for (const node of builder.nodes) if (node.madds !== undefined && madds !== undefined) madds = add(madds, node.madds);
  const nodes = builder.nodes;
  return {
    nodes,
    weights,
    modules: infos,
    inputs: nodes
      .filter((node) => node.op === "input")
      .map((node, i) => ({
        name: specs[i]?.kind === "tensor" ? (specs[i].name ?? "x") : "x",
        node: node.id,
        type: node.outputs[0] ?? { shape: undefined, dtype: undefined },
      })),
    output,
    residualAdds: findResidualAdds(nodes, infos),
    params: parameterCount(model),
    madds,
  };
}

/** What a module holds itself; a tensor's count is undefined where it is not known. */
interface Held {
  readonly children: readonly InstanceValue[];
  readonly tensors: readonly (readonly [TensorValue, number | undefined])[];
  readonly isUnknown: boolean;
}

/** How many numbers the parameters of a module and of those below it hold, each tensor once; undefined: not known. */
function parameterCounter(model: InstanceValue): (module: InstanceValue) => number | undefined {
  const known = new Map<InstanceValue, Held>();
  const heldBy = (module: InstanceValue): Held => {
    let held = known.get(module);
    if (held === undefined) {
      held = {
        children: childrenOf(module).map(([, child]) => child),
        tensors: [...(registry(module, "_parameters")?.entries.values() ?? [])].flatMap(([, value]) =>
          value.kind === "tensor" ? [[value, elementsOf(value)] as const] : [],
        ),
        isUnknown: hasUnknownMembers(module),
      };
      known.set(module, held);
    }
    return held;
  };
  const counts = treeCounts(model, heldBy);
  return (root) => {
    if (counts !== undefined) return counts.get(root);
    let total = 0;
    const seen = new Set<InstanceValue | TensorValue>([root]);
    const queue = [root];
    for (let module = queue.pop(); module !== undefined; module = queue.pop()) {
      const { children, tensors, isUnknown } = heldBy(module);
      if (isUnknown) return undefined;
      for (const [tensor, count] of tensors) {
        if (seen.has(tensor)) continue;
        seen.add(tensor);
        if (count === undefined) return undefined;
        total += count;
      }
      for (const child of children) {
        if (seen.has(child)) continue;
        seen.add(child);
        queue.push(child);
      }
    }
    return total;
  };
}

/** The counts of a model in which nothing is held twice: each module's own and what its children's add up to. */
function treeCounts(
  model: InstanceValue,
  heldBy: (module: InstanceValue) => Held,
): ReadonlyMap<InstanceValue, number | undefined> | undefined {
  const seen = new Set<InstanceValue | TensorValue>([model]);
  const order = [model];
  for (const module of order) {
    const { children, tensors } = heldBy(module);
    for (const part of [...children, ...tensors.map(([tensor]) => tensor)]) {
      if (seen.has(part)) return undefined;
      seen.add(part);
    }
    order.push(...children);
  }
  const counts = new Map<InstanceValue, number | undefined>();
  // Children stand behind what holds them.
  for (const module of order.reverse()) {
    const { children, tensors, isUnknown } = heldBy(module);
    let total: number | undefined = isUnknown ? undefined : 0;
    for (const count of [...tensors.map(([, own]) => own), ...children.map((child) => counts.get(child))])
      total = total === undefined || count === undefined ? undefined : total + count;
    counts.set(module, total);
  }
  return counts;
}

function elementsOf({ type }: TensorValue): number | undefined {
  let count: Size = 1;
  for (const { size } of type.shape ?? [{ size: undefined }]) {
    if (size === undefined) return undefined;
    count = mul(count, size);
  }
  return typeof count === "number" ? count : undefined;
}

/** Whether a module may have parameters or submodules that are not known. */
function hasUnknownMembers(module: InstanceValue): boolean {
  if (module.tainted !== undefined || module.cls.mro.some(({ unknownBase }) => unknownBase !== undefined)) return true;
  return (["_modules", "_parameters"] as const).some((name) => {
    const members = registry(module, name);
    return members?.why !== undefined || [...(members?.entries.values() ?? [])].some(([, v]) => v.kind === "unknown");
  });
}

/** `7×7 /2` for a layer with a kernel. */
function hintOf(module: InstanceValue): string {
  const numbers = (name: string): readonly (Size | undefined)[] => {
    const value = module.attrs.get(name);
    return value?.kind === "tuple"
      ? value.items.map((item) => (item.kind === "int" ? item.dim.size : undefined))
      : value?.kind === "int"
        ? [value.dim.size]
        : [];
  };
  const kernel = numbers("kernel_size");
  if (kernel.length === 0 || kernel.some((k) => typeof k !== "number")) return "";
  const size = kernel.length === 1 ? `${kernel[0]}×${kernel[0]}` : kernel.join("×");
  const stride = numbers("stride")[0];
  return typeof stride === "number" && 1 < stride ? `${size} /${stride}` : size;
}
