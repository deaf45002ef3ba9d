import type { Interp } from "../eval/interp.ts";
import type { CallArgs, Value } from "../eval/value.ts";
import { type Body, native, raw } from "./native.ts";

/** Python's builtin names, filled by the files that define them. */
export const table = new Map<string, Value>();

/** Defines a builtin function with a signature. */
export function define(name: string, signature: string, body: Body): void {
  table.set(name, native(name, signature, body, { free: true }));
}
/** Defines a builtin function that takes any arguments. */
export function defineRaw(name: string, call: (interp: Interp, args: CallArgs) => Value): void {
  table.set(name, raw(name, call, { free: true }));
}
