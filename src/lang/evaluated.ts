import { evaluate } from "../eval/evaluate.ts";
import { topFrame, unknownHere } from "../eval/interp.ts";
import { parseExpression } from "../syntax/python/parse.ts";
import { t } from "../text/text.ts";
import { arg } from "./constructors.ts";
import { defineRaw } from "./table.ts";

/** Longer texts are no expressions that name a layer or compute an argument. */
const MAX_TEXT = 1000;

// `eval("nn.Conv2d")`: networks that are written as tables name their layers so. Only in the caller's own names.
defineRaw("eval", (interp, args) => {
  const source = arg(args, 0);
  const isPlain = args.positional.length === 1 && args.keywords.length === 0 && args.more === undefined;
  const expr =
    isPlain && source?.kind === "str" && source.value.length <= MAX_TEXT
      ? parseExpression(source.value.trim())
      : undefined;
  if (expr === undefined) return unknownHere(interp, t("{0}() is not followed", "eval"), "eval");
  const caller = topFrame(interp);
  // What it says stands in no file: a mistake in it is one of the call.
  interp.frames.push({ ...caller, module: { ...caller.module, file: undefined, own: false }, span: undefined });
  try {
    return evaluate(interp, expr, caller.scope);
  } finally {
    interp.frames.pop();
  }
});
