import type { Page } from "playwright-core";

/** One step of a walk; each begins where the one before it ended. */
export interface Step {
  readonly name: string;
  run(page: Page): Promise<void>;
}

/** What a user does in a fresh VS Code, from its start. */
export interface Walk {
  readonly name: string;
  /** What stands open: a copy of the sample workspace, or an empty window. */
  readonly open: "workspace" | "nothing";
  /** The folder is not trusted: VS Code is in restricted mode. */
  readonly untrusted?: true;
  /** Walked in every theme, or in the dark one alone. */
  readonly themes: "all" | "dark";
  /** Adds to the copy of the sample workspace, and to what torch has downloaded. */
  prepare?(places: { readonly workspace: string; readonly torchHome: string }): Promise<void>;
  /** What the page needs before it shows anything. */
  begin?(page: Page): Promise<void>;
  readonly steps: readonly Step[];
}
