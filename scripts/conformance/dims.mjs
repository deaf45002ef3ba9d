// The contracts' dims and shapes: `"(H + 3) // 4"`, evaluated at concrete sizes. Written for the check alone, so that it
// shares no mistake with the program's own algebra.

/** Value of a dim or another exact expression. @param {number | string} dim @param {Record<string, number>} at */
export function evaluate(dim, at) {
  if (typeof dim === "number") return dim;
  const tokens = dim.match(/\d+|[A-Za-z_]\w*|\/\/|[-+*%(),]/g) ?? [];
  if (tokens.join("") !== dim.replaceAll(" ", "")) throw new SyntaxError(`not a dim: ${dim}`);
  let next = 0;
  const take = (token) => tokens[next] === token && ++next;
  const expect = (token) => take(token) || fail(dim);

  const sum = () => {
    let value = product();
    for (;;) {
      if (take("+")) value += product();
      else if (take("-")) value -= product();
      else return value;
    }
  };
  const product = () => {
    let value = unary();
    for (;;) {
      if (take("*")) value *= unary();
      else if (take("//")) value = floorDivide(value, unary());
      else if (take("%")) {
        const divisor = unary();
        value -= floorDivide(value, divisor) * divisor;
      } else return value;
    }
  };
  const unary = () => (take("-") ? -unary() : atom());
  const atom = () => {
    if (take("(")) {
      const value = sum();
      expect(")");
      return value;
    }
    const token = tokens[next++] ?? fail(dim);
    if (/^\d/.test(token)) return BigInt(token);
    if (token === "max" || token === "min") {
      expect("(");
      const values = [sum()];
      while (take(",")) values.push(sum());
      expect(")");
      return values.reduce((a, b) => ((token === "max") === a < b ? b : a));
    }
    return Object.hasOwn(at, token) ? BigInt(at[token]) : fail(dim);
  };

  const value = sum();
  return next === tokens.length ? Number(value) : fail(dim);
}

/** A SHAPE with its dims evaluated; `"?"` stays. */
export function evaluateShape(shape, at) {
  return mapDims(shape, (dim) => (dim === "?" ? dim : evaluate(dim, at)));
}

/** A SHAPE with each dim replaced. */
function mapDims(shape, change) {
  if (shape === null || shape === "?") return shape;
  if (Array.isArray(shape)) return shape.map(change);
  if ("seq" in shape) return { seq: shape.seq.map((item) => mapDims(item, change)) };
  const entries = Object.entries(shape.dict).map(([key, item]) => [key, mapDims(item, change)]);
  return { dict: Object.fromEntries(entries) };
}

function floorDivide(a, b) {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function fail(dim) {
  throw new SyntaxError(`not a dim: ${dim}`);
}
