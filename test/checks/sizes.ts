/**
 * Whether a message about sizes says that it fails at these, read as a person does: "… fails for odd H, except for
 * H = 3, W likewise: main 57, shortcut 56 at H = 225". Throws where it does not say for which.
 */
export function failsAt(message: string, sizes: ReadonlyMap<string, number>): boolean {
  const from = message.indexOf("fails ");
  const end = /: (main )?-?\d/.exec(message.slice(from));
  const said = end === null ? message.slice(from) : message.slice(from, from + end.index);
  const clauses: string[] = [];
  for (const part of said.split(/, (?=fails |[A-Z] likewise)/)) {
    const same = /^([A-Z]) likewise$/.exec(part);
    clauses.push(same === null ? part : (clauses[0] ?? "").replace(/\bH\b/g, same[1] ?? ""));
  }
  return clauses.some((clause) => clauseHolds(clause, sizes));
}

function clauseHolds(clause: string, sizes: ReadonlyMap<string, number>): boolean {
  const [main = "", except] = clause.split(", except for ");
  if (except !== undefined && isListed(except, sizes)) return false;
  const [base = "", ...also] = main.replace(/^fails /, "").split(/ and (?=for )/);
  return [base, ...also].some((part) => conditionHolds(part, sizes));
}

function conditionHolds(text: string, sizes: ReadonlyMap<string, number>): boolean {
  const exceptions = /^except for (.*)$/.exec(text);
  if (exceptions !== null) return !isListed(exceptions[1] ?? "", sizes);
  const residues = /^(where|unless) ([A-Z]) % (\d+) is (.*)$/.exec(text);
  if (residues !== null) {
    const [, word, symbol = "", by, list = ""] = residues;
    return inList((sizes.get(symbol) ?? 0) % Number(by), list) === (word === "where");
  }
  const equation = /^unless (.*?) = (.*?)(?: or (.*) = 1| or (one) is 1)?$/.exec(text);
  if (equation !== null) {
    const [left, right, one] = [equation[1], equation[2], equation[3] ?? "0"].map((side) => sizeOf(side ?? "0", sizes));
    return left !== right && one !== 1 && !(equation[4] !== undefined && (left === 1 || right === 1));
  }
  if (/^for [A-Z] = /.test(text)) return isListed(text.slice(4), sizes);
  const plain =
    /^for (?:(odd|even|every) )?([A-Z](?: or [A-Z])*)(?: (below|above|divisible by|not divisible by) (\d+))?$/.exec(
      text,
    );
  if (plain === null) throw new Error(`not understood: ${text}`);
  const [, kind, symbols = "", relation, digits] = plain;
  return symbols.split(" or ").some((symbol) => {
    const size = sizes.get(symbol) ?? 0;
    const n = Number(digits);
    if (kind !== undefined) return kind === "every" || (size % 2 === 1) === (kind === "odd");
    if (relation === "below") return size < n;
    if (relation === "above") return n < size;
    return (size % n === 0) === (relation === "divisible by");
  });
}

/** `H = 1, 3, 57–88`. */
function isListed(text: string, sizes: ReadonlyMap<string, number>): boolean {
  const [symbol = "", list = ""] = text.split(" = ");
  return inList(sizes.get(symbol) ?? 0, list);
}

function inList(n: number, list: string): boolean {
  return list.split(", ").some((part) => {
    const [low = "", high = low] = part.split("–");
    return Number(low) <= n && n <= Number(high);
  });
}

const CALLS: Readonly<Record<string, (...values: readonly number[]) => number>> = {
  floor: (value = 0) => Math.floor(value),
  ceil: (value = 0) => Math.ceil(value),
  min: Math.min,
  max: Math.max,
};

/** A size as it is shown: `4·ceil(H/16)·ceil((W + 1)/16)`. */
function sizeOf(text: string, sizes: ReadonlyMap<string, number>): number {
  const tokens = text.match(/floor|ceil|min|max|[A-Z]|\d+|[-+·/(),]/g) ?? [];
  let at = 0;
  const sum = (): number => {
    let value = product();
    while (tokens[at] === "+" || tokens[at] === "-") value += tokens[at++] === "+" ? product() : -product();
    return value;
  };
  const product = (): number => {
    let value = factor();
    while (tokens[at] === "·" || tokens[at] === "/") value = tokens[at++] === "·" ? value * factor() : value / factor();
    return value;
  };
  const factor = (): number => {
    const token = tokens[at++] ?? "";
    if (token === "-") return -factor();
    const size = sizes.get(token);
    if (size !== undefined) return size;
    if (/^\d/.test(token)) return Number(token);
    const call = CALLS[token];
    if (call !== undefined) at++;
    const values = [sum()];
    while (tokens[at++] === ",") values.push(sum());
    return call === undefined ? (values[0] ?? Number.NaN) : call(...values);
  };
  return sum();
}
