import { fail, type Interp } from "../../eval/interp.ts";
import { type InstanceValue, NONE, str, type TensorValue, unknown, type Value } from "../../eval/value.ts";
import { setPlain } from "../../lang/assignment.ts";
import { classAttribute, typeOf } from "../../lang/types.ts";
import { shareMemory, valuesInit } from "../../numpy/memory.ts";
import type { Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import {
  initModule,
  isModule,
  lookupRegistered,
  method,
  moduleClass,
  REGISTRIES,
  type Registry,
  registry,
} from "../module.ts";

method(moduleClass, "__init__", "*args, **kwargs", (interp, self) => {
  initModule(interp, self);
  return NONE;
});

/** How torch writes the type of a value in its messages. */
function typeText(interp: Interp, value: Value): string {
  if (value.kind === "tensor") return tensorTypes.get(value.type.dtype ?? "float32") ?? "torch.Tensor";
  const cls = value.kind === "class" ? value : typeOf(interp, value);
  if (cls === undefined) return value.kind === "opaque" ? value.type : "object";
  return cls.moduleName === "builtins" || value.kind === "function" ? cls.name : `${cls.moduleName}.${cls.qualname}`;
}

const tensorTypes: ReadonlyMap<string, string> = new Map([
  ["float32", "torch.FloatTensor"],
  ["float64", "torch.DoubleTensor"],
  ["float16", "torch.HalfTensor"],
  ["bfloat16", "torch.BFloat16Tensor"],
  ["int64", "torch.LongTensor"],
  ["int32", "torch.IntTensor"],
  ["int16", "torch.ShortTensor"],
  ["int8", "torch.CharTensor"],
  ["uint8", "torch.ByteTensor"],
  ["bool", "torch.BoolTensor"],
]);

function dropEntry(interp: Interp, self: InstanceValue, key: Registry, name: string): boolean {
  const entries = registry(self, key);
  if (!entries?.entries.has(`s:${name}`)) return false;
  interp.journal.remove(entries, "entries", entries.entries as unknown as Map<string, Value>, `s:${name}`);
  return true;
}

function putEntry(interp: Interp, self: InstanceValue, key: Registry, name: string, value: Value): void {
  const entries = registry(self, key);
  if (entries === undefined) return;
  interp.journal.setEntry(entries, `s:${name}`, Object.freeze([str(name), value] as const));
  // It may be any module or parameter: how many there are is then not known.
  if (value.kind === "unknown") interp.journal.assign(entries, "why", value.why);
}

/** Whether `nn.Module.__init__` has run; if not, torch's refusal, and it is run. */
function ready(interp: Interp, self: InstanceValue, what: string): void {
  if (registry(self, "_modules") !== undefined) return;
  // A base or a metaclass that is not known may have run it.
  const lost = self.tainted ?? self.cls.mro.find((cls) => cls.unknownBase !== undefined)?.unknownBase;
  if (lost === undefined) fail(interp, "AttributeError", `cannot assign ${what} before Module.__init__() call`);
  initModule(interp, self);
}

/** Registers, as `nn.Module.__setattr__` does. */
export function setModuleAttribute(interp: Interp, self: InstanceValue, name: string, value: Value): void {
  if (value.kind === "tensor" && value.parameter) {
    ready(interp, self, "parameters");
    replace(interp, self, "_parameters", name, value);
    return;
  }
  const has = (key: Registry): boolean => registry(self, key)?.entries.has(`s:${name}`) === true;
  const nothing = value.kind === "none" || value.kind === "unknown";
  if (has("_parameters")) {
    if (nothing) putEntry(interp, self, "_parameters", name, value);
    else misfit(interp, value, "parameter", name, "torch.nn.Parameter or None expected");
  } else if (isModule(value)) {
    ready(interp, self, "module");
    replace(interp, self, "_modules", name, value);
  } else if (has("_modules")) {
    if (nothing) putEntry(interp, self, "_modules", name, value);
    else misfit(interp, value, "child module", name, "torch.nn.Module or None expected");
  } else if (value.kind === "tensor" && value.buffer !== undefined) {
    ready(interp, self, "buffer");
    replace(interp, self, "_buffers", name, value);
  } else if (has("_buffers")) {
    if (nothing || value.kind === "tensor") putEntry(interp, self, "_buffers", name, value);
    else misfit(interp, value, "buffer", name, "torch.nn.Buffer, torch.Tensor or None expected");
  } else {
    const parameters = registry(self, "_parameters");
    const lost = value.kind === "unknown" ? value.why : perhapsModule(value);
    if (lost !== undefined && parameters !== undefined) interp.journal.assign(parameters, "why", lost);
    setPlain(interp, self, name, value);
  }
}

/** Why it is not known whether a value is a module: its class has a base that could not be followed. */
function perhapsModule(value: Value): Why | undefined {
  if (value.kind !== "instance" || value.cls.mro.includes(moduleClass)) return undefined;
  return value.cls.mro.find(({ unknownBase }) => unknownBase !== undefined)?.unknownBase;
}

/** Puts a value into one registry and takes the name from everywhere else. */
function replace(interp: Interp, self: InstanceValue, key: Registry, name: string, value: Value): void {
  if (self.attrs.has(name)) interp.journal.remove(self, "attrs", self.attrs, name);
  for (const other of ["_parameters", "_buffers", "_modules"] as const)
    if (other !== key) dropEntry(interp, self, other, name);
  putEntry(interp, self, key, name, value);
}

function misfit(interp: Interp, value: Value, what: string, name: string, expected: string): void {
  fail(interp, "TypeError", `cannot assign '${typeText(interp, value)}' as ${what} '${name}' (${expected})`);
}

method(moduleClass, "__setattr__", "name, value", (interp, self, get) => {
  const name = get("name");
  const value = get("value");
  if (name.kind === "str") setModuleAttribute(interp, self, name.value, value);
  else if (name.kind === "unknown") {
    interp.journal.assign(self, "tainted", name.why);
    if (isModule(value) || value.kind === "tensor" || value.kind === "unknown")
      for (const key of REGISTRIES) {
        const entries = registry(self, key);
        if (entries !== undefined) interp.journal.assign(entries, "why", name.why);
      }
  }
  return NONE;
});
method(moduleClass, "__getattr__", "name", (interp, self, get) => {
  const name = get("name");
  if (name.kind !== "str") return unknown({ reason: t("an attribute whose name is not known") });
  return (
    lookupRegistered(self, name.value) ??
    fail(interp, "AttributeError", `'${self.cls.name}' object has no attribute '${name.value}'`)
  );
});
method(moduleClass, "__delattr__", "name", (interp, self, get) => {
  const name = get("name");
  if (name.kind !== "str") return NONE;
  for (const key of ["_parameters", "_buffers", "_modules"] as const)
    if (dropEntry(interp, self, key, name.value)) return NONE;
  if (self.attrs.has(name.value)) interp.journal.remove(self, "attrs", self.attrs, name.value);
  else fail(interp, "AttributeError", `'${self.cls.name}' object has no attribute '${name.value}'`);
  return NONE;
});

/** torch's rules for a registered name; undefined where it is taken, with the refusal reported. */
function freeName(interp: Interp, self: InstanceValue, key: Registry, name: Value): string | undefined {
  const what = key === "_modules" ? "module" : key === "_buffers" ? "buffer" : "parameter";
  if (name.kind === "unknown") {
    const entries = registry(self, key);
    if (entries !== undefined) interp.journal.assign(entries, "why", name.why);
    // Any name may be one of it from here on.
    interp.journal.assign(self, "tainted", name.why);
    return undefined;
  }
  if (name.kind !== "str") {
    fail(interp, "TypeError", `${what} name should be a string. Got ${typeText(interp, name)}`);
    return undefined;
  }
  const text = name.value;
  const own = registry(self, key)?.entries.has(`s:${text}`) === true;
  const inherited = classAttribute(self.cls, text);
  const taken =
    !own &&
    (self.attrs.has(text) ||
      lookupRegistered(self, text) !== undefined ||
      (inherited !== undefined && inherited.kind !== "property"));
  if (taken) fail(interp, "KeyError", `"attribute '${text}' already exists"`);
  else if (text.includes("."))
    fail(interp, "KeyError", `'${what} name can\\'t contain "."${key === "_modules" ? `, got: ${text}` : ""}'`);
  else if (text === "") fail(interp, "KeyError", `'${what} name can\\'t be empty string ""'`);
  return text;
}

/** `add_module`: registers a module under a name. */
export function addModule(interp: Interp, self: InstanceValue, name: Value, module: Value): void {
  ready(interp, self, "module");
  const lost = perhapsModule(module);
  const value: Value = lost === undefined ? module : unknown(lost);
  if (value.kind !== "none" && value.kind !== "unknown" && !isModule(value)) {
    fail(interp, "TypeError", `${typeText(interp, value)} is not a Module subclass`);
    return;
  }
  const text = freeName(interp, self, "_modules", name);
  if (text !== undefined) putEntry(interp, self, "_modules", text, value);
}

for (const name of ["add_module", "register_module"])
  method(moduleClass, name, "name, module", (interp, self, get) => {
    addModule(interp, self, get("name"), get("module"));
    return NONE;
  });
method(moduleClass, "register_parameter", "name, param", (interp, self, get) => {
  ready(interp, self, "parameter");
  const [name, value] = [get("name"), get("param")];
  const text = freeName(interp, self, "_parameters", name);
  if (text === undefined) return NONE;
  const fits = value.kind === "none" || value.kind === "unknown" || (value.kind === "tensor" && value.parameter);
  if (fits) putEntry(interp, self, "_parameters", text, value);
  else
    fail(
      interp,
      "TypeError",
      `cannot assign '${typeText(interp, value)}' object to parameter '${text}' (torch.nn.Parameter or None required)`,
    );
  return NONE;
});
method(moduleClass, "register_buffer", "name, tensor, persistent=True", (interp, self, get) => {
  ready(interp, self, "buffer");
  const [name, value, persistent] = [get("name"), get("tensor"), get("persistent")];
  const text = freeName(interp, self, "_buffers", name);
  if (text === undefined) return NONE;
  if (value.kind !== "none" && value.kind !== "unknown" && value.kind !== "tensor") {
    fail(
      interp,
      "TypeError",
      `cannot assign '${typeText(interp, value)}' object to buffer '${text}' (torch Tensor or None required)`,
    );
    return NONE;
  }
  const transient = persistent.kind === "bool" && !persistent.value;
  const stored = value.kind === "tensor" && value.weight === undefined ? bufferOf(value, transient) : value;
  putEntry(interp, self, "_buffers", text, stored);
  return NONE;
});

/** A tensor as a buffer's state. */
export function bufferOf(value: TensorValue, transient = false): TensorValue {
  const made: TensorValue = {
    kind: "tensor",
    type: value.type,
    ...(value.host === undefined ? {} : { host: value.host }),
    weight: {
      type: value.type,
      trainable: false,
      ...(transient ? { transient } : {}),
      init:
        value.host === undefined
          ? { kind: "unknown", why: { reason: t("the buffer's values are not known") } }
          : valuesInit(value.host),
    },
  };
  if (value.host !== undefined) shareMemory(value, made, "identity");
  return made;
}
