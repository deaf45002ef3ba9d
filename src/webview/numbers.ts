/** Three significant digits; a minus sign that is as wide as a digit. */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const text =
    size === 0
      ? "0"
      : size < 1e-3 || 1e5 <= size
        ? size.toExponential(2)
        : size < 100
          ? size.toFixed(3)
          : size.toFixed(1);
  return value < 0 ? `−${text}` : text;
}

/** `12.3 %`; what is not 0 never reads as 0. */
export function percent(share: number): string {
  const value = share * 100;
  if (0 < value && value < 0.1) return "< 0.1 %";
  return `${value.toFixed(value === 0 || value === 100 ? 0 : 1)} %`;
}

/** `[1, 64, 56, 56]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
