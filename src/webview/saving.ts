import type { ToHost } from "../preview/messages.ts";
import type { PreviewView } from "../preview/model.ts";
import { t } from "../text/text.ts";
import { writeNpy } from "../weights/npy.ts";
import type { DiagramView } from "./diagram-view.ts";
import { pngBytes, svgText } from "./export.ts";
import type { Live } from "./live.ts";
import type { MenuItem } from "./menu.ts";
import { maddsText, parametersText, type Say } from "./words.ts";

export interface SavingContext {
  readonly say: Say;
  readonly picture: DiagramView;
  readonly view: () => PreviewView | undefined;
  readonly live: () => Live | undefined;
  readonly post: (message: ToHost) => void;
}

/** What can be saved: the diagram, the layer table, the last output. */
export function savingItems({ say, picture, view, live, post }: SavingContext): readonly MenuItem[] {
  const shown = view();
  const drawing = picture.drawing();
  const output = live()?.result.output;
  const drawn = (): string | undefined => {
    if (shown === undefined || drawing === undefined) return undefined;
    const { params, madds, output: shape } = shown.totals;
    const totals = [say(parametersText(params)), say(maddsText(madds)), shape.text].join(" · ");
    const words = (template: string): string => say({ template, args: [] });
    return svgText(drawing, shown.network.id, { title: shown.head.root, totals }, words);
  };
  const name = fileName(shown?.head.root ?? "model");
  const save = (ending: "svg" | "png" | "npy", bytes: Uint8Array | undefined): void => {
    if (bytes !== undefined) post({ kind: "save", name: `${name}.${ending}`, ending, bytes });
  };
  return [
    {
      text: say(t("save the diagram as SVG…")),
      apart: true,
      act: () => {
        const text = drawn();
        save("svg", text === undefined ? undefined : new TextEncoder().encode(text));
      },
    },
    {
      text: say(t("save the diagram as PNG…")),
      act: () => {
        const text = drawn();
        if (text !== undefined) void pngBytes(text).then((bytes) => save("png", bytes));
      },
    },
    {
      text: say(t("save the layer table as Markdown…")),
      act: () => post({ kind: "save-table", name: `${name}.md`, format: "markdown" }),
    },
    {
      text: say(t("save the layer table as CSV…")),
      act: () => post({ kind: "save-table", name: `${name}.csv`, format: "csv" }),
    },
    {
      text: say(t("save the last output as .npy…")),
      disabled: output === undefined,
      act: () => save("npy", output === undefined ? undefined : writeNpy(output.shape, output.data)),
    },
  ];
}

/** `resnet50(num_classes=10)` as `resnet50-num_classes-10`. */
function fileName(root: string): string {
  return (
    root
      .replaceAll(/[^\w.]+/g, "-")
      .replaceAll(/^[-.]+|-+$/g, "")
      .slice(0, 80) || "model"
  );
}
