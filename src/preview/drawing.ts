/** Geometry of a diagram in pixels; the origin is its top left corner. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
  readonly lines: readonly Line[];
  readonly labels: readonly Label[];
  readonly sums: readonly Sum[];
}

export interface Area {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Already cut to the width. */
  readonly label: string;
  readonly note: string;
  /** Both, whole. */
  readonly tip: string;
}

/** A node whose inside is not shown. */
export interface Box extends Area {
  /** Share of the costliest box's multiply-adds, 0 to 1. */
  readonly bar: number;
  readonly opens: boolean;
}

/** A node whose inside is drawn within it. */
export interface Frame extends Area {}

export type Point = readonly [x: number, y: number];

export interface Line {
  readonly points: readonly Point[];
  readonly style: "solid" | "dashed" | "dotted";
  readonly role: "flow" | "shortcut" | "skip";
  readonly arrow: boolean;
  readonly fits: boolean;
  /** The node whose shortcut or input it is; what highlights with it. */
  readonly id: string;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: "start" | "middle" | "end";
  readonly role: "shape" | "shortcut" | "mismatch" | "input";
}

/** A residual add, centered at x, y. */
export interface Sum {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly fits: boolean;
}

/** What is being drawn; frames stand before what they hold. */
export interface Canvas {
  readonly boxes: Box[];
  readonly frames: Frame[];
  readonly lines: Line[];
  readonly labels: Label[];
  readonly sums: Sum[];
}

/**
 * Something to draw below a point: how far it reaches to either side of the vertical line that values flow along, how
 * tall it is, and how to draw it. `entry` is where the line from above starts.
 */
export interface Piece {
  readonly left: number;
  readonly right: number;
  readonly height: number;
  /** Its shortcut leaves the line within it, so it may stand close to what is above. */
  readonly airy: boolean;
  readonly draw: (canvas: Canvas, x: number, y: number, entry: Point) => void;
}

/** Sizes in pixels. Text is set at 12 px; a box holds one line of it and the bar. */
export const SIZE = {
  boxHeight: 28,
  /** Of stages and blocks; at 640 px the panel holds it with a lane on either side. */
  boxWidth: 300,
  /** Beside an open side bar the panel has 460 px; a box still holds its name and its class. */
  leastBoxWidth: 180,
  /** A layer's box is this much narrower than a stage's. */
  layerIndent: 40,
  layerHeight: 25,
  /** A box on a shortcut, or on one of several branches. */
  narrowWidth: 132,
  sumRadius: 6,
  /** From the axis's box to the shortcut's line. */
  lane: 18,
  /** From one line to the next where many pass side by side. */
  denseLane: 7,
  /** Room for a shortcut's words beside its line. */
  words: 78,
  /** A frame's own line; it needs no room of its own where its name fits beside what it holds. */
  frameHead: 24,
  frameTop: 8,
  framePad: 10,
  gap: 14,
  /** Above something that leaves room for its shortcut by itself. */
  shortGap: 3,
  labelGap: 28,
  margin: 8,
} as const;
