import type { ErrorExpr, Target } from "../../core/core.ts";
import { identifier, lowerExpression } from "./expressions.ts";
import { type ParseNode, ParseNodeType } from "./pyright.ts";
import { bind, type Scope } from "./scope.ts";
import { endWithComma, innerSpan } from "./source.ts";

/** Lowers what an assignment, a loop, a `with`, a `del` or a comprehension writes to, and records what it binds. */
export function lowerTarget(scope: Scope, node: ParseNode): Target {
  const { source } = scope;
  switch (node.nodeType) {
    case ParseNodeType.Name:
      bind(scope, identifier(scope, node));
      return { kind: "name", span: innerSpan(source, node), name: identifier(scope, node) };
    case ParseNodeType.MemberAccess:
    case ParseNodeType.Index: {
      const target = lowerExpression(scope, node);
      return target.kind === "attribute" || target.kind === "index" || target.kind === "error"
        ? target
        : { kind: "error", span: target.span, message: NO_TARGET, parts: [target] };
    }
    case ParseNodeType.List:
    case ParseNodeType.Tuple: {
      const span = innerSpan(source, node);
      const bare = node.nodeType === ParseNodeType.Tuple && !node.d.hasParens;
      const end = bare ? source.base + endWithComma(source, span.end - source.base) : span.end;
      const items = node.d.items.map((item) =>
        item.nodeType === ParseNodeType.Unpack
          ? { target: lowerTarget(scope, item.d.expr), star: true }
          : { target: lowerTarget(scope, item), star: false },
      );
      return { kind: "unpack", span: { start: span.start, end }, items };
    }
    case ParseNodeType.TypeAnnotation:
      return lowerTarget(scope, node.d.valueExpr);
    default:
      return noTarget(scope, node);
  }
}

/** What is no target, as an error that is also reported (once: an expression that is broken already has its own). */
export function noTarget(scope: Scope, node: ParseNode): ErrorExpr {
  if (node.nodeType !== ParseNodeType.Error) {
    scope.source.found.push({ start: node.start, end: node.start + node.length, message: NO_TARGET });
  }
  const parts = [lowerExpression(scope, node)];
  return { kind: "error", span: innerSpan(scope.source, node), message: NO_TARGET, parts };
}

const NO_TARGET = "this cannot be assigned to";
