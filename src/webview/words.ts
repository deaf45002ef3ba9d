import { exactCount, shortCount } from "../editor/numbers.ts";
import type { ViewNode, ViewPlace, ViewShape, ViewShortcut } from "../preview/model.ts";
import { render, type Table, type Text, t } from "../text/text.ts";

/** Renders a sentence in the user's language. */
export type Say = (text: Text) => string;

export function speaker(table: Table): Say {
  return (text) => render(text, table);
}

/** The name of a node: its own, or the word for a run of layers. */
export function titleOf(node: ViewNode, say: Say): string {
  return node.title === undefined ? node.label || node.type : say(node.title);
}

/** `layer2.0, Bottleneck, output N by 512 by 28 by 28, projection shortcut, fits`. */
export function spokenOf(node: ViewNode, say: Say): string {
  const parts = [titleOf(node, say)];
  if (1 < node.count) parts.push(say(t("{0} equal blocks", node.count)));
  if (node.kind === "module" && node.type !== "") parts.push(node.type);
  if (node.detail !== "") parts.push(node.detail);
  parts.push(say(t("output {0}", spokenShape(node.output, say))));
  for (const shortcut of node.shortcuts) parts.push(...spokenShortcut(shortcut, say));
  if (node.shortcuts.length === 0 && !node.fits) parts.push(say(t("a shortcut inside does not fit")));
  return parts.join(", ");
}

function spokenShape(shape: ViewShape, say: Say): string {
  if (shape.dims === undefined) return shape.text === "?" ? say(t("unknown")) : shape.text;
  return shape.dims.join(` ${say(t("by"))} `);
}

function spokenShortcut(shortcut: ViewShortcut, say: Say): readonly string[] {
  const kind = say(kindWords(shortcut));
  if (shortcut.fits) return [kind, say(t("fits"))];
  const { mismatch } = shortcut;
  return [
    kind,
    mismatch === undefined
      ? say(t("does not fit"))
      : say(t("does not fit: {0} and {1}", mismatch.left, mismatch.right)),
  ];
}

export function kindWords(shortcut: ViewShortcut): Text {
  switch (shortcut.kind) {
    case "identity":
      return t("identity shortcut");
    case "projection":
      return t("projection shortcut");
    case "zero-padding":
      return t("zero-padding shortcut");
    case "other":
      return t("shortcut");
  }
}

export function placeText(place: ViewPlace): string {
  return place.line === undefined ? place.name : `${place.name}:${place.line}`;
}

/** `25.6 M parameters`; a question mark where it is not known. */
export function parametersText(count: number | undefined): Text {
  return t("{0} parameters", count === undefined ? "?" : shortCount(count));
}

export function maddsText(count: number | undefined): Text {
  return t("{0} multiply-adds", count === undefined ? "?" : shortCount(count));
}

export function exactText(count: number | undefined): string {
  return count === undefined ? "?" : exactCount(count);
}

export function shortText(count: number | undefined): string {
  return count === undefined ? "?" : shortCount(count);
}

/** `3.21 MB`; a question mark where it is not known. */
export function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return "?";
  const short = shortCount(bytes);
  return short.includes(" ") ? `${short}B` : `${short} B`;
}
