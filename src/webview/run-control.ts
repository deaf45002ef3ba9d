import { parseNames } from "../preview/class-names.ts";
import { purposeOf } from "../preview/file-purpose.ts";
import type { PanelData } from "../preview/html.ts";
import type { FilePurpose, OfferedFile, ToPage } from "../preview/messages.ts";
import type { PreviewView } from "../preview/model.ts";
import { type Text, t } from "../text/text.ts";
import { type Chosen, makeChosen } from "./chosen.ts";
import { type FileSource, hostFiles, localFile, wholeFile } from "./files.ts";
import type { Question } from "./fit-box.ts";
import type { Host } from "./host.ts";
import type { Live } from "./live.ts";
import { type InputType, inputSource } from "./run-inputs.ts";
import { runLine } from "./run-line.ts";
import { makeRunner, type Running } from "./runner.ts";
import type { Saved } from "./state.ts";
import { type Say, titleOf } from "./words.ts";

/** The extension's messages that concern a run. */
export type RunMessage = Extract<
  ToPage,
  { kind: "program" | "no-program" | "file" | "no-file" | "opened" | "part" | "offers" | "run" }
>;

export interface RunContext {
  readonly host: Host;
  readonly data: PanelData;
  readonly say: Say;
  readonly announce: (text: string) => void;
  readonly saved: () => Saved;
  readonly save: (change: Partial<Saved>) => void;
  /** Draws anew: the line that tells how a run goes; what depends on whether one is under way; what a run gave; the options. */
  readonly draw: Readonly<Record<"line" | "running" | "result" | "options" | "question", () => void>>;
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
  readonly chosen: Chosen;
  readonly offers: () => readonly OfferedFile[];
  /** Asks the user for a file. */
  readonly pick: (purpose: FilePurpose, input?: number) => void;
  /** Files that were pasted or dropped. */
  readonly takeFiles: (files: readonly File[]) => void;
  /** Whether a checkpoint that does not give every weight will do; undefined where nothing is asked. */
  readonly question: () => Question | undefined;
  /** Undefined: neither, the question is taken back. */
  readonly answer: (answer: "partial" | "other" | undefined) => void;
  /** Another root is shown. */
  readonly leave: () => void;
  /** Puts a sentence of another part into the last row. */
  readonly tell: (text: Text) => void;
}

export function makeRunControl(context: RunContext): RunControl {
  const { host, say, draw } = context;
  const runner = makeRunner(context.data);
  const opened = hostFiles(host);
  const chosen = makeChosen({
    data: context.data,
    inputs: () => inputTypes(context.saved().view),
    settings: () => context.saved().settings,
    change: (settings) => {
      context.save({ settings });
      line = undefined;
      ask(undefined);
      draw.options();
      draw.line();
    },
    fail: (reason) => tell(reason, true),
  });
  /** The input that a file is being chosen for. */
  let wanted: number | undefined;
  let offers: readonly OfferedFile[] = [];
  let question: Question | undefined;
  /** The checkpoint that may leave weights out, and the root that it may do so for. */
  let accepted: { readonly file: FileSource | undefined; readonly root: string } | undefined;
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

  function ask(next: Question | undefined): void {
    if (next === question) return;
    question = next;
    draw.question();
  }

  function run(): void {
    ask(undefined);
    if (context.saved().view === undefined || running !== undefined) return;
    requests++;
    running = { request: requests, job: undefined };
    tell(t("asking for the program…"));
    draw.running();
    host.post({ kind: "program", request: requests });
  }

  function cancel(): void {
    if (running?.job?.cancel() === "stopping") {
      tell(t("stopping…"));
      return;
    }
    if (running?.job !== undefined) live = undefined;
    finish("cancelled", []);
    tell(t("cancelled"));
  }

  function finish(outcome: "done" | "failed" | "cancelled" | "asked", output: readonly (readonly number[])[]): void {
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
      weights: chosen.weights(),
      partial: accepted?.root === view.head.root && accepted.file === chosen.weights(),
      inputs: inputSource(settings.inputs ?? {}, chosen, chosen.transforms, settings.seed),
      stages: view.network.children.map((node) => ({ label: titleOf(node, say), node })),
    };
    live = undefined;
    draw.result();
    running.job = runner.start(job, {
      progress: tell,
      failed: (reason) => {
        fail(reason);
        goOn(job.key);
      },
      asks: (fit) => {
        finish("asked", []);
        line = undefined;
        draw.line();
        if (!goOn(job.key)) ask({ file: settings.weights ?? "", fit });
      },
      done: (report, made) => {
        live = made;
        line = undefined;
        context.save({ report });
        if (report.stop === undefined) finish("done", [report.output.shape]);
        else finish(report.cancelled === true ? "cancelled" : "failed", []);
        if (report.stop !== undefined) line = { text: say(report.stop), error: report.cancelled !== true };
        context.announce(line?.text ?? runLine(report, say).join(", "));
        draw.result();
        draw.line();
        goOn(job.key);
      },
    });
  }

  /** Runs what was edited during the run that ended, if it computes something else. */
  function goOn(ran: string): boolean {
    const { view } = context.saved();
    if (!again || view === undefined || view.key === ran) return false;
    edited(view);
    return running !== undefined;
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

  async function take(purpose: FilePurpose, file: FileSource): Promise<void> {
    const input = wanted;
    wanted = undefined;
    // The checkpoint to compare with is kept by what compares.
    if (purpose === "beside") return;
    if (purpose !== "labels") return chosen.take(purpose, file, input);
    takeNames(file.name, await wholeFile(file));
  }

  function pick(purpose: FilePurpose, input?: number): void {
    wanted = input;
    host.post({ kind: "pick-file", purpose });
    draw.options();
  }

  return {
    run,
    cancel,
    edited,
    chosen,
    pick,
    offers: () => offers,
    takeFiles: (files) => {
      for (const file of files) {
        const purpose = purposeOf(file.name) ?? (file.type.startsWith("image/") ? "image" : undefined);
        if (purpose === undefined) tell(t("{0} is neither a picture, a .npy file nor a checkpoint", file.name), true);
        else void chosen.take(purpose, localFile(file.name, file));
      }
    },
    question: () => question,
    answer: (answer) => {
      ask(undefined);
      if (answer === "other") pick("weights");
      if (answer !== "partial") return;
      accepted = { file: chosen.weights(), root: context.saved().view?.head.root ?? "" };
      run();
    },
    running: () => running !== undefined,
    line: () => line,
    live: () => live,
    tell: (text) => {
      if (running === undefined) tell(text);
    },
    leave: () => {
      line = undefined;
      live = undefined;
      offers = [];
      ask(undefined);
    },
    receive: (message) => {
      switch (message.kind) {
        case "program":
          start(message);
          break;
        case "no-program":
          if (running?.request === message.request) fail(t("this model cannot run yet: {0}", message.reason));
          break;
        case "file":
          void take(message.purpose, localFile(message.name, message.bytes));
          break;
        case "opened":
          void take(message.purpose, opened.opened(message));
          break;
        case "part":
          opened.receive(message);
          break;
        case "offers":
          offers = message.weights;
          draw.options();
          break;
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

/** The root's inputs at the sizes that they are run at; empty where one's are not known. */
export function inputTypes(view: PreviewView | undefined): readonly InputType[] {
  const types = (view?.inputs ?? []).flatMap(({ name, runs }) => (runs === undefined ? [] : [{ name, ...runs }]));
  return types.length === view?.inputs.length ? types : [];
}
