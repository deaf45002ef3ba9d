/** Colors of numbers, equal steps of which look equally far apart: red, green and blue of 256 steps, 0 to 255. */
export type Scale = Uint8ClampedArray;

export interface Scales {
  /** From nothing to the greatest. */
  readonly sequential: Scale;
  /** From the least over 0 in the middle to the greatest. */
  readonly diverging: Scale;
}

const STEPS = 256;

/** Of a theme: what is near 0 is near its background. */
export function scalesOf(theme: "dark" | "light"): Scales {
  return theme === "dark" ? DARK : LIGHT;
}

/** The page's own theme, as VS Code marks it. */
export function themeOf(body: HTMLElement): "dark" | "light" {
  const { classList } = body;
  return classList.contains("vscode-light") || classList.contains("vscode-high-contrast-light") ? "light" : "dark";
}

const DARK: Scales = {
  sequential: scale((t) => [0.2 + 0.76 * t, 0.04 + 0.15 * Math.sin(Math.PI * t ** 0.8), 285 - 185 * t]),
  diverging: scale((t) => {
    const far = Math.abs(2 * t - 1);
    return [0.22 + 0.62 * far, 0.17 * far ** 0.7, t < 0.5 ? 245 : 60];
  }),
};

const LIGHT: Scales = {
  sequential: scale((t) => [0.98 - 0.7 * t, 0.02 + 0.16 * Math.sin(Math.PI * t ** 0.8), 100 + 185 * t]),
  diverging: scale((t) => {
    const far = Math.abs(2 * t - 1);
    return [0.97 - 0.5 * far, 0.18 * far ** 0.7, t < 0.5 ? 255 : 40];
  }),
};

/** @param at lightness, chroma and hue (degrees) in OKLCH of a share from 0 to 1 */
function scale(at: (share: number) => readonly [number, number, number]): Scale {
  const colors = new Uint8ClampedArray(STEPS * 3);
  for (let i = 0; i < STEPS; i++) colors.set(rgbOf(...at(i / (STEPS - 1))), i * 3);
  return colors;
}

/** @see https://bottosson.github.io/posts/oklab/ */
function rgbOf(lightness: number, chroma: number, hue: number): readonly [number, number, number] {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** Linear light as sRGB, 0 to 255. */
function encoded(light: number): number {
  return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
}
