/**
 * What a pickle describes, as plain data. Nothing is called or looked up by name: a class or function is its dotted
 * name, a call of one is a record of the name and the arguments.
 */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickledList
  | PickledTuple
  | PickledDict
  | PickledGlobal
  | PickledRecord
  | PickledReference;

/** A list or a set. */
export interface PickledList {
  readonly kind: "list";
  readonly items: Pickled[];
}

export interface PickledTuple {
  readonly kind: "tuple";
  readonly items: readonly Pickled[];
}

export interface PickledDict {
  readonly kind: "dict";
  readonly entries: [Pickled, Pickled][];
}

/** `module.name` of a class or function. */
export interface PickledGlobal {
  readonly kind: "global";
  readonly name: string;
}

/** An object made by calling `of`: its arguments, then what was appended, set and built onto it. */
export interface PickledRecord {
  readonly kind: "record";
  readonly of: string;
  readonly args: readonly Pickled[];
  readonly items: Pickled[];
  readonly entries: [Pickled, Pickled][];
  state: Pickled | undefined;
}

/** An object that lies outside the pickle (`persistent_id`): a tensor's storage. */
export interface PickledReference {
  readonly kind: "reference";
  readonly id: Pickled;
}

/** Whether a value is of this kind; strings, numbers and bytes are of none. */
export function isKind<K extends Kinded["kind"]>(
  value: unknown,
  kind: K,
): value is Extract<Kinded, { readonly kind: K }> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === kind;
}

type Kinded = Extract<Pickled, { readonly kind: string }>;
