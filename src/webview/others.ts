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
  /** `uri`: of the file that it is in, where it is another than the shown one. */
  readonly ask: (
    root: string,
    uri?: string,
  ) => { readonly asked: Promise<Other | Text>; readonly known: Other | Text | undefined };
  readonly receive: (message: Extract<ToPage, { kind: "other" }>) => void;
  /** Another view is shown: of another root, or of code that has changed. */
  readonly show: (view: PreviewView, before: PreviewView | undefined) => void;
  /** The view of the shown root before the last edit. */
  readonly earlier: () => PreviewView | undefined;
  /** A root of another file to compare with. */
  readonly foreign: () => Foreign | undefined;
  readonly takeForeign: (foreign: Foreign) => void;
  /** Weights to compare with. */
  readonly take: (file: ChosenFile) => void;
  readonly checkpoint: () => ChosenFile | undefined;
}

/** A root of another file than the shown one. */
export interface Foreign {
  readonly uri: string;
  /** The file's name. */
  readonly file: string;
  readonly root: string;
}

/** What outlives the page. */
export interface Kept {
  readonly earlier?: PreviewView;
  readonly foreign?: Foreign;
}

interface Entry {
  readonly asked: Promise<Other | Text>;
  known: Other | Text | undefined;
}

/** `kept`, `keep`: what is remembered beyond the page; a key that is undefined is forgotten. */
export function makeOthers(
  host: Host,
  kept: () => Kept,
  keep: (change: { readonly [K in keyof Kept]: Kept[K] | undefined }) => void,
): Others {
  const entries = new Map<string, Entry>();
  const waiting = new Map<number, (message: Extract<ToPage, { kind: "other" }>) => void>();
  let requests = 0;
  let checkpoint: ChosenFile | undefined;

  function ask(root: string, uri?: string): Entry {
    const key = `${uri ?? ""} ${root}`;
    const found = entries.get(key);
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
    entries.set(key, entry);
    host.post({ kind: "other", request, root, ...(uri === undefined ? {} : { uri }) });
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
      if (before === undefined) return;
      // At another input every shape is another, and no one edited a thing.
      if (before.head.root !== view.head.root || before.head.input !== view.head.input) keep({ earlier: undefined });
      else if (JSON.stringify(before.network) !== JSON.stringify(view.network)) keep({ earlier: before });
    },
    earlier: () => kept().earlier,
    foreign: () => kept().foreign,
    takeForeign: (foreign) => keep({ foreign }),
    take: (file) => {
      checkpoint = file;
    },
    checkpoint: () => checkpoint,
  };
}
