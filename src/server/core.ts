import {
  type CodeLens,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  type Range,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import type { Analysis } from "../analysis.ts";
import type { Code } from "../checks/diagnostic.ts";
import { codeActions, FIX_ALL } from "../editor/code-actions.ts";
import { codeLenses, type LensData, resolveLens } from "../editor/code-lens.ts";
import { type FileView, offsetIn } from "../editor/context.ts";
import { hover } from "../editor/hover.ts";
import { type Hint, hintsAndLines, inlayHints } from "../editor/inlay-hints.ts";
import { orphanClass } from "../editor/orphan-class.ts";
import {
  DEFAULT_SETTINGS,
  type EnvironmentParams,
  type InitializationOptions,
  METHODS,
  type Settings,
} from "../editor/protocol.ts";
import type { Interpreter } from "../site-packages.ts";
import { lineIndex } from "../text/span.ts";
import { analyzeRoot, isAnalyzed, type OpenDocument, remainder } from "./document.ts";
import { applied, backward, changeBetween, forward } from "./edits.ts";
import type { Host } from "./host.ts";
import { syncNotebooks } from "./notebook-sync.ts";
import { openNotebooks } from "./notebooks.ts";
import { answerRequests } from "./requests.ts";
import { type Session, startSession } from "./session.ts";

/** Serves the language-server protocol on a connection until it closes. */
export function serve(connection: Connection, host: Host): void {
  let session: Session | undefined;
  let client: InitializeParams | undefined;
  let settings = DEFAULT_SETTINGS;
  /** Uris of the workspace's folders. */
  let folders: readonly string[] = [];
  let interpreter: Interpreter = { chosen: [], named: undefined };

  connection.onInitialize((params): InitializeResult => {
    client = params;
    const options = optionsOf(params);
    const beginning = {
      table: options.table ?? host.table(params.locale ?? "en"),
      commands: options.commands === true,
      choices: options.choices ?? {},
      notebooks: openNotebooks(),
      rulePage: options.rulePages === undefined ? host.rulePage : (code: Code) => `${options.rulePages}/${code}.md`,
    };
    const started = startSession(host, beginning, {
      publish: (uri, diagnostics) => void connection.sendDiagnostics({ uri, diagnostics: [...diagnostics] }),
      changed: (uri) => {
        refresh(connection, params);
        void connection.sendNotification(METHODS.changed, { uri });
      },
    });
    folders = (params.workspaceFolders ?? []).map(({ uri }) => uri);
    settings = { ...DEFAULT_SETTINGS, ...options.settings };
    session = started;
    reconfigure();
    answerRequests(connection, host, started);
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        notebookDocumentSync: { notebookSelector: [{ cells: [{ language: "python" }] }] },
        hoverProvider: true,
        inlayHintProvider: { resolveProvider: false },
        codeLensProvider: { resolveProvider: true },
        codeActionProvider: { codeActionKinds: ["quickfix", FIX_ALL] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: "ResNet Lens" },
    };
  });

  connection.onInitialized(() => {
    if (client?.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true)
      void connection.client.register(DidChangeConfigurationNotification.type, undefined);
    if (client?.capabilities.workspace?.workspaceFolders === true)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => uri));
        folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
        reconfigure();
      });
    void configure();
  });
  connection.onDidChangeConfiguration(() => void configure());
  connection.onNotification(METHODS.environment, (params: EnvironmentParams) => {
    interpreter = { ...interpreter, chosen: params.folders.map(host.fileOf) };
    reconfigure();
  });

  function reconfigure(): void {
    session?.configure(settings, folders.map(host.fileOf), interpreter);
  }

  async function configure(): Promise<void> {
    if (session === undefined || client?.capabilities.workspace?.configuration !== true) return;
    const [own, named] = await connection.workspace.getConfiguration([
      { section: "resnetLens" },
      { section: "python.defaultInterpreterPath" },
    ]);
    settings = settingsOf(own);
    interpreter = { ...interpreter, named: typeof named === "string" ? named : undefined };
    reconfigure();
  }

  connection.onDidOpenTextDocument(({ textDocument }) => session?.open(textDocument.uri, textDocument.text));
  connection.onDidCloseTextDocument(({ textDocument }) => session?.close(textDocument.uri));
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    const before = session?.documents.get(textDocument.uri)?.text;
    if (before === undefined) return;
    session?.edit(textDocument.uri, contentChanges.reduce(applied, before));
  });
  syncNotebooks(connection, host, () => session);
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) session?.touched(host.fileOf(uri));
  });

  connection.onHover(async ({ textDocument, position }) => {
    const document = await session?.ready(textDocument.uri);
    const { view } = document ?? {};
    if (session === undefined || document === undefined || view === undefined) return null;
    const { line: first } = session.notebooks.extentOf(textDocument.uri);
    const place = lineIndex(document.text).offset({ line: first + position.line, column: position.character });
    for (const shown of [view, remainder(document)]) {
      const offset = shown === undefined ? undefined : backward(changeBetween(shown.text, document.text), place);
      if (shown === undefined || offset === undefined) continue;
      const stale = shown.text !== document.text;
      const found = hover(shown, offset, session.context, stale);
      if (found === undefined) continue;
      const { contents, range } = found;
      // The range is the old text's; without one the client takes the word under the cursor.
      return stale || range === undefined ? { contents } : { contents, range: shifted(range, -first) };
    }
    return null;
  });

  connection.languages.inlayHint.on(async ({ textDocument, range }) => {
    const document = await session?.ready(textDocument.uri);
    const { view } = document ?? {};
    if (session === undefined || document === undefined || view === undefined) return [];
    const now = lineIndex(document.text);
    const { line: first, lines } = session.notebooks.extentOf(textDocument.uri);
    const from = now.offset({ line: first + range.start.line, column: range.start.character });
    const last = Math.min(range.end.line, lines - 1);
    const column = last < range.end.line ? Number.MAX_SAFE_INTEGER : range.end.character;
    const to = now.offset({ line: first + last, column });
    const hints: Hint[] = [];
    const reached = new Set<number>();
    // Where the roots that are done have nothing yet to say, what the others said before stays.
    for (const shown of [view, remainder(document)]) {
      if (shown === undefined) continue;
      const change = changeBetween(shown.text, document.text);
      const stale = shown.text === document.text ? {} : { stale: true as const };
      const found = hintsAndLines(shown, session.settings().inlayHints, session.context);
      for (const hint of found.hints) {
        const offset = forward(change, hint.offset);
        if (offset === undefined || offset < from || to < offset || reached.has(now.position(offset).line)) continue;
        hints.push({ ...hint, offset, ...stale });
      }
      for (const line of found.reached) {
        const offset = forward(change, shown.lines.lineStart(line));
        if (offset !== undefined) reached.add(now.position(offset).line);
      }
    }
    const positionOf = (offset: number) => {
      const { line, column } = now.position(offset);
      return { line: line - first, character: column };
    };
    return [...inlayHints(hints, positionOf, session.context)];
  });

  connection.onCodeLens(async ({ textDocument }) => {
    const document = await session?.ready(textDocument.uri);
    if (session === undefined || document === undefined || !session.settings().codeLens || !isAnalyzed(document))
      return [];
    const { view } = document;
    if (!session.settings().enabled || view === undefined) return [];
    const orphan = document.roots.length === 0 ? orphanClass(document.file, view.text) : undefined;
    const now = lineIndex(document.text);
    const { line: first, lines } = session.notebooks.extentOf(textDocument.uri);
    const rest = remainder(document);
    const placed = (shown: FileView, list: readonly CodeLens[]): readonly CodeLens[] => {
      const change = changeBetween(shown.text, document.text);
      return list.flatMap((lens) => {
        const offset = forward(change, offsetIn(shown, lens.range.start));
        if (offset === undefined) return [];
        const { line, column } = now.position(offset);
        if (line < first || first + lines <= line) return [];
        const start = { line: line - first, character: column };
        return [{ ...lens, range: { start, end: start } }];
      });
    };
    const found = placed(view, codeLenses(view, document.roots, orphan));
    const taken = new Set(found.map(({ range }) => range.start.line));
    const before = rest === undefined ? [] : placed(rest, codeLenses(rest, [], undefined));
    // What is known is filled at once: a lens that a client did not come to fill would stay empty until the next edit.
    return [...found, ...before.filter(({ range }) => !taken.has(range.start.line))].map((lens) =>
      filled(lens, document),
    );
  });

  /** The lens of a root that is analyzed, with its words; others as they are. */
  function filled(lens: CodeLens, document: OpenDocument): CodeLens {
    if (session === undefined || !isLensData(lens.data)) return lens;
    const known = analysisOf(document, lens.data.model);
    return known === undefined ? lens : resolveLens(lens, lens.data, known, session.context);
  }

  connection.onCodeLensResolve((lens) => {
    if (session === undefined || !isLensData(lens.data)) return lens;
    const { file, model } = lens.data;
    const document = [...session.documents.values()].find((open) => open.file === file);
    const known = document === undefined ? undefined : analysisOf(document, model);
    const root = document?.roots.find((candidate) => candidate.model === model);
    const analysis =
      known ??
      (document === undefined || root === undefined ? undefined : analyzeRoot(session.analyzer(), document, root));
    return resolveLens(lens, lens.data, analysis, session.context);
  });

  connection.onCodeAction(async ({ textDocument, range, context: { only } }) => {
    const document = await session?.fixed(textDocument.uri);
    const { view } = document ?? {};
    // An edit is only offered for the text that it was proven on.
    if (session === undefined || document === undefined || view === undefined || isStale(document)) return [];
    const { start, end } = shifted(range, session.notebooks.extentOf(textDocument.uri).line);
    const span = { start: offsetIn(view, start), end: offsetIn(view, end) };
    const actions = codeActions(view, document.published, span, session.context);
    return actions.filter(
      ({ kind }) => only === undefined || only.some((wanted) => kind === wanted || kind?.startsWith(`${wanted}.`)),
    );
  });

  connection.listen();
}

