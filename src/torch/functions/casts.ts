import { NONE, str, tensor, unknown, type Value } from "../../eval/value.ts";
import { raw } from "../../lang/native.ts";
import { t } from "../../text/text.ts";
import { tensorClass } from "../classes.ts";
import { dtypeOf, emit } from "../convert.ts";
import { define, x } from "../define.ts";

/** Other element types. */

for (const [name, dtype] of [
  ["float", "float32"],
  ["double", "float64"],
  ["half", "float16"],
  ["bfloat16", "bfloat16"],
  ["long", "int64"],
  ["int", "int32"],
  ["short", "int16"],
  ["char", "int8"],
  ["byte", "uint8"],
  ["bool", "bool"],
  ["cfloat", "complex64"],
  ["cdouble", "complex128"],
] as const)
  define("m", name, "input, memory_format=None", (interp, get) =>
    emit(interp, "cast", [x(interp, get, name)], { dtype }),
  );

/** `.to(…)` and `.type(…)`: an element type among the arguments casts, a device changes nothing here. */
for (const name of ["to", "type", "type_as"])
  tensorClass.attrs.set(
    name,
    raw(name, (interp, args) => {
      const source = args.positional[0]?.value ?? NONE;
      if (source.kind !== "tensor") return source;
      const given = [
        ...args.positional.slice(1),
        ...args.keywords
          .filter(([key]) => key === "dtype" || key === "other" || key === "device")
          .map(([, arg]) => arg),
      ];
      const rest = given.map((arg) => arg.value);
      if (name === "type" && rest.length === 0) return typeText(source.type.dtype);
      // An argument that is not known may be an element type.
      const isOpen = rest.some((value) => value.kind === "unknown") || args.more !== undefined;
      if (isOpen)
        return {
          ...tensor({ ...source.type, dtype: undefined }),
          ...(source.ref === undefined ? {} : { ref: source.ref }),
        };
      const asked = rest.map((value) =>
        value.kind === "tensor"
          ? value.type.dtype
          : value.kind === "str"
            ? tensorTypes[value.value]
            : value.kind === "none"
              ? undefined
              : dtypeOf(value, undefined),
      );
      const dtype = asked.find((one) => one !== undefined);
      if (dtype === undefined) return emit(interp, "identity", [source], {});
      return dtype === source.type.dtype && name === "to"
        ? emit(interp, "identity", [source], {})
        : emit(interp, "cast", [source], { dtype });
    }),
  );

const tensorTypes: Readonly<Record<string, "float32" | "float64" | "float16" | "int64" | "int32" | "uint8" | "bool">> =
  {
    "torch.FloatTensor": "float32",
    "torch.DoubleTensor": "float64",
    "torch.HalfTensor": "float16",
    "torch.LongTensor": "int64",
    "torch.IntTensor": "int32",
    "torch.ByteTensor": "uint8",
    "torch.BoolTensor": "bool",
    "torch.cuda.FloatTensor": "float32",
    "torch.cuda.LongTensor": "int64",
  };

/** What `tensor.type()` says. */
function typeText(dtype: string | undefined): Value {
  const name = Object.entries(tensorTypes).find(([, own]) => own === dtype)?.[0];
  return name === undefined ? unknown({ reason: t("an element type that is not known") }) : str(name);
}
