/** Numbers in [0, 1) from a seed, the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

const TOKEN = /[^\W\d]\w*|\d+(?:\.\d+)?|"[^"\n]*"|'[^'\n]*'|[^\s\w]/g;
const WORDS = ["self", "x", "nn", "None", "out", "planes", "stride", "3", "0", "(", ")", ",", "+", "=", ":", "[", '"'];
const LINES = [
  "import torch.nn as nn",
  "from .resnet import *",
  "    pass",
  "    return x",
  "        x = self.relu(x)",
  "x = 1",
  "def extra(x):",
  "class Extra(nn.Module):",
  "# a comment",
  "",
  "'''",
  "        self.extra = nn.Conv2d(3, 64, 3)",
];

/** A text after one random edit, such as typing, pasting and refactoring make. */
export function edited(random: () => number, text: string): string {
  const tokens = [...text.matchAll(TOKEN)];
  const lines = text.split("\n");
  const line = Math.floor(random() * lines.length);
  const at = (index: number): string => lines[index] ?? "";
  const kind = Math.floor(random() * 12);
  if (tokens.length === 0) return `${text}\n${pick(random, LINES)}\n`;
  const token = pick(random, tokens);
  const end = token.index + token[0].length;
  switch (kind) {
    case 0: // a token less
      return text.slice(0, token.index) + text.slice(end);
    case 1: // a token more
      return `${text.slice(0, end)} ${pick(random, WORDS)}${text.slice(end)}`;
    case 2: // another token
      return text.slice(0, token.index) + pick(random, tokens)[0] + text.slice(end);
    case 3: {
      // another number
      const numbers = tokens.filter(([word]) => /^\d/.test(word));
      if (numbers.length === 0) return text;
      const number = pick(random, numbers);
      const value = pick(random, ["0", "1", "2", "3", "7", "16", "64", "100", "512"]);
      return text.slice(0, number.index) + value + text.slice(number.index + number[0].length);
    }
    case 4: // one occurrence of a name
      return /^[^\W\d]/.test(token[0]) ? `${text.slice(0, end)}_${text.slice(end)}` : text;
    case 5: // a name everywhere
      return /^[^\W\d]/.test(token[0]) ? text.replace(new RegExp(`\\b${token[0]}\\b`, "g"), `${token[0]}2`) : text;
    case 6: // a line less
      return lines.toSpliced(line, 1).join("\n");
    case 7: // a line twice
      return lines.toSpliced(line, 0, at(line)).join("\n");
    case 8: {
      // a line moved
      const rest = lines.toSpliced(line, 1);
      return rest.toSpliced(Math.floor(random() * rest.length), 0, at(line)).join("\n");
    }
    case 9: // a line of another kind
      return lines.toSpliced(line, 0, pick(random, LINES)).join("\n");
    case 10: // a line deeper or less deep
      return lines.with(line, random() < 0.5 ? `    ${at(line)}` : at(line).replace(/^ {1,4}/, "")).join("\n");
    default: {
      // some lines moved together
      const length = 1 + Math.floor(random() * 8);
      const moved = lines.slice(line, line + length);
      const rest = lines.toSpliced(line, length);
      return rest.toSpliced(Math.floor(random() * rest.length), 0, ...moved).join("\n");
    }
  }
}
