import { t } from "../text/text.ts";
import { isKind, type Pickled } from "./pickled.ts";
import type { StoredTensor, StoredTensors } from "./reader.ts";
import { type Refused, refused } from "./refusal.ts";
import type { TorchFile } from "./torch-file.ts";
import { isTensor, tensorOf } from "./torch-tensors.ts";

/** Where training scripts put the weights, the likelier first. */
const WRAPPERS = [
  "state_dict",
  "model_state_dict",
  "model",
  "net",
  "network",
  "module",
  "params_ema",
  "params",
  "state_dict_ema",
  "model_ema",
  "ema",
  "weights",
  "teacher",
  "student",
  "encoder",
];
/** Nesting of modules in a whole pickled model, and of wrappers. */
const MAX_DEPTH = 200;
const MAX_TENSORS = 200_000;

/**
 * The tensors of a state dict in a file of `torch.save`, by key: the dict itself, or the one that it is wrapped in
 * (`{"state_dict": …}`), or those of a whole pickled module (its parameters and persistent buffers).
 */
export function stateDictOf(file: TorchFile): StoredTensors | Refused {
  const named = namedTensors(file.value);
  if (named === undefined || named.size === 0) return refused(t("the file holds no state dict"));
  const tensors: StoredTensor[] = [];
  for (const [name, value] of named) {
    if (!isTensor(value)) continue;
    const tensor = tensorOf(name, value, file.storage);
    if ("kind" in tensor) return tensor;
    tensors.push(tensor);
  }
  return { kind: "tensors", tensors };
}

function namedTensors(value: Pickled): ReadonlyMap<string, Pickled> | undefined {
  let found = value;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const module = moduleTensors(found);
    if (module !== undefined) return module;
    const entries = entriesOf(found);
    if (entries === undefined) return undefined;
    const direct = [...entries].filter(([, item]) => isTensor(item));
    const inner = WRAPPERS.flatMap((name) => {
      const item = entries.get(name);
      return item !== undefined && (entriesOf(item) !== undefined || moduleTensors(item) !== undefined) ? [item] : [];
    })[0];
    // A state dict has tensors only; a training state has a few beside its weights.
    if (inner !== undefined && !holdsWeights(direct)) found = inner;
    else if (0 < direct.length) return new Map(direct);
    else {
      const nested = [...entries.values()].find((item) => [...(entriesOf(item)?.values() ?? [])].some(isTensor));
      if (nested === undefined) return undefined;
      found = nested;
    }
  }
  return undefined;
}

function holdsWeights(direct: readonly (readonly [string, Pickled])[]): boolean {
  return direct.some(([key]) => /\.(weight|bias|running_mean)$/.test(key));
}

/** Entries under string keys of a dict or an ordered dict. */
function entriesOf(value: Pickled): ReadonlyMap<string, Pickled> | undefined {
  const entries = isKind(value, "dict") || isKind(value, "record") ? value.entries : undefined;
  if (entries === undefined || (entries.length === 0 && !isKind(value, "dict"))) return undefined;
  return new Map(entries.flatMap(([key, item]) => (typeof key === "string" ? [[key, item] as const] : [])));
}

/** Parameters and persistent buffers of a pickled module, under their state-dict keys. */
function moduleTensors(value: Pickled): ReadonlyMap<string, Pickled> | undefined {
  if (fieldsOf(value) === undefined) return undefined;
  const out = new Map<string, Pickled>();
  const open = new Set<Pickled>();
  const visit = (module: Pickled, prefix: string, depth: number): boolean => {
    const fields = fieldsOf(module);
    if (fields === undefined) return true;
    if (MAX_DEPTH < depth || MAX_TENSORS < out.size || open.has(module)) return false;
    open.add(module);
    const transient = fields.get("_non_persistent_buffers_set");
    const skipped = new Set(itemsOf(transient).filter((name) => typeof name === "string"));
    for (const group of ["_parameters", "_buffers"] as const) {
      for (const [name, item] of entriesOf(fields.get(group) ?? null) ?? [])
        if (isTensor(item) && !skipped.has(name)) out.set(prefix + name, item);
    }
    const children = [...(entriesOf(fields.get("_modules") ?? null) ?? [])];
    const fine = children.every(([name, child]) => visit(child, `${prefix}${name}.`, depth + 1));
    open.delete(module);
    return fine;
  };
  return visit(value, "", 0) ? out : undefined;
}

/** The attributes of an object that has modules or parameters. */
function fieldsOf(value: Pickled): ReadonlyMap<string, Pickled> | undefined {
  if (!isKind(value, "record") || value.state === undefined) return undefined;
  const fields = entriesOf(value.state);
  return fields?.has("_modules") === true && fields.has("_parameters") ? fields : undefined;
}

/** A set is a call of `set` with a list before protocol 4, a list here after. */
function itemsOf(value: Pickled | undefined): readonly Pickled[] {
  if (isKind(value, "list")) return value.items;
  return isKind(value, "record") ? itemsOf(value.args[0]) : [];
}
