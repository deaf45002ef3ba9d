import { layerClasses } from "./layers.ts";
import { nativeModules } from "./namespace.ts";
import { argumentsOf, specOf } from "./nn/layer.ts";

let functions: ReturnType<ReturnType<typeof nativeModules>["get"]>;

/** The names of the arguments of a layer's constructor, or of a function of `torch.nn.functional`; undefined for others. */
export function parametersOf(name: string): readonly string[] | undefined {
  const cls = layerClasses.get(name);
  const spec = cls === undefined ? undefined : specOf(cls);
  if (spec !== undefined) return argumentsOf(spec);
  functions ??= nativeModules().get("torch.nn.functional");
  const value = functions?.scope.vars.get(name);
  return value?.kind === "builtin" ? value.params?.map((param) => param.name) : undefined;
}
