import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  METHODS,
  type NumbersParams,
  type PreviewAnswer,
  type PreviewParams,
  type ProgramAnswer,
  type TableParams,
  type TryNumberParams,
} from "../editor/protocol.ts";
import { panelHtml } from "../preview/html.ts";
import type { ToHost, ToPage } from "../preview/messages.ts";
import type { PreviewView, ViewPlace } from "../preview/model.ts";
import type { NodeNumber, TrialAnswer } from "../preview/number-edit.ts";
import { nodesAt } from "../preview/view.ts";
import { type Chooser, changeInput, chooseInput, chooseRoot } from "./choose.ts";
import { analyzedUri, documentOf, showRange, uriOf } from "./documents.ts";
import { type PageFiles, pageFiles } from "./page-files.ts";
import { PREVIEW } from "./preview-type.ts";
import { saveFile } from "./save.ts";
import { table } from "./say.ts";
import type { Shared } from "./start.ts";
import { writeNumber } from "./write-number.ts";

/** The one preview panel, and what it shows. */
interface Open {
  readonly panel: vscode.WebviewPanel;
  document: vscode.TextDocument;
  view: PreviewView | undefined;
  model: string | undefined;
  ready: boolean;
  readonly files: PageFiles;
}

/** Pictures that are shipped beside the scripts. */
const PICTURES = ["clock.jpg", "daisy.jpg"];

let open: Open | undefined;

/** Shows a model in the panel beside the editor; opens the panel where there is none. */
export async function showPreview(
  shared: Shared,
  client: BaseLanguageClient,
  document: vscode.TextDocument,
  model: string | undefined,
): Promise<void> {
  if (open === undefined) open = openPanel(shared, client, document, model);
  else {
    open.document = document;
    open.model = model;
    open.panel.reveal(undefined, true);
  }
  await update(client, open);
}

/** Fills a panel that stood open when the window was closed; what it was about is in the page's state. */
export async function restorePreview(shared: Shared, panel: vscode.WebviewPanel, state: unknown): Promise<void> {
  const subject = subjectOf(state);
  const document =
    subject === undefined ? undefined : await documentOf(vscode.Uri.parse(subject.uri)).then((found) => found, nothing);
  const client = document === undefined || open !== undefined ? undefined : await shared.client().catch(nothing);
  // Without the file, or with another preview open meanwhile, an empty panel would stay.
  if (subject === undefined || document === undefined || client === undefined || open !== undefined) {
    panel.dispose();
    return;
  }
  open = fillPanel(shared, client, panel, document, subject.model);
}

