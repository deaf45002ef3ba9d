import { layout } from "../preview/layout.ts";
import type { PreviewView } from "../preview/model.ts";
import type { LayoutAnswer, LayoutRequest } from "./layouter.ts";
import { type Say, speaker, titleOf } from "./words.ts";

/** A classic web worker's own end; only what is used. */
interface WorkerScope {
  postMessage(message: LayoutAnswer): void;
  addEventListener(type: "message", listener: (event: { readonly data: LayoutRequest }) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
let view: PreviewView | undefined;
let say: Say = speaker({});

scope.addEventListener("message", ({ data }) => {
  switch (data.kind) {
    case "table":
      say = speaker(data.table);
      return;
    case "view":
      view = data.view;
      return;
    case "layout": {
      if (view === undefined) return;
      const { id, open, room, charWidth } = data;
      const options = {
        open: new Set(open),
        room,
        charWidth,
        title: (node: Parameters<typeof titleOf>[0]) => titleOf(node, say),
      };
      scope.postMessage({ id, drawing: layout(view, options) });
    }
  }
});
