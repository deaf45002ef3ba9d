const UNITS = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** Below this share of a unit a count rounds to the smaller unit's three digits. */
const ROUNDS_UP = 0.9995;

/** A count with three significant digits and an SI prefix: `25.6 M`, `4.09 G`, `960`. */
export function shortCount(count: number): string {
  for (const [size, unit] of UNITS) {
    if (size * ROUNDS_UP <= count) return `${threeDigits(count / size)} ${unit}`;
  }
  return String(Math.round(count));
}

/** A whole number with a comma between thousands: `25,557,032`. */
export function exactCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}
