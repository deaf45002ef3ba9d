import { itemsOf } from "../../eval/evaluate.ts";
import { fail, type Interp, isWhy } from "../../eval/interp.ts";
import { type ListValue, NONE, str, unknown, type Value } from "../../eval/value.ts";
import { t } from "../../text/text.ts";
import { toFloat } from "../arithmetic.ts";
import { reprOf } from "../format.ts";
import { native, nativeClass } from "../native.ts";
import { listClass } from "../types.ts";

function heldBy(value: Value): ListValue | undefined {
  return value.kind === "instance" && value.payload?.kind === "list" ? value.payload : undefined;
}

/** A change of the items; `maxlen` drops those at the other end. */
function change(
  name: string,
  signature: string,
  make: (interp: Interp, items: readonly Value[], value: Value) => readonly Value[] | undefined,
  keep: "left" | "right",
): readonly [string, Value] {
  return [
    name,
    native(name, signature, (interp, get) => {
      const self = get("self");
      const list = heldBy(self);
      if (self.kind !== "instance" || list === undefined || list.why !== undefined) return NONE;
      const made = make(interp, list.items, get("x"));
      if (made === undefined) {
        interp.journal.assign(list, "why", { reason: t("items of a deque that are not known") });
        return NONE;
      }
      const most = toFloat(self.attrs.get("maxlen") ?? NONE) ?? made.length;
      const items = keep === "left" ? made.slice(0, most) : made.slice(Math.max(0, made.length - most));
      interp.journal.assign(list, "items", [...items]);
      return NONE;
    }),
  ];
}

function itemsIn(interp: Interp, value: Value): readonly Value[] | undefined {
  const items = itemsOf(interp, value);
  return isWhy(items) ? undefined : items;
}

/** `collections.deque`: a list that also grows and shrinks at its start. */
export const dequeClass = nativeClass(
  "deque",
  "collections",
  [listClass],
  [
    change("append", "self, x, /", (_interp, items, x) => [...items, x], "right"),
    change("appendleft", "self, x, /", (_interp, items, x) => [x, ...items], "left"),
    change(
      "extend",
      "self, x, /",
      (interp, items, x) => {
        const more = itemsIn(interp, x);
        return more === undefined ? undefined : [...items, ...more];
      },
      "right",
    ),
    change("extendleft", "self, x, /", (interp, items, x) => itemsIn(interp, x)?.toReversed().concat(items), "left"),
    change(
      "rotate",
      "self, x=1, /",
      (_interp, items, x) => {
        const n = toFloat(x);
        if (n === undefined) return undefined;
        const by = items.length === 0 ? 0 : ((n % items.length) + items.length) % items.length;
        return [...items.slice(items.length - by), ...items.slice(0, items.length - by)];
      },
      "right",
    ),
    [
      "__repr__",
      native("__repr__", "self", (interp, get) => {
        const self = get("self");
        const list = heldBy(self);
        const items = list === undefined ? undefined : reprOf(interp, list);
        const most = self.kind === "instance" ? toFloat(self.attrs.get("maxlen") ?? NONE) : undefined;
        return items === undefined
          ? unknown({ reason: t("text of an unknown value") })
          : str(`deque(${items}${most === undefined ? "" : `, maxlen=${most}`})`);
      }),
    ],
    [
      "popleft",
      native("popleft", "self", (interp, get) => {
        const list = heldBy(get("self"));
        if (list === undefined) return NONE;
        if (list.why !== undefined) return unknown(list.why);
        const [first, ...rest] = list.items;
        if (first === undefined) return fail(interp, "IndexError", "pop from an empty deque");
        interp.journal.assign(list, "items", rest);
        return first;
      }),
    ],
  ],
  (interp, cls, args) => {
    const given = new Map(args.keywords);
    const source = args.positional[0] ?? given.get("iterable");
    const most = args.positional[1]?.value ?? given.get("maxlen")?.value ?? NONE;
    const items = source === undefined ? [] : itemsOf(interp, source.value);
    const limit = toFloat(most);
    const payload: ListValue = isWhy(items)
      ? { kind: "list", items: [], why: items }
      : { kind: "list", items: limit === undefined ? [...items] : items.slice(Math.max(0, items.length - limit)) };
    return {
      kind: "instance",
      cls,
      attrs: new Map([["maxlen", most]]),
      serial: interp.serial++,
      place: undefined,
      payload,
    };
  },
);
