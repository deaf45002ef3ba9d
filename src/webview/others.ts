import type { Program } from "../graph/program.ts";
import type { ToPage } from "../preview/messages.ts";
import type { PreviewView } from "../preview/model.ts";
import { type Text, t } from "../text/text.ts";
import type { ChosenFile } from "./files.ts";
import type { Host } from "./host.ts";

/** Another root of the shown file. */
export interface Other {
  readonly root: string;
  readonly view: PreviewView;
  /** Why it cannot run, where it cannot. */
  readonly program: Program | Text;
}

/** Other roots than the shown one, as the extension knows them. */
export interface Others {
  readonly ask: (root: string) => { readonly asked: Promise<Other | Text>; readonly known: Other | Text | undefined };
  readonly receive: (message: Extract<ToPage, { kind: "other" }>) => void;
  /** Another view is shown: of another root, or of code that has changed. */
  readonly show: (view: PreviewView, before: PreviewView | undefined) => void;
  /** The view of the shown root before the last edit. */
  readonly earlier: () => PreviewView | undefined;
  /** Weights to compare with. */
  readonly take: (file: ChosenFile) => void;
  readonly checkpoint: () => ChosenFile | undefined;
}

interface Entry {
  readonly asked: Promise<Other | Text>;
  known: Other | Text | undefined;
}

export function makeOthers(host: Host): Others {
  const entries = new Map<string, Entry>();
  const waiting = new Map<number, (message: Extract<ToPage, { kind: "other" }>) => void>();
  let requests = 0;
  let earlier: PreviewView | undefined;
  let checkpoint: ChosenFile | undefined;

  function ask(root: string): Entry {
    const found = entries.get(root);
    if (found !== undefined) return found;
    const request = ++requests;
    const asked = new Promise<Other | Text>((resolve) => {
      waiting.set(request, ({ view, program, reason }) => {
        const why = reason ?? t("the sizes of the input are not known");
        resolve(view === undefined ? why : { root, view, program: program ?? why });
      });
    });
    const entry: Entry = { asked, known: undefined };
    void asked.then((other) => {
      entry.known = other;
    });
    entries.set(root, entry);
    host.post({ kind: "other", request, root });
    return entry;
  }

  return {
    ask,
    receive: (message) => {
      waiting.get(message.request)?.(message);
      waiting.delete(message.request);
    },
    show: (view, before) => {
      entries.clear();
      if (before?.head.root !== view.head.root) earlier = undefined;
      else if (JSON.stringify(before.network) !== JSON.stringify(view.network)) earlier = before;
    },
    earlier: () => earlier,
    take: (file) => {
      checkpoint = file;
    },
    checkpoint: () => checkpoint,
  };
}