function analysisOf({ view }: OpenDocument, model: string): Analysis | undefined {
  return view?.analyses.find(({ root }) => root.model === model);
}

function isStale(document: OpenDocument): boolean {
  return document.view !== undefined && document.view.text !== document.text;
}

function refresh(connection: Connection, { capabilities: { workspace } }: InitializeParams): void {
  // A client may refuse while it shuts down; there is nothing to refresh then.
  const ignore = (): void => undefined;
  if (workspace?.inlayHint?.refreshSupport === true) connection.languages.inlayHint.refresh().catch(ignore);
  if (workspace?.codeLens?.refreshSupport === true) connection.sendRequest("workspace/codeLens/refresh").catch(ignore);
}

/** A range some lines farther down. */
function shifted({ start, end }: Range, lines: number): Range {
  return { start: { ...start, line: start.line + lines }, end: { ...end, line: end.line + lines } };
}

function optionsOf(params: InitializeParams): InitializationOptions {
  const options: unknown = params.initializationOptions;
  return typeof options === "object" && options !== null ? options : {};
}

/** The client's settings; what is missing or of another type is the default. */
function settingsOf(own: unknown): Settings {
  const given: Readonly<Record<string, unknown>> = typeof own === "object" && own !== null ? { ...own } : {};
  const { enabled, inlayHints: hints, codeLens, showGaps, severity } = given;
  return {
    enabled: typeof enabled === "boolean" ? enabled : DEFAULT_SETTINGS.enabled,
    inlayHints: hints === "all" || hints === "off" || hints === "changes" ? hints : DEFAULT_SETTINGS.inlayHints,
    codeLens: typeof codeLens === "boolean" ? codeLens : DEFAULT_SETTINGS.codeLens,
    showGaps: typeof showGaps === "boolean" ? showGaps : DEFAULT_SETTINGS.showGaps,
    severity: typeof severity === "object" && severity !== null ? severitiesOf(severity) : DEFAULT_SETTINGS.severity,
  };
}

function severitiesOf(given: object): Settings["severity"] {
  const levels = new Set<unknown>(["error", "warning", "info", "hint", "off"]);
  // VS Code's own word is as good.
  const named = Object.entries(given).map(([code, level]) => [code, level === "information" ? "info" : level] as const);
  return Object.fromEntries(named.filter(([, level]) => levels.has(level)));
}

function isLensData(data: unknown): data is LensData {
  return typeof data === "object" && data !== null && "slot" in data && "model" in data && "file" in data;
}
