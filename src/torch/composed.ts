import { callValue, force } from "../eval/evaluate.ts";
import type { LazyValue, ModuleValue, Value } from "../eval/value.ts";
import { raw } from "../lang/native.ts";
import { tensorClass } from "./classes.ts";
import { writeInPlace } from "./convert.ts";
import { pythonPart } from "./python/load.ts";
import { TENSORS_NAMES, TENSORS_PART } from "./python/tensors.ts";

/** Functions of tensors that are written in Python: those of `torch` and of `torch.nn.functional`; methods are set. */
export function composedTensors(module: (name: string) => ModuleValue | undefined): {
  readonly torch: Readonly<Record<string, Value>>;
  readonly functional: Readonly<Record<string, Value>>;
} {
  const read = pythonPart("torch", TENSORS_PART, () =>
    Object.fromEntries(
      Object.entries({ torch: "torch", F: "torch.nn.functional" }).flatMap(([name, from]) => {
        const value = module(from);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  );
  const named = (list: readonly string[]): readonly (readonly [string, LazyValue])[] =>
    list.map((word) => {
      const [name = word, own = name] = word.split("=");
      return [name, read(own)];
    });
  for (const [name, lazy] of named(TENSORS_NAMES.methods)) tensorClass.attrs.set(name, method(name, lazy, false));
  for (const [name, lazy] of named(TENSORS_NAMES.inPlace))
    tensorClass.attrs.set(`${name}_`, method(`${name}_`, lazy, true));
  return {
    torch: Object.fromEntries(named(TENSORS_NAMES.torch)),
    functional: Object.fromEntries(named(TENSORS_NAMES.functional)),
  };
}

function method(name: string, lazy: LazyValue, inPlace: boolean): Value {
  return raw(name, (interp, args) => {
    const made = callValue(interp, force(interp, lazy), args);
    const self = args.positional[0]?.value;
    return inPlace && self?.kind === "tensor" && made.kind === "tensor" ? writeInPlace(interp, self, made) : made;
  });
}
