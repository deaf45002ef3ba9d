import type { Analysis, InputSpec } from "../analysis.ts";
import type { TensorType } from "../shape/dim.ts";
import { evaluate, symbolsOf } from "../shape/size.ts";
import { shownRun } from "./context.ts";

/** The input that a forward pass can be run on: the shown sizes, every symbol as 1. Undefined where a size is unknown. */
export function runnableInput(analysis: Analysis): readonly InputSpec[] | undefined {
  const shown = shownInput(analysis);
  return shown === undefined ? undefined : allKnown(shown.map(known));
}

/** The root's input with the sizes of the run that is shown, in the form that it was given in. */
export function shownInput(analysis: Analysis): readonly InputSpec[] | undefined {
  const types = (shownRun(analysis)?.graph.inputs ?? []).map(({ type }) => type);
  return inputWith(analysis, types);
}

/** The root's input with each tensor's shape taken from `types`, in order; undefined where the counts differ. */
export function inputWith(analysis: Analysis, types: readonly TensorType[]): readonly InputSpec[] | undefined {
  if (analysis.input.length === 0) return types.map((type) => tensorSpec(type, undefined));
  let next = 0;
  const fill = (spec: InputSpec): InputSpec => {
    switch (spec.kind) {
      case "tensor": {
        const type = types[next++];
        return type === undefined ? spec : tensorSpec(type, spec);
      }
      case "any":
        return spec;
      case "seq":
        return { kind: "seq", items: spec.items.map((item) => (item === null ? null : fill(item))) };
      case "dict":
        return { kind: "dict", entries: spec.entries.map(([key, item]) => [key, item === null ? null : fill(item)]) };
    }
  };
  const filled = analysis.input.map(fill);
  return next === types.length ? filled : undefined;
}

function tensorSpec(type: TensorType, spec: Extract<InputSpec, { readonly kind: "tensor" }> | undefined): InputSpec {
  const shape = type.shape?.map(({ size }) => (size === undefined ? "?" : typeof size === "number" ? size : size.text));
  const dtype = spec?.dtype ?? (type.dtype === undefined || type.dtype === "float32" ? undefined : type.dtype);
  return {
    kind: "tensor",
    shape,
    ...(dtype === undefined ? {} : { dtype }),
    ...(spec?.name === undefined ? {} : { name: spec.name }),
  };
}

function known(spec: InputSpec): InputSpec | undefined {
  switch (spec.kind) {
    case "tensor": {
      const shape = spec.shape === undefined ? undefined : allKnown(spec.shape.map(number));
      return shape === undefined ? undefined : { ...spec, shape };
    }
    case "seq": {
      const items = spec.items.map((item) => (item === null ? null : known(item)));
      return items.includes(undefined) ? undefined : { kind: "seq", items: items.filter((item) => item !== undefined) };
    }
    case "dict": {
      const entries = spec.entries.map(([key, item]) => [key, item === null ? null : known(item)] as const);
      return allKnown(entries.map(([key, item]) => (item === undefined ? undefined : ([key, item] as const)))) ===
        undefined
        ? undefined
        : {
            kind: "dict",
            entries: entries.flatMap(([key, item]) => (item === undefined ? [] : [[key, item] as const])),
          };
    }
  }
}

function number(size: number | string): number | undefined {
  if (typeof size === "number") return size;
  const parsed = { kind: "expr" as const, text: size };
  return evaluate(parsed, new Map([...symbolsOf(parsed)].map((symbol) => [symbol, 1])));
}

function allKnown<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  const found = values.filter((value) => value !== undefined);
  return found.length === values.length ? found : undefined;
}
