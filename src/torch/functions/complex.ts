import type { Interp } from "../../eval/interp.ts";
import type { Value } from "../../eval/value.ts";
import { native } from "../../lang/native.ts";
import type { Arg } from "../../ops/operator.ts";
import { dimOf, dimsOf, emit } from "../convert.ts";
import { axes, define, x } from "../define.ts";

/** Complex numbers and `torch.fft`. */

for (const [name, first, second] of [
  ["complex", "real", "imag"],
  ["polar", "abs", "angle"],
] as const)
  define("t", name, `${first}, ${second}, *, out=None`, (interp, get) =>
    emit(interp, name, [x(interp, get, name, first), x(interp, get, name, second)], {}),
  );
for (const name of ["view_as_complex", "view_as_real"])
  define("t", name, "input", (interp, get) => emit(interp, name, [x(interp, get, name)], {}));
define("t", "real", "input", (interp, get) => emit(interp, "real", [x(interp, get, "real")], {}));
define("t", "imag", "input", (interp, get) => emit(interp, "imag", [x(interp, get, "imag")], {}));
define("tm", "angle", "input, *, out=None", (interp, get) => emit(interp, "angle", [x(interp, get, "angle")], {}));

/** `torch.fft` by name. */
export const fft = new Map<string, Value>();
type Get = (name: string) => Value;
const lengthsOf = (interp: Interp, value: Value): Arg => (value.kind === "none" ? null : [...dimsOf(interp, value, 1)]);

const KINDS: readonly (readonly [names: string, op: string])[] = [
  ["fft ifft", "fft"],
  ["rfft ihfft", "rfft"],
  ["irfft hfft", "irfft"],
];
for (const [names, op] of KINDS)
  for (const name of names.split(" ")) {
    const put = (suffix: string, signature: string, axesOf: (interp: Interp, get: Get) => Arg): void => {
      const full = `${name}${suffix}`;
      fft.set(
        full,
        native(
          full,
          signature,
          (interp, get) =>
            emit(interp, op, [x(interp, get, full)], {
              lengths: lengthsOf(interp, get(suffix === "" ? "n" : "s")),
              axes: axesOf(interp, get),
            }),
          { free: true },
        ),
      );
    };
    put("", "input, n=None, dim=-1, norm=None, *, out=None", (_interp, get) => [dimOf(get("dim"))]);
    put("2", "input, s=None, dim=(-2, -1), norm=None, *, out=None", (interp, get) => axes(interp, get("dim")));
    put("n", "input, s=None, dim=None, norm=None, *, out=None", (interp, get) => axes(interp, get("dim")));
  }
for (const name of ["fftshift", "ifftshift"])
  fft.set(
    name,
    native(
      name,
      "input, dim=None",
      (interp, get) =>
        emit(interp, "fftshift", [x(interp, get, name)], {
          axes: axes(interp, get("dim")),
          inverse: name === "ifftshift",
        }),
      { free: true },
    ),
  );
