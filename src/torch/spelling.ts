/** How PyTorch code writes what fixes insert. */
export const spelling = {
  flattened: (source: string, operand: string): string =>
    importsTorch(source) ? `torch.flatten(${operand}, 1)` : `${asObject(operand)}.flatten(1)`,
  averaged: (source: string, operand: string, axes: number): string =>
    `${functional(source)}.adaptive_avg_pool${axes}d(${operand}, 1)`,
  flattening: "Flatten()",
  averaging: (axes: number): string => `AdaptiveAvgPool${axes}d(1)`,
};

function importsTorch(source: string): boolean {
  return /^[ \t]*import torch[ \t]*(?:#.*)?$/m.test(source);
}

/** The name under which the file has `torch.nn.functional`. */
function functional(source: string): string {
  const found =
    /^[ \t]*import torch\.nn\.functional as (\w+)/m.exec(source) ??
    /^[ \t]*from torch\.nn import functional as (\w+)/m.exec(source);
  if (found?.[1] !== undefined) return found[1];
  if (/^[ \t]*from torch\.nn import functional\b/m.test(source)) return "functional";
  return importsTorch(source) ? "torch.nn.functional" : "nn.functional";
}

/** An operand as it can stand before a dot. */
function asObject(operand: string): string {
  return /^[\w.]+(?:\([^()]*\))?$/.test(operand) ? operand : `(${operand})`;
}