function openPanel(
  shared: Shared,
  client: BaseLanguageClient,
  document: vscode.TextDocument,
  model: string | undefined,
): Open {
  const panel = vscode.window.createWebviewPanel(
    PREVIEW,
    "ResNet Lens",
    { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    { retainContextWhenHidden: true },
  );
  return fillPanel(shared, client, panel, document, model);
}

function fillPanel(
  shared: Shared,
  client: BaseLanguageClient,
  panel: vscode.WebviewPanel,
  document: vscode.TextDocument,
  model: string | undefined,
): Open {
  const dist = vscode.Uri.joinPath(shared.context.extensionUri, "dist");
  panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
  const files = pageFiles(shared.platform, (message) => void panel.webview.postMessage(message));
  const made: Open = { panel, document, view: undefined, model, ready: false, files };
  const subscriptions = [
    panel.webview.onDidReceiveMessage((message: ToHost) => receive(shared, client, made, message)),
    shared.onChanged((uri) => {
      if (uri === analyzedUri(made.document)) void update(client, made);
    }),
    vscode.window.onDidChangeTextEditorSelection((event) => highlight(shared, made, event)),
  ];
  panel.onDidDispose(() => {
    open = undefined;
    for (const subscription of subscriptions) subscription.dispose();
    files.dispose();
  });
  const address = (name: string): string => panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  panel.webview.html = panelHtml({
    scriptUri: address("webview.js"),
    styleUri: address("webview.css"),
    workerUri: address("runtime-worker.js"),
    layoutUri: address("layout-worker.js"),
    wasmUri: address("tfjs-backend-wasm-simd.wasm"),
    jpegUri: address("mozjpeg_dec.wasm"),
    pictures: PICTURES.map((name) => ({ name, uri: address(name) })),
    cspSource: panel.webview.cspSource,
    nonce: nonce(),
    locale: vscode.env.language,
    table: table(),
  });
  return made;
}

/** Asks for the shown model anew and sends it to the page. */
async function update(client: BaseLanguageClient, shown: Open): Promise<void> {
  const answer = await client.sendRequest<PreviewAnswer<PreviewView>>(METHODS.preview, asked(shown));
  if (shown.ready) post(shown, { kind: "subject", subject: asked(shown) });
  if (answer.kind === "ok") {
    shown.view = answer.view;
    shown.panel.title = `${answer.model} – ResNet Lens`;
    if (shown.ready) {
      post(shown, { kind: "view", view: answer.view });
      await shown.files.offer(answer.view);
    }
  } else {
    shown.view = undefined;
    if (shown.ready) post(shown, { kind: "nothing", reason: answer.reason });
  }
}

async function receive({ context }: Shared, client: BaseLanguageClient, shown: Open, message: ToHost): Promise<void> {
  const { document } = shown;
  const chooser: Chooser = { context, client, document };
  switch (message.kind) {
    case "ready":
      shown.ready = true;
      await update(client, shown);
      return;
    case "reveal":
      await reveal(message.place, message.focus);
      return;
    case "select-root":
      shown.model = message.root;
      await chooseRoot(chooser, message.root);
      return;
    case "change-input":
      if (message.input === undefined) await changeInput(chooser, shown.model);
      else await chooseInput(chooser, shown.view?.head.root, [message.input].flat());
      return;
    case "program": {
      const answer = await client.sendRequest<ProgramAnswer>(METHODS.program, asked(shown));
      const { request } = message;
      post(
        shown,
        answer.kind === "ok"
          ? { kind: "program", request, program: answer.program, key: answer.key }
          : { kind: "no-program", request, reason: answer.reason },
      );
      return;
    }
    case "other": {
      const params: PreviewParams = { uri: message.uri ?? document.uri.toString(), model: message.root };
      const [view, program] = await Promise.all([
        client.sendRequest<PreviewAnswer<PreviewView>>(METHODS.preview, params),
        client.sendRequest<ProgramAnswer>(METHODS.program, params),
      ]);
      post(shown, {
        kind: "other",
        request: message.request,
        view: view.kind === "ok" ? view.view : undefined,
        program: program.kind === "ok" ? program.program : undefined,
        reason: view.kind === "none" ? view.reason : program.kind === "none" ? program.reason : undefined,
      });
      return;
    }
    case "pick-other": {
      const { pickOther } = await import("./pick-other.ts");
      const picked = await pickOther(client, document);
      if (picked !== undefined) post(shown, picked);
      return;
    }
    case "pick-file":
      await shown.files.pick(message.purpose);
      return;
    case "open-files":
      await shown.files.open(message.uris);
      return;
    case "read-part":
      await shown.files.part(message);
      return;
    case "close-file":
      shown.files.close(message.file);
      return;
    case "numbers": {
      const params: NumbersParams = { ...asked(shown), paths: message.paths };
      const numbers = await client.sendRequest<readonly NodeNumber[]>(METHODS.numbers, params);
      post(shown, { kind: "numbers", request: message.request, numbers });
      return;
    }
    case "try-number": {
      const params: TryNumberParams = { ...asked(shown), place: message.place, text: message.text };
      const answer = await client.sendRequest<TrialAnswer>(METHODS.tryNumber, params);
      post(shown, { kind: "tried", request: message.request, answer });
      return;
    }
    case "apply-number": {
      const reason = await writeNumber(message.trial);
      if (reason === undefined && shown.model !== undefined) shown.model = message.trial.model;
      post(shown, { kind: "applied", reason });
      return;
    }
    case "save":
      await save(shown, message.name, message.bytes);
      return;
    case "save-table": {
      const params: TableParams = { ...asked(shown), format: message.format };
      const text = await client.sendRequest<string | null>(METHODS.table, params);
      if (text !== null) await save(shown, message.name, new TextEncoder().encode(text));
      return;
    }
    case "ran":
      return;
  }
}

async function save(shown: Open, name: string, bytes: Uint8Array): Promise<void> {
  const text = await saveFile(shown.document.uri, name, bytes);
  if (text !== undefined) post(shown, { kind: "saved", text });
}

/** What a page's state says that it was about. */
function subjectOf(state: unknown): PreviewParams | undefined {
  const { subject } = (state ?? {}) as { readonly subject?: PreviewParams };
  return typeof subject?.uri === "string" ? subject : undefined;
}

/** What the panel's requests are about. */
function asked({ document, model }: Open): PreviewParams {
  return { uri: document.uri.toString(), ...(model === undefined ? {} : { model }) };
}

async function reveal(place: ViewPlace, focus: boolean): Promise<void> {
  const document = await documentOf(uriOf(place.file));
  const range = new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
  await showRange(document, range, !focus);
}

function highlight(
  shared: Shared,
  shown: Open,
  { textEditor, selections }: vscode.TextEditorSelectionChangeEvent,
): void {
  const [selection] = selections;
  if (shown.view === undefined || selection === undefined || !shown.ready) return;
  const { document } = textEditor;
  const file = shared.platform.fileOf(document.uri);
  const ids = nodesAt(shown.view, file, document.offsetAt(selection.start), document.offsetAt(selection.end));
  post(shown, { kind: "highlight", ids });
}

function nothing(): undefined {
  return undefined;
}

function post(shown: Open, message: ToPage): void {
  void shown.panel.webview.postMessage(message);
}

function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
