import { callValue } from "../../eval/evaluate.ts";
import type { Interp } from "../../eval/interp.ts";
import { bool, type InstanceValue, NONE, str, type TensorValue, unknown, type Value } from "../../eval/value.ts";
import { raw } from "../../lang/native.ts";
import { t } from "../../text/text.ts";
import { initModule, method, moduleClass, type Registry, registry } from "../module.ts";
import { childrenOf, namedModules, namedTensors } from "./members.ts";

const registerNamed = (name: string, key: Registry): void =>
  method(
    moduleClass,
    name,
    key === "_buffers" ? "name, tensor, persistent=True" : "name, value",
    (interp, self, get) => {
      const label = get("name");
      const value = key === "_buffers" ? get("tensor") : get("value");
      if (label.kind !== "str") return NONE;
      if (registry(self, key) === undefined) initModule(interp, self);
      const entries = registry(self, key);
      let stored = value;
      if (key === "_buffers" && value.kind === "tensor") {
        const persistent = get("persistent");
        const transient = persistent.kind === "bool" && !persistent.value;
        stored = value.weight === undefined ? bufferOf(value, transient) : value;
      }
      if (entries !== undefined)
        interp.journal.setEntry(entries.entries, `s:${label.value}`, Object.freeze([label, stored] as const));
      return NONE;
    },
  );

/** A tensor as a buffer's state. */
export function bufferOf(value: TensorValue, transient = false): TensorValue {
  const values = value.host?.data;
  return {
    kind: "tensor",
    type: value.type,
    ...(value.host === undefined ? {} : { host: value.host }),
    weight: {
      type: value.type,
      trainable: false,
      ...(transient ? { transient } : {}),
      init:
        values === undefined
          ? { kind: "unknown", why: { reason: t("the buffer's values are not known") } }
          : { kind: "values", values },
    },
  };
}
registerNamed("register_buffer", "_buffers");
registerNamed("register_parameter", "_parameters");
registerNamed("register_module", "_modules");
method(moduleClass, "add_module", "name, module", (interp, self, get) => {
  const label = get("name");
  if (label.kind === "str") {
    if (registry(self, "_modules") === undefined) initModule(interp, self);
    const entries = registry(self, "_modules");
    if (entries !== undefined)
      interp.journal.setEntry(entries.entries, `s:${label.value}`, Object.freeze([label, get("module")] as const));
  }
  return NONE;
});

method(moduleClass, "state_dict", "*args, **kwargs", (_interp, self) => ({
  kind: "dict",
  entries: new Map(
    [...namedTensors(self, "_parameters"), ...namedTensors(self, "_buffers")].map(([name, value]) => [
      `s:${name}`,
      Object.freeze([str(name), value] as const),
    ]),
  ),
}));
method(moduleClass, "load_state_dict", "state_dict, strict=True, assign=False", () => NONE);
method(moduleClass, "apply", "fn", (interp, self, get) => {
  const visit = (module: InstanceValue): void => {
    for (const [, child] of childrenOf(module)) visit(child);
    callValue(interp, get("fn"), { positional: [{ value: module }], keywords: [] });
  };
  visit(self);
  return self;
});
method(moduleClass, "get_submodule", "target", (interp, self, get) => {
  const target = get("target");
  if (target.kind !== "str") return unknown({ reason: t("a submodule whose name is not known") });
  let at: Value = self;
  for (const part of target.value === "" ? [] : target.value.split("."))
    at = interp.lang.getAttribute(interp, at, part, undefined);
  return at;
});
const setTraining = (interp: Interp, self: InstanceValue, mode: Value): void => {
  for (const { module } of namedModules(self)) interp.journal.set(module.attrs, "training", mode);
};
method(moduleClass, "train", "mode=True", (interp, self, get) => {
  setTraining(interp, self, get("mode"));
  return self;
});
method(moduleClass, "eval", "", (interp, self) => {
  setTraining(interp, self, bool(false));
  return self;
});
for (const name of [
  "to",
  "cuda",
  "cpu",
  "float",
  "double",
  "half",
  "bfloat16",
  "requires_grad_",
  "share_memory",
  "type",
  "compile",
  "to_empty",
  "xpu",
])
  moduleClass.attrs.set(
    name,
    raw(name, (_interp, args) => args.positional[0]?.value ?? NONE),
  );
for (const name of [
  "zero_grad",
  "register_forward_hook",
  "register_forward_pre_hook",
  "register_full_backward_hook",
  "register_backward_hook",
  "register_load_state_dict_post_hook",
  "_register_load_state_dict_pre_hook",
  "register_load_state_dict_pre_hook",
  "_load_from_state_dict",
  "set_extra_state",
])
  moduleClass.attrs.set(
    name,
    raw(name, () => NONE),
  );
method(moduleClass, "extra_repr", "", () => str(""));
method(moduleClass, "_get_name", "", (_interp, self) => str(self.cls.name));
