import { callValue, itemsOf } from "../../eval/evaluate.ts";
import { type Interp, isWhy } from "../../eval/interp.ts";
import {
  type CallArgs,
  type InstanceValue,
  int,
  intOf,
  NONE,
  str,
  tuple,
  unknown,
  type Value,
} from "../../eval/value.ts";
import { truth } from "../../lang/arithmetic.ts";
import { native, nativeClass } from "../../lang/native.ts";
import { makeInstance, objectClass } from "../../lang/types.ts";
import { hooksOf, method, moduleClass } from "../module.ts";

/** What registering a hook gives: it takes the hook back. */
const handleClass = nativeClass("RemovableHandle", "torch.utils.hooks", [objectClass]);
for (const name of ["remove", "__exit__"])
  method(handleClass, name, name === "remove" ? "" : "*args", (interp, self) => {
    const id = self.attrs.get("id");
    const key = id?.kind === "int" ? `n:${String(id.dim.size)}` : "";
    for (const field of ["hooks_dict", "with_kwargs"]) {
      const hooks = self.attrs.get(field);
      if (hooks?.kind === "dict" && hooks.entries.has(key))
        interp.journal.remove(hooks, "entries", hooks.entries as unknown as Map<string, Value>, key);
    }
    return NONE;
  });
handleClass.attrs.set(
  "__enter__",
  native("__enter__", "self", (_interp, get) => get("self")),
);

/** Registers a hook in one of a module's dicts, in front of the others if asked. */
function register(interp: Interp, self: InstanceValue, field: string, hook: Value, options: Options): Value {
  const hooks = hooksOf(interp, self, field);
  const withKwargs = hooksOf(interp, self, `${field}_with_kwargs`);
  const serial = interp.serial++;
  const [key, id] = [`n:${serial}`, int(serial)];
  const entry = Object.freeze([id, hook] as const);
  if (options.prepend) interp.journal.assign(hooks, "entries", new Map([[key, entry], ...hooks.entries]));
  else interp.journal.setEntry(hooks, key, entry);
  if (options.withKwargs) interp.journal.setEntry(withKwargs, key, Object.freeze([id, int(1)] as const));
  const handle = makeInstance(interp, handleClass);
  interp.journal.set(handle.attrs, "id", intOf({ size: serial }));
  interp.journal.set(handle.attrs, "hooks_dict", hooks);
  interp.journal.set(handle.attrs, "with_kwargs", withKwargs);
  return handle;
}

interface Options {
  readonly prepend: boolean;
  readonly withKwargs: boolean;
}

for (const [name, field] of [
  ["register_forward_hook", "_forward_hooks"],
  ["register_forward_pre_hook", "_forward_pre_hooks"],
] as const)
  method(
    moduleClass,
    name,
    `hook, *, prepend=False, with_kwargs=False${field === "_forward_hooks" ? ", always_call=False" : ""}`,
    (interp, self, get) =>
      register(interp, self, field, get("hook"), {
        prepend: truth(interp, get("prepend")) === true,
        withKwargs: truth(interp, get("with_kwargs")) === true,
      }),
  );
// Nothing that these are called for happens in a forward pass.
for (const name of [
  "register_full_backward_hook",
  "register_full_backward_pre_hook",
  "register_backward_hook",
  "register_state_dict_pre_hook",
  "register_state_dict_post_hook",
  "_register_state_dict_hook",
  "register_load_state_dict_post_hook",
  "_register_load_state_dict_pre_hook",
  "register_load_state_dict_pre_hook",
])
  method(moduleClass, name, "*args, **kwargs", (interp) => makeInstance(interp, handleClass));

const hooks = (self: InstanceValue, field: string): readonly (readonly [string, Value])[] => {
  const dict = self.attrs.get(field);
  return dict?.kind === "dict" ? [...dict.entries].map(([key, [, hook]]) => [key, hook] as const) : [];
};
const takesKwargs = (self: InstanceValue, field: string, key: string): boolean => {
  const dict = self.attrs.get(`${field}_with_kwargs`);
  return dict?.kind === "dict" && dict.entries.has(key);
};
const keywordDict = (args: CallArgs): Value => ({
  kind: "dict",
  entries: new Map(args.keywords.map(([key, { value }]) => [`s:${key}`, Object.freeze([str(key), value] as const)])),
});
const positional = (values: readonly Value[]): CallArgs["positional"] => values.map((value) => ({ value }));

/** The arguments that a module's pre-hooks hand to its forward. */
export function beforeForward(interp: Interp, self: InstanceValue, args: CallArgs): CallArgs {
  let now = args;
  for (const [key, hook] of hooks(self, "_forward_pre_hooks")) {
    const given = tuple(now.positional.map((arg) => arg.value));
    const both = takesKwargs(self, "_forward_pre_hooks", key);
    const values = both ? [self, given, keywordDict(now)] : [self, given];
    const result = callValue(interp, hook, { positional: positional(values), keywords: [] });
    if (result.kind === "none") continue;
    if (both && result.kind === "tuple" && result.items.length === 2) {
      const [first = NONE, second = NONE] = result.items;
      const items = itemsOf(interp, first);
      const keywords = second.kind === "dict" ? [...second.entries.values()] : [];
      now = {
        positional: isWhy(items) ? [] : positional(items),
        keywords: keywords.flatMap(([k, value]) => (k.kind === "str" ? [[k.value, { value }] as const] : [])),
        more: isWhy(items) ? items : now.more,
      };
    } else if (result.kind === "unknown") now = { positional: [], keywords: [], more: result.why };
    else now = { ...now, positional: positional(result.kind === "tuple" ? result.items : [result]) };
  }
  return now;
}

/** What a module's hooks make of its output. */
export function afterForward(interp: Interp, self: InstanceValue, args: CallArgs, output: Value): Value {
  let now = output;
  for (const [key, hook] of hooks(self, "_forward_hooks")) {
    const given = tuple(args.positional.map((arg) => arg.value));
    const values = takesKwargs(self, "_forward_hooks", key)
      ? [self, given, keywordDict(args), now]
      : [self, given, now];
    const result = callValue(interp, hook, { positional: positional(values), keywords: [] });
    if (result.kind !== "none") now = result.kind === "unknown" ? unknown(result.why) : result;
  }
  return now;
}
