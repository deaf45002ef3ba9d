import { NONE, tensor } from "../../eval/value.ts";
import { raw } from "../../lang/native.ts";
import { tensorClass } from "../classes.ts";
import { dtypeOf, emit } from "../convert.ts";
import { define, x } from "../define.ts";

for (const [name, dtype] of [
  ["float", "float32"],
  ["double", "float64"],
  ["half", "float16"],
  ["bfloat16", "bfloat16"],
  ["long", "int64"],
  ["int", "int32"],
  ["bool", "bool"],
] as const) {
  define("m", name, "input, memory_format=None", (interp, get) =>
    emit(interp, "cast", [x(interp, get, name)], { dtype }),
  );
}
/** `.to(…)` and `.type(…)`: an element type among the arguments casts, a device changes nothing here. */
for (const name of ["to", "type", "type_as"]) {
  tensorClass.attrs.set(
    name,
    raw(name, (interp, args) => {
      const source = args.positional[0]?.value ?? NONE;
      if (source.kind !== "tensor") return source;
      const rest = [...args.positional.slice(1), ...args.keywords.map(([, arg]) => arg)].map((arg) => arg.value);
      const lostArgument = rest.find((value) => value.kind === "unknown");
      if (lostArgument !== undefined) return tensor({ ...source.type, dtype: undefined });
      const asked = rest.map((value) => (value.kind === "tensor" ? value.type.dtype : dtypeOf(value, undefined)));
      const dtype = asked.find((one) => one !== undefined);
      return dtype === undefined ? emit(interp, "identity", [source], {}) : emit(interp, "cast", [source], { dtype });
    }),
  );
}
for (const name of ["contiguous", "clone", "detach", "cuda", "cpu", "requires_grad_"]) {
  tensorClass.attrs.set(
    name,
    raw(name, (interp, args) => {
      const source = args.positional[0]?.value ?? NONE;
      return source.kind === "tensor" ? emit(interp, "identity", [source], {}) : source;
    }),
  );
}
