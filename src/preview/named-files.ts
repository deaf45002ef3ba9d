/** Files offered at most: a factory's module names the checkpoints of its whole family. */
const MOST = 4;

/** Those of the files that one of the texts names, whole and not as the end of another name. */
export function namedIn<T extends { readonly name: string }>(
  files: readonly T[],
  texts: readonly string[],
): readonly T[] {
  return files.filter(({ name }) => texts.some((text) => names(text, name))).slice(0, MOST);
}

function names(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const around = [text[at - 1] ?? "", text[at + name.length] ?? ""];
    if (around.every((char) => !/[\w.-]/.test(char))) return true;
  }
  return false;
}
