import { bool, type InstanceValue, NONE, str, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { native, nativeClass } from "../native.ts";
import { emptyDict, objectClass } from "../types.ts";

/**
 * `os.environ` of a user who has set nothing for the model: a variable of a library's own is absent. What every
 * process has, like PATH, is there with a text that is not known.
 */

const USUAL =
  /^(HOME|PATH|USER|USERNAME|USERPROFILE|SHELL|PWD|LANG|LC_ALL|TERM|TMP|TEMP|TMPDIR|PYTHON\w*|XDG_\w*|LD_LIBRARY_PATH|OS)$/;

const lost = (): Value => unknown({ reason: t("a variable of the environment") });
const set = (self: Value, key: Value): Value | undefined => {
  const dict = self.kind === "instance" && self.payload?.kind === "dict" ? self.payload : undefined;
  return key.kind === "str" ? dict?.entries.get(`s:${key.value}`)?.[1] : undefined;
};
const isOpen = (key: Value): boolean => key.kind !== "str" || USUAL.test(key.value);

const environClass = nativeClass(
  "_Environ",
  "os",
  [objectClass],
  [
    [
      "__contains__",
      native("__contains__", "self, key", (_interp, get) => {
        if (set(get("self"), get("key")) !== undefined) return bool(true);
        return isOpen(get("key")) ? lost() : bool(false);
      }),
    ],
    ["__getitem__", native("__getitem__", "self, key", (_interp, get) => set(get("self"), get("key")) ?? lost())],
    [
      "get",
      native("get", "self, key, default=None", (_interp, get) => {
        const known = set(get("self"), get("key"));
        return known ?? (isOpen(get("key")) ? lost() : get("default"));
      }),
    ],
    [
      "setdefault",
      native("setdefault", "self, key, default=None", (interp, get) => {
        const known = set(get("self"), get("key"));
        if (known !== undefined) return known;
        interp.lang.setItem(interp, get("self"), get("key"), get("default"));
        return get("default");
      }),
    ],
    [
      "__setitem__",
      native("__setitem__", "self, key, value", (interp, get) => {
        const [self, key] = [get("self"), get("key")];
        if (self.kind === "instance" && self.payload?.kind === "dict" && key.kind === "str")
          interp.journal.setEntry(
            self.payload,
            `s:${key.value}`,
            Object.freeze([str(key.value), get("value")] as const),
          );
        return NONE;
      }),
    ],
    ["__bool__", native("__bool__", "self", () => bool(true))],
    ...["keys", "values", "items", "copy", "pop", "update", "__iter__", "__len__"].map((name): [string, Value] => [
      name,
      native(name, "self, *args, **kwargs", lost),
    ]),
  ],
);

/** The names that `os` has for it. */
export function environment(): Readonly<Record<string, Value>> {
  const environ: InstanceValue = {
    kind: "instance",
    cls: environClass,
    attrs: new Map(),
    serial: 0,
    place: undefined,
    payload: emptyDict(),
  };
  const read = native(
    "getenv",
    "key, default=None",
    (_interp, get) => set(environ, get("key")) ?? (isOpen(get("key")) ? lost() : get("default")),
    { free: true },
  );
  return { environ, getenv: read };
}
