import type { Diagnostic as Problem } from "vscode-languageserver";
import type { Analysis, Analyzer, FileSystem, Report, Telling } from "../analysis.ts";
import type { Diagnostic } from "../checks/diagnostic.ts";
import { type Choice, NO_CHOICE } from "../editor/choice.ts";
import type { Context } from "../editor/context.ts";
import type { Settings } from "../editor/protocol.ts";
import { DEFAULT_SETTINGS } from "../editor/protocol.ts";
import { createWorkbench, type Workbench } from "../proof.ts";
import { type Interpreter, sitePackages } from "../site-packages.ts";
import { parsePython } from "../syntax/python/parse.ts";
import { type LineNumber, render, type Table, t } from "../text/text.ts";
import { inOrder, inTurns } from "../turns.ts";
import { contextFor, type ServerContext } from "./context.ts";
import { analyzeRoot, isAnalyzed, isGood, type OpenDocument, openDocument, orderedRoots, viewFor } from "./document.ts";
import type { Host } from "./host.ts";
import type { Notebooks } from "./notebooks.ts";
import { overlay } from "./overlay.ts";
import { identityOf, NEW_PROBLEM_DELAY, problemsByUri, publishedOf } from "./problems.ts";

/** Milliseconds that the server waits for more typing before it analyzes. */
const ANALYZE_DELAY = 40;

/** Milliseconds that one root may take in the editor, so that a request never waits long. */
const ROOT_LIMIT = 3_000;

/** Milliseconds that the roots of one file may take together; the others are analyzed when someone asks for one. */
const FILE_LIMIT = 20_000;

/** After so many milliseconds, and twice as many each time after, what is done by then is shown. */
const FIRST_PART = 1_000;

/** What the session tells its surroundings. */
export interface Outlet {
  readonly publish: (uri: string, problems: readonly Problem[]) => void;
  /** The shapes of a document are new. */
  readonly changed: (uri: string) => void;
}

/** The open documents, analyzed one after the other as they change. */
export interface Session {
  readonly documents: ReadonlyMap<string, OpenDocument>;
  readonly context: ServerContext;
  readonly notebooks: Notebooks;
  readonly analyzer: () => Analyzer;
  readonly settings: () => Settings;
  /** The text of a file as it is now: open documents over what is stored. */
  readonly read: (file: string) => string | undefined;
  /** Whether a file belongs to an installed package. */
  readonly isLibrary: (file: string) => boolean;
  /** Where edits are tried out on the present texts. */
  readonly bench: () => Workbench;
  readonly open: (uri: string, text: string) => void;
  /** `moved`: what the text is made of stands elsewhere, though the text may be the same. */
  readonly edit: (uri: string, text: string, moved?: boolean) => void;
  readonly close: (uri: string) => void;
  /** A file that is not open changed on disk. */
  readonly touched: (file: string) => void;
  /** Settings, and what decides where packages are looked for. */
  readonly configure: (settings: Settings, folders: readonly string[], interpreter: Interpreter) => void;
  /** `force`, `ready`: a cell's uri stands for its notebook. */
  readonly force: (uri: string) => void;
  readonly choose: (uri: string, choice: Choice) => void;
  /** Resolves when the document's first shapes are there; at once where there will be none. */
  readonly ready: (uri: string) => Promise<OpenDocument | undefined>;
  /** Resolves when the fixes of the document's problems are proven; at once where there is nothing to prove. */
  readonly fixed: (uri: string) => Promise<OpenDocument | undefined>;
}

/** What a client sent along at the start, as far as it concerns the session. */
export interface Beginning {
  readonly table: Table;
  readonly commands: boolean;
  readonly choices: Readonly<Record<string, Choice>>;
  readonly notebooks: Notebooks;
  readonly rulePage: Context["rulePage"];
}

