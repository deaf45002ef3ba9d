import type { ShapeTree } from "../graph/graph.ts";
import type { Span } from "../text/span.ts";
import type { InstanceValue, TensorValue, Value } from "./value.ts";

/** What was seen at one place of the source, once an evaluation. */
export interface Seen {
  readonly span: Span;
  readonly role: "value" | "bind" | "parameter" | "return";
  readonly name: string | undefined;
  readonly statement: number;
  /** `maybe`: seen on one way of a condition, or in a loop, that is not known, or in compiled code: Python may never run it. */
  readonly instances: { readonly path: string; readonly value: ShapeTree; readonly maybe?: true }[];
}

/** Collects the tensors that the user's own code handles while a forward runs. */
export interface Recorder {
  readonly files: Map<string, Map<string, Seen>>;
  readonly enabled: (file: string) => boolean;
  /** What runs now may never run. */
  maybe: boolean;
}

/** More evaluations of one place than this are not kept (a block's line in a network of 1,000 layers is seen 1,000 times). */
const MAX_INSTANCES = 5000;

export function createRecorder(enabled: (file: string) => boolean): Recorder {
  return { files: new Map(), enabled, maybe: false };
}

export function record(
  recorder: Recorder,
  file: string,
  span: Span,
  role: Seen["role"],
  name: string | undefined,
  statement: number,
  path: string,
  value: Value,
): void {
  if (!mayHoldTensors(value)) return;
  const tree = shapeTree(value, 0);
  if (tree === null) return;
  let seen = recorder.files.get(file);
  if (seen === undefined) {
    seen = new Map();
    recorder.files.set(file, seen);
  }
  const key = `${role[0]}${span.start}:${span.end}:${name ?? ""}`;
  let entry = seen.get(key);
  if (entry === undefined) {
    entry = { span, role, name, statement, instances: [] };
    seen.set(key, entry);
  }
  if (entry.instances.length < MAX_INSTANCES)
    entry.instances.push({ path, value: tree, ...(recorder.maybe ? { maybe: true } : {}) });
}

function mayHoldTensors(value: Value): boolean {
  switch (value.kind) {
    case "tensor":
    case "unknown":
      return true;
    case "list":
    case "tuple":
      return value.items.some(mayHoldTensors);
    case "dict":
      for (const [, item] of value.entries.values()) if (mayHoldTensors(item)) return true;
      return false;
    case "instance":
      return isDataclass(value) && [...value.attrs.values()].some(mayHoldTensors);
    default:
      return false;
  }
}

function isDataclass(value: InstanceValue): boolean {
  return value.cls.mro.some((cls) => cls.attrs.has("__dataclass_fields__"));
}

/** A value as a tree of shapes; null: no tensor in it. */
export function shapeTree(value: Value, depth: number): ShapeTree | null {
  if (8 < depth) return null;
  switch (value.kind) {
    case "tensor":
      return tensorTree(value);
    case "unknown":
      return { kind: "unknown", why: value.why };
    case "list":
      if (value.why !== undefined) return { kind: "unknown", why: value.why };
      return { kind: "seq", items: value.items.map((item) => shapeTree(item, depth + 1)) };
    case "tuple":
      return { kind: "seq", items: value.items.map((item) => shapeTree(item, depth + 1)) };
    case "dict": {
      if (value.why !== undefined) return { kind: "unknown", why: value.why };
      const entries: [string, ShapeTree | null][] = [];
      for (const [key, item] of value.entries.values()) entries.push([keyText(key), shapeTree(item, depth + 1)]);
      return { kind: "dict", entries };
    }
    case "instance":
      if (isDataclass(value))
        return {
          kind: "dict",
          entries: [...value.attrs].map(([key, item]) => [key, shapeTree(item, depth + 1)] as const),
        };
      return value.payload === undefined ? null : shapeTree(value.payload, depth + 1);
    default:
      return null;
  }
}

/** A tensor's own, one object for all the places that it is seen at: a list of a thousand is seen a thousand times. */
function tensorTree(value: TensorValue): ShapeTree {
  const { type, ref, shown } = value;
  if (shown?.kind === "tensor" && shown.type === type && shown.ref === ref) return shown;
  const made: ShapeTree = ref === undefined ? { kind: "tensor", type } : { kind: "tensor", type, ref };
  value.shown = made;
  return made;
}

function keyText(key: Value): string {
  if (key.kind === "str") return key.value;
  if (key.kind === "int" && typeof key.dim.size === "number") return String(key.dim.size);
  return "?";
}
