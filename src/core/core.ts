import type { Span } from "../text/span.ts";

/**
 * The small language that the evaluator runs. Source languages are lowered to it; it has no syntax of its own.
 * Evaluation order is left to right, as written. Every node has the span of the source text that it stands for
 * (for a lowered construct, the span of the construct), so that results can be shown there.
 * Nodes are immutable and have identity: the evaluator keys what it records by node.
 */
export type Expr =
  | NumberExpr
  | StringExpr
  | ConstantExpr
  | FormatExpr
  | NameExpr
  | AttributeExpr
  | IndexExpr
  | SliceExpr
  | CallExpr
  | ListExpr
  | RecordExpr
  | FunctionExpr
  | UnaryExpr
  | BinaryExpr
  | CompareExpr
  | LogicExpr
  | ConditionalExpr
  | BindExpr
  | YieldExpr
  | ErrorExpr;

export type Stmt =
  | ExpressionStmt
  | AssignStmt
  | FunctionStmt
  | ClassStmt
  | IfStmt
  | LoopStmt
  | IterateStmt
  | ReturnStmt
  | RaiseStmt
  | AssertStmt
  | TryStmt
  | WithStmt
  | BlockStmt
  | ImportStmt
  | JumpStmt
  | DeleteStmt
  | ErrorStmt;

interface Node {
  readonly span: Span;
}

/** An integer or a float literal; `imaginary` for `2j`. `float` tells `1.0` from `1`. */
export interface NumberExpr extends Node {
  readonly kind: "number";
  readonly value: number;
  readonly float: boolean;
  readonly imaginary?: true;
  /** An integer that `value` does not hold exactly. */
  readonly big?: bigint;
}
/** `value` is decoded text (for bytes: one char a byte). Adjacent literals are joined. */
export interface StringExpr extends Node {
  readonly kind: "string";
  readonly value: string;
  readonly bytes: boolean;
}
export interface ConstantExpr extends Node {
  readonly kind: "constant";
  readonly value: true | false | "none" | "ellipsis";
}
/** An f-string: literal text and formatted parts in order. */
export interface FormatExpr extends Node {
  readonly kind: "format";
  readonly parts: readonly (
    | string
    | { readonly value: Expr; readonly conversion: "" | "s" | "r" | "a"; readonly spec: Expr | undefined }
  )[];
}
export interface NameExpr extends Node {
  readonly kind: "name";
  readonly name: string;
}
/** `object.name`; `nameSpan` is the name alone. */
export interface AttributeExpr extends Node {
  readonly kind: "attribute";
  readonly object: Expr;
  readonly name: string;
  readonly nameSpan: Span;
}
/** `object[index]`; `a[1, 2:3]` has a tuple list as index. */
export interface IndexExpr extends Node {
  readonly kind: "index";
  readonly object: Expr;
  readonly index: Expr;
}
/** `lower:upper:step` inside an index. */
export interface SliceExpr extends Node {
  readonly kind: "slice";
  readonly lower: Expr | undefined;
  readonly upper: Expr | undefined;
  readonly step: Expr | undefined;
}
export interface Argument extends Node {
  readonly value: Expr;
  /** `name=value`; undefined for positional and starred arguments. */
  readonly keyword?: string;
  /** 1 for `*value`, 2 for `**value`. */
  readonly star?: 1 | 2;
}
export interface CallExpr extends Node {
  readonly kind: "call";
  readonly callee: Expr;
  readonly args: readonly Argument[];
}
export interface ListExpr extends Node {
  readonly kind: "list";
  readonly type: "list" | "tuple" | "set";
  readonly items: readonly { readonly value: Expr; readonly star: boolean }[];
}
/** A dict display; an entry without a key is `**value`. */
export interface RecordExpr extends Node {
  readonly kind: "record";
  readonly entries: readonly { readonly key: Expr | undefined; readonly value: Expr }[];
}
export interface Parameter extends Node {
  readonly name: string;
  readonly kind: "positional-only" | "normal" | "keyword-only" | "star" | "double-star";
  readonly fallback: Expr | undefined;
  readonly annotation: Expr | undefined;
}
/**
 * A lambda, a `def`'s value, or the hidden function of a comprehension (name `<listcomp>`, `<genexpr>`, …: its one
 * parameter `.0` takes the outermost iterable, already evaluated by the caller).
 */
export interface FunctionExpr extends Node {
  readonly kind: "function";
  readonly name: string;
  readonly params: readonly Parameter[];
  readonly body: readonly Stmt[];
  readonly returns: Expr | undefined;
  /** Contains `yield` of its own. */
  readonly generator: boolean;
  readonly async: boolean;
  readonly scope: ScopeInfo;
  /** The docstring, if any. */
  readonly doc?: string;
}
/** Static facts of a function body's names, as Python's compiler decides them. */
export interface ScopeInfo {
  /** Assigned here (parameters included), so local: reading one before its assignment is an UnboundLocalError. */
  readonly locals: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  readonly nonlocals: ReadonlySet<string>;
}
export interface UnaryExpr extends Node {
  readonly kind: "unary";
  readonly op: "not" | "-" | "+" | "~";
  readonly operand: Expr;
}
export type BinaryOp = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "@" | "&" | "|" | "^" | "<<" | ">>";
/** `inPlace` for the operator of an augmented assignment (`__iadd__` before `__add__`). */
export interface BinaryExpr extends Node {
  readonly kind: "binary";
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  readonly inPlace?: true;
  readonly opSpan: Span;
}
export type CompareOp = "==" | "!=" | "<" | "<=" | ">" | ">=" | "is" | "is not" | "in" | "not in";
/** One comparison; `a < b < c` is lowered to a logic `and` whose middle operand is bound to a hidden name. */
export interface CompareExpr extends Node {
  readonly kind: "compare";
  readonly op: CompareOp;
  readonly left: Expr;
  readonly right: Expr;
}
export interface LogicExpr extends Node {
  readonly kind: "logic";
  readonly op: "and" | "or";
  readonly left: Expr;
  readonly right: Expr;
}
export interface ConditionalExpr extends Node {
  readonly kind: "conditional";
  readonly test: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}
