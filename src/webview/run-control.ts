import { parseNames } from "../preview/class-names.ts";
import type { PanelData } from "../preview/html.ts";
import type { FilePurpose, ToPage } from "../preview/messages.ts";
import type { PreviewView } from "../preview/model.ts";
import { type Text, t } from "../text/text.ts";
import type { Host } from "./host.ts";
import type { Live } from "./live.ts";
import { runLine } from "./run-line.ts";
import { type ChosenFile, makeRunner, type Running } from "./runner.ts";
import type { Saved } from "./state.ts";
import { type Say, titleOf } from "./words.ts";

/** The extension's messages that concern a run. */
export type RunMessage = Extract<ToPage, { kind: "program" | "no-program" | "file" | "no-file" | "run" }>;

export interface RunContext {
  readonly host: Host;
  readonly data: PanelData;
  readonly say: Say;
  readonly announce: (text: string) => void;
  readonly saved: () => Saved;
  readonly save: (change: Partial<Saved>) => void;
  /** Draws anew: the line that tells how a run goes; what depends on whether one is under way; what a run gave; the options. */
  readonly draw: Readonly<Record<"line" | "running" | "result" | "options", () => void>>;
}

/** How a run goes, or why none does. */
export interface RunLine {
  readonly text: string;
  readonly error: boolean;
}

/** All that concerns a run: the request for the program, the chosen files, the runner, and what came of it. */
export interface RunControl {
  readonly run: () => void;
  readonly cancel: () => void;
  readonly receive: (message: RunMessage) => void;
  readonly running: () => boolean;
  readonly line: () => RunLine | undefined;
  readonly live: () => Live | undefined;
  /** The shown model's program is another than before. */
  readonly edited: (view: PreviewView) => void;
  /** Another root is shown. */
  readonly leave: () => void;
  /** Puts a sentence of another part into the last row. */
  readonly tell: (text: Text) => void;
}

export function makeRunControl(context: RunContext): RunControl {
  const { host, say, draw } = context;
  const runner = makeRunner(context.data);
  const files: Partial<Record<FilePurpose, ChosenFile>> = {};
  let running: { readonly request: number; job: Running | undefined } | undefined;
  let requests = 0;
  let line: RunLine | undefined;
  let live: Live | undefined;
  /** The model was edited while a run was under way. */
  let again = false;

  function tell(text: Text, error = false): void {
    line = { text: say(text), error };
    context.announce(line.text);
    draw.line();
  }

  function run(): void {
    if (context.saved().view === undefined || running !== undefined) return;
    requests++;
    running = { request: requests, job: undefined };
    tell(t("asking for the program…"));
    draw.running();
    host.post({ kind: "program", request: requests });
  }

  function cancel(): void {
    if (running?.job !== undefined) {
      running.job.cancel();
      live = undefined;
    }
    finish("cancelled", []);
    tell(t("cancelled"));
  }

  function finish(outcome: "done" | "failed" | "cancelled", output: readonly (readonly number[])[]): void {
    running = undefined;
    host.post({ kind: "ran", outcome, output });
    draw.running();
  }

  function fail(reason: Text): void {
    finish("failed", []);
    tell(reason, true);
  }

  function start(message: Extract<ToPage, { kind: "program" }>): void {
    const { view, settings, mode } = context.saved();
    if (running?.request !== message.request || view === undefined) return;
    const job = {
      root: view.head.root,
      key: message.key,
      mode: mode ?? ("reference" as const),
      program: message.program,
      settings,
      weights: settings.weights === undefined ? undefined : files.weights,
      image: settings.image === undefined ? undefined : files.image,
      stages: view.network.children.map((node) => ({ label: titleOf(node, say), node })),
    };
    live = undefined;
    draw.result();
    running.job = runner.start(job, {
      progress: tell,
      failed: fail,
      done: (report, made) => {
        live = made;
        line = undefined;
        context.save({ report });
        finish("done", [report.output.shape]);
        context.announce(runLine(report, say).join(", "));
        draw.result();
        draw.line();
        const { view } = context.saved();
        if (again && view !== undefined && view.key !== report.key) edited(view);
      },
    });
  }

  function edited(view: PreviewView): void {
    again = false;
    if (context.saved().auto !== true || view.head.verdict.state === "error") return;
    if (running === undefined) run();
    else again = true;
  }

  function takeNames(file: string, bytes: Uint8Array): void {
    const parsed = parseNames(new TextDecoder().decode(bytes));
    if ("refused" in parsed) {
      tell(t("{0}: {1}", file, parsed.refused), true);
      return;
    }
    context.save({ labels: { file, names: parsed.names } });
    line = undefined;
    draw.result();
    draw.line();
  }

  return {
    run,
    cancel,
    edited,
    running: () => running !== undefined,
    line: () => line,
    live: () => live,
    tell: (text) => {
      if (running === undefined) tell(text);
    },
    leave: () => {
      line = undefined;
      live = undefined;
    },
    receive: (message) => {
      switch (message.kind) {
        case "program":
          start(message);
          break;
        case "no-program":
          if (running?.request === message.request) fail(t("this model cannot run yet: {0}", message.reason));
          break;
        case "file": {
          const { purpose, name, bytes } = message;
          if (purpose === "labels") {
            takeNames(name, bytes);
            break;
          }
          files[purpose] = { name, bytes };
          context.save({ settings: { ...context.saved().settings, [purpose]: name } });
          line = undefined;
          draw.options();
          draw.line();
          break;
        }
        case "no-file":
          tell(message.reason, true);
          break;
        case "run":
          run();
          break;
      }
    },
  };
}