export function startSession(host: Host, beginning: Beginning, outlet: Outlet): Session {
  const { table, commands, choices, notebooks } = beginning;
  const chosen = new Map(Object.entries(choices));
  const documents = new Map<string, OpenDocument>();
  const texts = new Map<string, string>();
  const uris = new Map<string, string>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Who waits for the shapes of a document, and who for its fixes. */
  const waiting = new Map<string, (() => void)[]>();
  const waitingForFixes = new Map<string, (() => void)[]>();
  /** What was told last of a uri, as text. */
  const shown = new Map<string, string>();
  let settings = DEFAULT_SETTINGS;
  let folders: readonly string[] = [];
  let packages: readonly string[] = [];
  let analyzer: Analyzer | undefined;
  let bench: Workbench | undefined;

  const files = overlay(host.files, texts);
  const uriOf = (file: string): string => uris.get(file) ?? host.uriOf(file);
  const context = contextFor(files, uriOf, notebooks, commands, beginning.rulePage, (text) =>
    render(text, table, lineText),
  );
  /** A line as the user counts them: in a notebook within its cell. */
  function lineText({ line, place }: LineNumber): string {
    const cell = notebooks.cellAt(place.file, line - 1);
    return cell === undefined ? String(line) : render(t("{0} in code cell {1}", line - cell.line, cell.number), table);
  }
  const current = (): Analyzer => {
    analyzer ??= host.createAnalyzer(files, { paths: folders, pythonPaths: packages, timeout: ROOT_LIMIT });
    return analyzer;
  };
  const forgetBench = (): void => {
    bench?.dispose();
    bench = undefined;
  };
  const isLibrary = (file: string): boolean =>
    /[\\/](site|dist)-packages[\\/]/.test(file) || packages.some((folder) => file.startsWith(folder));

  const commented = (file: string) => {
    const text = files.read(file);
    return text === undefined ? undefined : { text, module: parsePython(text).module };
  };

  function later(key: string, delay: number, work: () => void): void {
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        work();
      }, delay),
    );
  }

  function forget(key: string): void {
    clearTimeout(timers.get(key));
    timers.delete(key);
  }

  function settle({ uri }: OpenDocument): void {
    for (const resume of waiting.get(uri) ?? []) resume();
    waiting.delete(uri);
  }

  /** No fixes are to come any more. */
  function settleFixes(document: OpenDocument): void {
    document.fixed = true;
    settle(document);
    for (const resume of waitingForFixes.get(document.uri) ?? []) resume();
    waitingForFixes.delete(document.uri);
  }

  function schedule(document: OpenDocument, delay: number): void {
    document.generation++;
    document.fixed = false;
    // A request that waits must not wait for ever.
    later(`analyze ${document.uri}`, delay, () => void analyze(document).catch(() => settleFixes(document)));
  }

  function waitIn(list: typeof waiting, uri: string): Promise<OpenDocument | undefined> {
    return new Promise((resolve) => {
      list.set(uri, [...(list.get(uri) ?? []), () => resolve(documents.get(uri))]);
    });
  }

  function scheduleAll(delay: number): void {
    for (const document of documents.values()) schedule(document, delay);
  }

  async function analyze(document: OpenDocument): Promise<void> {
    const { generation } = document;
    const superseded = (): boolean => document.generation !== generation || documents.get(document.uri) !== document;
    if (!settings.enabled || !isAnalyzed(document)) {
      document.view = undefined;
      show(document, []);
      settleFixes(document);
      outlet.changed(document.uri);
      return;
    }
    await host.pause();
    if (superseded()) return;
    // Half-typed code keeps the last good shapes and problems.
    if (document.view !== undefined && document.view.text !== document.text && host.isBroken(document.text)) {
      settleFixes(document);
      return;
    }
    const found = orderedRoots(document, current().roots(document.file));
    let roots = found;
    const known = new Set((document.whole ?? document.view)?.diagnostics.map(identityOf));
    /** Code with a new error is as good as half typed while the user types: what was shown before stays. */
    const isUnfinished = (found: readonly Diagnostic[]): boolean =>
      document.view !== undefined &&
      0 < quietIn(document) &&
      found.some((one) => one.severity === "error" && !known.has(identityOf(one)));
    let analyses: readonly Analysis[] = [];
    const begin = Date.now();
    let next = 0;
    const spares = current().spares(document.file);
    for (const done of inTurns(found, spares, (root) => analyzeRoot(current(), document, root), FILE_LIMIT)) {
      if (done.root.spare !== undefined) roots = [...roots, done.root];
      analyses = inOrder(roots, [...analyses, done]);
      // The shown root's shapes do not wait for the others, and the others' not for all.
      const isTime = next <= Date.now() - begin;
      if (isTime && isGood(analyses) && !isUnfinished(analyses.flatMap(({ diagnostics }) => diagnostics))) {
        next = Math.max(FIRST_PART, 2 * (Date.now() - begin));
        document.roots = roots;
        if (document.view?.text !== document.text) document.whole ??= document.view;
        document.view = viewFor(
          document,
          [...analyses, ...othersOf(document, analyses)],
          document.view?.diagnostics ?? [],
        );
        settle(document);
        outlet.changed(document.uri);
      }
      await host.pause();
      if (superseded()) return;
    }
    let told: number | undefined;
    const showReport = (report: Report, then: () => void = () => undefined): void => {
      const adopt = (): void => {
        if (superseded()) return;
        document.roots = roots;
        document.view = viewFor(document, analyses, report.diagnostics);
        document.whole = undefined;
        if (told !== report.diagnostics.length) outlet.changed(document.uri);
        told = report.diagnostics.length;
        then();
      };
      const unfinished = isUnfinished(report.diagnostics);
      document.usedIgnores = report.usedIgnores;
      const problems = publishedOf(report.diagnostics, analyses, settings, isLibrary, commented, context);
      publish(document, problems, unfinished ? adopt : undefined);
      if (!unfinished) adopt();
    };
    const telling = current().tell(document.file, analyses);
    showReport(telling.report);
    settle(document);
    const proven = await proveAside(telling, superseded);
    if (proven !== undefined) showReport(proven, () => settleFixes(document));
  }

  /** Proves fixes as long as nothing else is to be done; undefined where they are overtaken. */
  async function proveAside({ report, prove }: Telling, superseded: () => boolean): Promise<Report | undefined> {
    const steps = prove();
    for (;;) {
      await host.pause();
      if (superseded()) {
        steps.return(report);
        return undefined;
      }
      const { done, value } = steps.next();
      if (done === true) return value;
    }
  }

  /** Milliseconds until the user has not typed for long enough to be told of new errors. */
  function quietIn({ lastEdit }: OpenDocument): number {
    return lastEdit === 0 ? 0 : Math.max(0, lastEdit + NEW_PROBLEM_DELAY - Date.now());
  }

  /** Analyses of roots that are not done yet stay as they were while the text is the same. */
  function othersOf(document: OpenDocument, done: readonly Analysis[]): readonly Analysis[] {
    if (document.view?.text !== document.text) return [];
    return document.view.analyses.filter(({ root }) => !done.some((analysis) => analysis.root.model === root.model));
  }

  /** Shows the problems that stood before at once, all of them when the user has paused; `then` goes with the latter. */
  function publish(document: OpenDocument, all: OpenDocument["published"], then: () => void = () => undefined): void {
    const wait = quietIn(document);
    if (wait === 0) {
      show(document, all);
      then();
      return;
    }
    const before = new Set(document.published.map(({ diagnostic }) => identityOf(diagnostic)));
    show(
      document,
      all.filter(({ diagnostic }) => before.has(identityOf(diagnostic))),
    );
    later(`publish ${document.uri}`, wait, () => {
      show(document, all);
      then();
    });
  }

  function show(document: OpenDocument, published: OpenDocument["published"]): void {
    forget(`publish ${document.uri}`);
    document.published = published;
    const open = [...documents.values()];
    const lists = open.map((one) => one.published);
    const used = open.flatMap((one) => one.usedIgnores);
    const byUri = problemsByUri(lists, used, context);
    for (const uri of new Set([...shown.keys(), ...byUri.keys()])) {
      const problems = byUri.get(uri) ?? [];
      const text = JSON.stringify(problems);
      if (text !== shown.get(uri)) outlet.publish(uri, problems);
      if (problems.length === 0) shown.delete(uri);
      else shown.set(uri, text);
    }
  }

  function changedText(file: string, text: string | undefined): void {
    if (text === undefined) texts.delete(file);
    else texts.set(file, text);
    context.forget(file);
    forgetBench();
    analyzer?.changed(file);
  }

  return {
    documents,
    context,
    notebooks,
    analyzer: current,
    settings: () => settings,
    read: files.read,
    isLibrary,
    bench: () => {
      const over = (edited: FileSystem): Analyzer =>
        host.createAnalyzer(edited, { paths: folders, pythonPaths: packages, timeout: ROOT_LIMIT });
      bench ??= createWorkbench(files, over, [], []);
      return bench;
    },
    open(uri, text) {
      const file = host.fileOf(uri);
      uris.set(file, uri);
      const document = openDocument(uri, file, text, chosen.get(uri) ?? NO_CHOICE);
      documents.set(uri, document);
      if (files.read(file) !== text) changedText(file, text);
      else texts.set(file, text);
      schedule(document, 0);
    },
    edit(uri, text, moved = false) {
      const document = documents.get(uri);
      if (document === undefined) return;
      if (document.text === text) {
        if (moved) schedule(document, 0);
        return;
      }
      document.text = text;
      document.lastEdit = Date.now();
      forget(`publish ${uri}`);
      changedText(document.file, text);
      schedule(document, ANALYZE_DELAY);
      // Another open file may import this one.
      for (const other of documents.values())
        if (other !== document && other.view !== undefined) schedule(other, NEW_PROBLEM_DELAY);
    },
    close(uri) {
      const document = documents.get(uri);
      if (document === undefined) return;
      show(document, []);
      documents.delete(uri);
      uris.delete(document.file);
      forget(`analyze ${uri}`);
      settleFixes(document);
      changedText(document.file, undefined);
    },
    touched(file) {
      context.forget(file);
      if (texts.has(file)) return;
      forgetBench();
      analyzer?.changed(file);
      for (const document of documents.values()) if (document.view !== undefined) schedule(document, ANALYZE_DELAY);
    },
    configure(next, nextFolders, interpreter) {
      settings = next;
      const nextPackages = sitePackages(files, nextFolders, interpreter);
      if (nextPackages.join() !== packages.join() || nextFolders.join() !== folders.join()) {
        analyzer?.dispose();
        analyzer = undefined;
        forgetBench();
      }
      folders = nextFolders;
      packages = nextPackages;
      scheduleAll(0);
    },
    force(uri) {
      const document = documents.get(notebooks.ownerOf(uri));
      if (document === undefined) return;
      document.forced = true;
      schedule(document, 0);
    },
    choose(uri, choice) {
      const document = documents.get(uri);
      if (document === undefined) return;
      document.choice = choice;
      chosen.set(uri, choice);
      document.view = undefined;
      document.whole = undefined;
      document.lastEdit = 0;
      schedule(document, 0);
    },
    ready(part) {
      const uri = notebooks.ownerOf(part);
      const document = documents.get(uri);
      if (document === undefined || document.view !== undefined || !settings.enabled || !isAnalyzed(document))
        return Promise.resolve(document);
      if (!timers.has(`analyze ${uri}`) && document.generation === 0) return Promise.resolve(document);
      return waitIn(waiting, uri);
    },
    fixed(part) {
      const document = documents.get(notebooks.ownerOf(part));
      if (document === undefined || document.fixed) return Promise.resolve(document);
      return waitIn(waitingForFixes, document.uri);
    },
  };
}