/** `name := value`, and hidden temporaries of lowered constructs, whose names start with `.`. */
export interface BindExpr extends Node {
  readonly kind: "bind";
  readonly name: string;
  readonly value: Expr;
}
export interface YieldExpr extends Node {
  readonly kind: "yield";
  readonly value: Expr | undefined;
  readonly from: boolean;
  readonly await?: true;
}
/** Text that is no valid expression. Evaluates to unknown. */
export interface ErrorExpr extends Node {
  readonly kind: "error";
  readonly message: string;
  readonly parts: readonly Expr[];
}

/** What an assignment writes to. */
export type Target =
  | NameExpr
  | AttributeExpr
  | IndexExpr
  | {
      readonly kind: "unpack";
      readonly span: Span;
      readonly items: readonly { readonly target: Target; readonly star: boolean }[];
    }
  | ErrorExpr;

export interface ExpressionStmt extends Node {
  readonly kind: "expression";
  readonly value: Expr;
}
/**
 * `target = value`. A chained assignment binds a hidden name first. An augmented one has a binary `inPlace` value
 * (`augmented`: the source is `target op= …`) and evaluates the target's own object and index once, through hidden names.
 * `value` is undefined for a bare annotation (`x: int`).
 */
export interface AssignStmt extends Node {
  readonly kind: "assign";
  readonly target: Target;
  readonly value: Expr | undefined;
  readonly annotation: Expr | undefined;
  readonly augmented?: true;
}
/** `def` with its decorators, outermost first: binds `value.name`. `nameSpan` is the name alone. */
export interface FunctionStmt extends Node {
  readonly kind: "def";
  readonly decorators: readonly Expr[];
  readonly value: FunctionExpr;
  readonly nameSpan: Span;
}
export interface ClassStmt extends Node {
  readonly kind: "class";
  readonly name: string;
  readonly nameSpan: Span;
  readonly decorators: readonly Expr[];
  /** Bases and keywords, as call arguments. */
  readonly bases: readonly Argument[];
  readonly body: readonly Stmt[];
  readonly scope: ScopeInfo;
  readonly doc?: string;
}
export interface IfStmt extends Node {
  readonly kind: "if";
  readonly test: Expr;
  readonly then: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
}
/** `while`, with its `else`. */
export interface LoopStmt extends Node {
  readonly kind: "loop";
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
}
/** `for target in iterable`, with its `else`. */
export interface IterateStmt extends Node {
  readonly kind: "iterate";
  readonly target: Target;
  readonly iterable: Expr;
  readonly body: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
  readonly async?: true;
}
export interface ReturnStmt extends Node {
  readonly kind: "return";
  readonly value: Expr | undefined;
}
export interface RaiseStmt extends Node {
  readonly kind: "raise";
  readonly value: Expr | undefined;
  readonly cause: Expr | undefined;
}
export interface AssertStmt extends Node {
  readonly kind: "assert";
  readonly test: Expr;
  readonly message: Expr | undefined;
}
export interface TryStmt extends Node {
  readonly kind: "try";
  readonly body: readonly Stmt[];
  readonly handlers: readonly {
    readonly span: Span;
    readonly type: Expr | undefined;
    readonly name: string | undefined;
    readonly body: readonly Stmt[];
  }[];
  readonly otherwise: readonly Stmt[];
  readonly final: readonly Stmt[];
  /** Its handlers are `except*`. */
  readonly star?: true;
}
export interface WithStmt extends Node {
  readonly kind: "with";
  readonly items: readonly { readonly span: Span; readonly manager: Expr; readonly target: Target | undefined }[];
  readonly body: readonly Stmt[];
  readonly async?: true;
}
export interface BlockStmt extends Node {
  readonly kind: "block";
  readonly body: readonly Stmt[];
}
/**
 * `import a.b as c` (names empty, `alias` c; without alias binds `a`), or `from ..a import b as c, d` (`level` dots).
 * `star` for `from a import *`.
 */
export interface ImportStmt extends Node {
  readonly kind: "import";
  readonly module: string;
  readonly level: number;
  readonly alias: string | undefined;
  readonly from: boolean;
  readonly names: readonly { readonly span: Span; readonly name: string; readonly alias: string | undefined }[];
  readonly star: boolean;
}
export interface JumpStmt extends Node {
  readonly kind: "jump";
  readonly to: "break" | "continue";
}
export interface DeleteStmt extends Node {
  readonly kind: "delete";
  readonly targets: readonly Target[];
}
/** A statement that is no valid syntax. Evaluates to nothing; what it might have bound becomes unknown. */
export interface ErrorStmt extends Node {
  readonly kind: "error";
  readonly message: string;
  readonly parts: readonly Stmt[];
  readonly binds: readonly string[];
}

/** A comment, text without `#` and surrounding blanks. */
export interface Comment extends Node {
  readonly text: string;
}

/** One parsed file. */
export interface Module {
  readonly body: readonly Stmt[];
  readonly comments: readonly Comment[];
  /** Names assigned at the top level, in order of first assignment. */
  readonly names: readonly string[];
  readonly syntaxErrors: readonly { readonly span: Span; readonly message: string }[];
}
