import type { Argument, Expr, FunctionExpr, Module, Parameter, ScopeInfo, Stmt, Target } from "../../src/core/core.ts";
import type { Span } from "../../src/text/span.ts";

/** The canonical list of a lowered module: unique, in no particular order. */
export function canonical(module: Module, text: string): readonly string[] {
  const entries = new Set<string>();
  let inFormat = 0;
  statements(module.body);
  for (const { span, text } of module.comments) add("comment", span, text);
  add("module", NOWHERE, [...module.names].sort());
  return [...entries];

  function add(kind: string, { start, end }: Span, ...key: readonly unknown[]): void {
    entries.add(JSON.stringify(0 < inFormat ? [kind, 0, 0, ...key] : [kind, start, end, ...key]));
  }

  function scope(name: string, { locals, globals, nonlocals }: ScopeInfo): void {
    const visible = (names: ReadonlySet<string>): readonly string[] =>
      [...names].filter((item) => !item.startsWith(".")).sort();
    entries.add(JSON.stringify(["scope", 0, 0, name, visible(locals), visible(globals), visible(nonlocals)]));
  }

  function statements(body: readonly Stmt[]): void {
    let chain: Span | undefined;
    for (const statement of body) {
      const { span } = statement;
      if (statement.kind === "assign" && chain !== undefined && sameSpan(chain, span)) {
        target(statement.target);
        continue;
      }
      chain = undefined;
      if (statement.kind === "assign" && hidden(statement.target) && statement.value !== undefined) {
        chain = span;
        const targets = body.filter((other) => other.kind === "assign" && sameSpan(other.span, span)).length - 1;
        add("assign", span, targets);
        expr(statement.value);
      } else {
        stmt(statement);
      }
    }
  }

  function stmt(node: Stmt): void {
    const { span } = node;
    switch (node.kind) {
      case "expression":
        add("expression", span);
        expr(node.value);
        return;
      case "assign":
        if (node.augmented === true && node.value?.kind === "binary") {
          add("augmented", span, node.value.op);
          expr(node.value.left);
          expr(node.value.right);
        } else {
          if (node.annotation === undefined) add("assign", span, 1);
          else add("annotated", span, node.value !== undefined);
          optional(node.value);
        }
        optional(node.annotation);
        target(node.target);
        return;
      case "def": {
        const { name, params, body, returns, async, doc, generator } = node.value;
        const { decorators } = node;
        add(
          "def",
          span,
          name,
          parameters(params),
          decorators.length,
          returns !== undefined,
          async,
          doc ?? null,
          generator,
        );
        scope(name, node.value.scope);
        decorators.forEach(expr);
        optional(returns);
        statements(body);
        return;
      }
      case "class":
        add("class", span, node.name, node.decorators.length, node.bases.length, node.doc ?? null);
        scope(node.name, node.scope);
        node.decorators.forEach(expr);
        args(node.bases);
        statements(node.body);
        return;
      case "if":
        add("if", span, 0 < node.otherwise.length);
        expr(node.test);
        statements(node.then);
        statements(node.otherwise);
        return;
      case "loop":
        add("loop", span, 0 < node.otherwise.length);
        expr(node.test);
        statements(node.body);
        statements(node.otherwise);
        return;
      case "iterate":
        add("iterate", span, 0 < node.otherwise.length, node.async === true);
        target(node.target);
        expr(node.iterable);
        statements(node.body);
        statements(node.otherwise);
        return;
      case "return":
        add("return", span, node.value !== undefined);
        optional(node.value);
        return;
      case "raise":
        add("raise", span, node.value !== undefined, node.cause !== undefined);
        optional(node.value);
        optional(node.cause);
        return;
      case "assert":
        add("assert", span, node.message !== undefined);
        expr(node.test);
        optional(node.message);
        return;
      case "try":
        add("try", span, node.handlers.length, 0 < node.otherwise.length, 0 < node.final.length);
        statements(node.body);
        for (const handler of node.handlers) {
          add("handler", handler.span, handler.type !== undefined, handler.name ?? null);
          optional(handler.type);
          statements(handler.body);
        }
        statements(node.otherwise);
        statements(node.final);
        return;
      case "with":
        add(
          "with",
          span,
          node.items.map((item) => item.target !== undefined),
          node.async === true,
        );
        for (const item of node.items) {
          expr(item.manager);
          if (item.target !== undefined) target(item.target);
        }
        statements(node.body);
        return;
      case "block":
        if (node.body.length === 0) {
          add("block", span);
          return;
        }
        match(node.body);
        return;
      case "import":
        if (!node.from) {
          add("import", span, node.module, node.alias ?? null);
          return;
        }
        add("from", span, node.module, node.level, node.star);
        for (const item of node.names) add("alias", item.span, item.name, item.alias ?? null);
        return;
      case "jump":
        add("jump", span, node.to);
        return;
      case "delete":
        add("delete", span, node.targets.length);
        node.targets.forEach(target);
        return;
      case "error":
        add("error", span, node.message);
        return;
    }
  }

  /** A lowered `match`: its subject and the bodies of its cases. */
  function match(body: readonly Stmt[]): void {
    const [assign, ...cases] = body.filter((item) => item.kind !== "import");
    if (assign?.kind === "assign") optional(assign.value);
    branch(cases);

    function branch(rest: readonly Stmt[]): void {
      const [first] = rest;
      if (rest.length === 1 && first?.kind === "if" && text.startsWith("case", first.span.start)) {
        statements(first.then);
        branch(first.otherwise);
      } else {
        statements(rest);
      }
    }
  }

  function target(node: Target): void {
    if (node.kind !== "unpack") {
      expr(node);
      return;
    }
    add(
      "unpack",
      node.span,
      node.items.map((item) => item.star),
    );
    for (const item of node.items) target(item.target);
  }

  function optional(node: Expr | undefined): void {
    if (node !== undefined) expr(node);
  }

  function expr(node: Expr): void {
    const { span } = node;
    switch (node.kind) {
      case "name":
        if (!node.name.startsWith(".")) add("name", span, node.name);
        return;
      case "attribute":
        add("attribute", span, node.name);
        expr(node.object);
        return;
      case "call":
        if (node.callee.kind === "function" && /^<.*(comp|expr)>$/.test(node.callee.name)) {
          comprehension(node.callee, node.args[0]?.value, span);
          return;
        }
        add("call", span, node.args.length);
        expr(node.callee);
        args(node.args);
        return;
      case "number": {
        const { value, float, imaginary } = node;
        const printed = Number.isInteger(value) && value < 2 ** 53 ? value : hexOf(value);
        add("number", span, printed, imaginary === true ? "j" : float ? "float" : "int");
        return;
      }
      case "string":
        add(node.bytes ? "bytes" : "string", span, node.value);
        return;
      case "constant":
        add("constant", span, node.value);
        return;
      case "format":
        add("format", span, formatParts(node));
        inFormat++;
        formatFields(node);
        inFormat--;
        return;
      case "index":
        add("index", span);
        expr(node.object);
        expr(node.index);
        return;
      case "slice":
        add("slice", span, node.lower !== undefined, node.upper !== undefined, node.step !== undefined);
        optional(node.lower);
        optional(node.upper);
        optional(node.step);
        return;
      case "list":
        add(
          node.type,
          span,
          node.items.map((item) => item.star),
        );
        for (const item of node.items) expr(item.value);
        return;
      case "record":
        add(
          "record",
          span,
          node.entries.map((entry) => entry.key !== undefined),
        );
        for (const entry of node.entries) {
          optional(entry.key);
          expr(entry.value);
        }
        return;
      case "function":
        add("lambda", span, parameters(node.params));
        scope(node.name, node.scope);
        for (const statement of node.body) if (statement.kind === "return") optional(statement.value);
        return;
      case "unary":
        add("unary", span, node.op);
        expr(node.operand);
        return;
      case "binary":
        add("binary", span, node.op);
        expr(node.left);
        expr(node.right);
        return;
      case "compare":
        comparison(node);
        return;
      case "logic":
        if (node.op === "and" && isLink(node.right)) {
          comparison(node);
          return;
        }
        add("logic", span, node.op);
        logicOperands(node.left, node.right, node.op, span.start);
        return;
      case "conditional":
        add("conditional", span);
        expr(node.test);
        expr(node.then);
        expr(node.otherwise);
        return;
      case "bind":
        if (!node.name.startsWith(".")) add("bind", span, node.name);
        expr(node.value);
        return;
      case "yield":
        // An async comprehension's call is awaited where it stands.
        if (node.await === true && node.value?.kind === "call" && sameSpan(node.value.span, span)) {
          expr(node.value);
          return;
        }
        add("yield", span, node.await === true ? "await" : node.from ? "from" : "yield");
        optional(node.value);
        return;
      case "error":
        add("error", span, node.message);
        return;
    }
  }

  /** `a and b and c` is one node in the ast: a left operand of the same operator without parentheses is part of it. */
  function logicOperands(left: Expr, right: Expr, op: string, start: number): void {
    const joined = left.kind === "logic" && left.op === op && left.span.start === start && !isLink(left.right);
    if (joined) logicOperands(left.left, left.right, op, start);
    else expr(left);
    expr(right);
  }

  function comparison(node: Expr): void {
    const ops: string[] = [];
    const operands: Expr[] = [];
    let rest = node;
    while (rest.kind === "logic" && isLink(rest.right)) {
      ops.unshift(rest.right.op);
      operands.push(rest.right.right);
      rest = rest.left;
    }
    if (rest.kind === "compare") {
      ops.unshift(rest.op);
      operands.push(rest.left, rest.right);
    }
    add("compare", node.span, ops);
    operands.forEach(expr);
  }

  function args(list: readonly Argument[]): void {
    for (const { span, value, keyword, star } of list) {
      if (keyword !== undefined) add("keyword", span, keyword);
      if (star !== undefined) add("star", span, star === 1 ? "*" : "**");
      expr(value);
    }
  }

  function parameters(params: readonly Parameter[]): readonly unknown[] {
    for (const { fallback, annotation } of params) {
      optional(fallback);
      optional(annotation);
    }
    return params.map(({ kind, name, fallback, annotation }) => [
      kind,
      name,
      fallback !== undefined,
      annotation !== undefined,
    ]);
  }

  function comprehension(hiddenFunction: FunctionExpr, iterable: Expr | undefined, span: Span): void {
    add("comprehension", span, hiddenFunction.name);
    scope(hiddenFunction.name, hiddenFunction.scope);
    optional(iterable);
    clauses(hiddenFunction.body);
  }

  function clauses(body: readonly Stmt[]): void {
    for (const node of body) {
      if (node.kind === "iterate") {
        target(node.target);
        expr(node.iterable);
        clauses(node.body);
      } else if (node.kind === "if") {
        expr(node.test);
        clauses(node.then);
      } else if (node.kind === "expression" && node.value.kind === "yield") {
        optional(node.value.value);
      } else if (node.kind === "expression" && node.value.kind === "call") {
        for (const { value } of node.value.args) expr(value);
      } else if (node.kind === "assign" && !(node.target.kind === "name" && node.target.name === ".acc")) {
        optional(node.value);
      }
    }
  }

  function formatFields(node: Expr): void {
    if (node.kind !== "format") return;
    for (const part of node.parts) {
      if (typeof part === "string") continue;
      expr(part.value);
      if (part.spec !== undefined) formatFields(part.spec);
    }
  }
}

function formatParts(node: Expr): readonly unknown[] {
  if (node.kind === "string") return node.value === "" ? [] : [node.value];
  if (node.kind !== "format") return [];
  return node.parts.map((part) =>
    typeof part === "string" ? part : [part.conversion, part.spec === undefined ? null : formatParts(part.spec)],
  );
}

const NOWHERE: Span = { start: 0, end: 0 };

function sameSpan(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}

function hidden(node: Target): boolean {
  return node.kind === "name" && node.name.startsWith(".");
}

function isLink(node: Expr): node is Extract<Expr, { readonly kind: "compare" }> {
  return node.kind === "compare" && node.left.kind === "name" && node.left.name.startsWith(".");
}

/** The bytes of a double in hexadecimal, most significant first. */
function hexOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}
