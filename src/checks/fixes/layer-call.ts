import type { Argument, CallExpr, Expr, FunctionExpr, FunctionStmt, Module } from "../../core/core.ts";
import { callsIn } from "../code.ts";
import type { Context } from "../context.ts";
import { argumentFor, namesIn } from "./level.ts";

/** A call that makes a layer, of the library's class or of a helper of the file that returns one. */
export interface LayerCall {
  readonly call: CallExpr;
  /** The library's class, `Conv2d`. */
  readonly type: string;
  /** What the call passes for an argument of the layer; undefined where it falls back or is fixed in the helper. */
  readonly argument: (parameter: string) => Argument | undefined;
  /** The name under which the call takes an argument of the layer. */
  readonly nameOf: (parameter: string) => string | undefined;
  readonly helper: boolean;
}

/** What layer a call makes, as far as syntax tells. */
export function layerCall(context: Context, module: Module, call: CallExpr): LayerCall | undefined {
  const name = lastName(call.callee);
  if (name === undefined) return undefined;
  const own = context.input.parameters?.(name);
  if (own !== undefined)
    return {
      call,
      type: name,
      helper: false,
      argument: (parameter) => argumentFor(call, own, parameter),
      nameOf: (parameter) => (own.includes(parameter) ? parameter : undefined),
    };
  const helper = call.callee.kind === "name" ? helperNamed(module, name) : undefined;
  const made = helper === undefined ? undefined : returned(helper);
  const inner = made === undefined ? undefined : context.input.parameters?.(lastName(made.callee) ?? "");
  if (helper === undefined || made === undefined || inner === undefined) return undefined;
  const params = helper.value.params.map((param) => param.name);
  const nameOf = (parameter: string): string | undefined => {
    const passed = argumentFor(made, inner, parameter);
    const names = passed === undefined ? [] : namesIn(passed.value);
    return params.find((param) => names.includes(param));
  };
  return {
    call,
    type: lastName(made.callee) ?? "",
    helper: true,
    argument: (parameter) => {
      const outer = nameOf(parameter);
      return outer === undefined ? undefined : argumentFor(call, params, outer);
    },
    nameOf,
  };
}

/** Helpers of the file that make a layer of a type with a kernel of one, by name; `conv1x1(in, out, stride)`. */
export function pointwiseHelper(context: Context, module: Module, type: string): string | undefined {
  const found = module.body.find((stmt): stmt is FunctionStmt => {
    const made = stmt.kind === "def" ? returned(stmt) : undefined;
    if (made === undefined || lastName(made.callee) !== type) return false;
    const names = context.input.parameters?.(type) ?? [];
    const [kernel, stride] = [argumentFor(made, names, "kernel_size"), argumentFor(made, names, "stride")];
    return kernel?.value.kind === "number" && kernel.value.value === 1 && stride?.value.kind === "name";
  });
  return found?.value.name;
}

export function lastName(callee: Expr): string | undefined {
  return callee.kind === "attribute" ? callee.name : callee.kind === "name" ? callee.name : undefined;
}

function helperNamed(module: Module, name: string): FunctionStmt | undefined {
  return module.body.find((stmt): stmt is FunctionStmt => stmt.kind === "def" && stmt.value.name === name);
}

function returned(helper: FunctionStmt): CallExpr | undefined {
  const last = helper.value.body.at(-1);
  if (last?.kind !== "return") return undefined;
  return callsIn([last])[0];
}

/** The parameters of what is called, as far as the file or the library tells. */
export function parametersOf(context: Context, module: Module, call: CallExpr): readonly string[] | undefined {
  const name = lastName(call.callee);
  if (name === undefined) return undefined;
  const known = context.input.parameters?.(name);
  if (known !== undefined) return known;
  const found = functionNamed(module, name);
  return found?.params.map((param) => param.name).filter((one, i) => 0 < i || (one !== "self" && one !== "cls"));
}

function functionNamed(module: Module, name: string): FunctionExpr | undefined {
  for (const stmt of module.body) {
    if (stmt.kind === "def" && stmt.value.name === name) return stmt.value;
    if (stmt.kind !== "class") continue;
    const method = stmt.name === name ? "__init__" : name;
    const found = stmt.body.find((one) => one.kind === "def" && one.value.name === method);
    if (found?.kind === "def") return found.value;
  }
  return undefined;
}
