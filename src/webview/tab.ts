import type { PreviewView, ViewNode, ViewPlace } from "../preview/model.ts";
import type { Text } from "../text/text.ts";
import type { ChosenFile } from "./files.ts";
import type { Live } from "./live.ts";
import type { ClassNames } from "./names.ts";
import type { Others } from "./others.ts";
import type { RunReport } from "./report.ts";
import type { Say } from "./words.ts";

/** A part of the dock, below the selected node's card. */
export interface Tab {
  /** Never changes: the chosen tab and what a tab remembers are kept under it. */
  readonly id: string;
  readonly title: Text;
  /** Whether the strip offers it. */
  readonly shown: (context: TabContext) => boolean;
  /**
   * Its content, drawn anew whenever the selection, the run or what the tab remembers changes. What takes time is put
   * into the element later; an element that was replaced meanwhile is no longer in the document.
   */
  readonly draw: (context: TabContext) => HTMLElement;
}

export interface TabContext {
  readonly say: Say;
  readonly view: PreviewView;
  /** The node whose card is shown. */
  readonly selected: ViewNode;
  /** Of the last run of this root, also where it was before the page was reloaded. */
  readonly report: RunReport | undefined;
  /** The last run itself; undefined where none was since the page was loaded, and while another is under way. */
  readonly live: Live | undefined;
  readonly running: boolean;
  /** What the output's classes are called, where that is known. */
  readonly names: ClassNames | undefined;
  /** What the tab last asked to remember: plain JSON, its own. */
  readonly memory: unknown;
  readonly actions: TabActions;
}

export interface TabActions {
  readonly select: (id: string) => void;
  readonly reveal: (place: ViewPlace) => void;
  readonly run: () => void;
  /** Another root, of the same file or of another; asked for once until the view changes. */
  readonly other: Others["ask"];
  /** The view of this root before the code was last edited. */
  readonly earlier: () => PreviewView | undefined;
  /** A root of another file, chosen to compare with. */
  readonly foreign: Others["foreign"];
  /** Asks for a root of another file to compare with. */
  readonly pickForeign: () => void;
  /** Other weights, chosen to compare with. */
  readonly checkpoint: () => ChosenFile | undefined;
  /** Asks for other weights to compare with. */
  readonly pickCheckpoint: () => void;
  /** Asks for a file of the classes' names. */
  readonly pickNames: () => void;
  /** Forgets the chosen names. */
  readonly forgetNames: () => void;
  /** Takes the run's result away. */
  readonly close: () => void;
  /** Keeps plain JSON for the tab beyond a reload, and draws it anew. */
  readonly remember: (memory: unknown) => void;
  /** Tells a screen reader. */
  readonly announce: (text: string) => void;
}
