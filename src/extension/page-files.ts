import * as vscode from "vscode";
import { purposeOf } from "../preview/file-purpose.ts";
import type { FilePurpose, OfferedFile, ToHost, ToPage } from "../preview/messages.ts";
import type { PreviewView, ViewNode } from "../preview/model.ts";
import { namedIn } from "../preview/named-files.ts";
import { t } from "../text/text.ts";
import { documentOf, uriOf } from "./documents.ts";
import type { OpenFile, Platform } from "./platform.ts";
import { say } from "./say.ts";

/** The files that the panel's page reads. */
export interface PageFiles {
  readonly pick: (purpose: FilePurpose) => Promise<void>;
  /** Files by their address, dropped or offered. */
  readonly open: (uris: readonly string[]) => Promise<void>;
  readonly part: (message: Extract<ToHost, { kind: "read-part" }>) => Promise<void>;
  readonly close: (file: number) => void;
  /** Tells the page which downloaded checkpoints the shown code names. */
  readonly offer: (view: PreviewView) => Promise<void>;
  readonly dispose: () => void;
}

/** No message carries more, in bytes. */
const MAX_PART = 16_000_000;

export function pageFiles(platform: Platform, post: (message: ToPage) => void): PageFiles {
  const opened = new Map<number, OpenFile>();
  let last = 0;

  async function give(uri: vscode.Uri, purpose: FilePurpose): Promise<void> {
    const name = uri.path.split("/").at(-1) ?? uri.path;
    try {
      if (purpose === "beside" || purpose === "labels") {
        post({ kind: "file", purpose, name, bytes: await vscode.workspace.fs.readFile(uri) });
        return;
      }
      const file = (await platform.openFile?.(uri)) ?? inMemory(await vscode.workspace.fs.readFile(uri));
      last++;
      opened.set(last, file);
      post({ kind: "opened", purpose, name, size: file.size, file: last });
    } catch {
      post({ kind: "no-file", purpose, reason: t("{0} cannot be read", name) });
    }
  }

  return {
    pick: async (purpose) => {
      const filters = filterOf(purpose);
      const [title = ""] = Object.keys(filters);
      const [file] = (await vscode.window.showOpenDialog({ filters, title, canSelectMany: false })) ?? [];
      if (file !== undefined) await give(file, purpose);
    },
    open: async (uris) => {
      for (const text of uris) {
        const uri = vscode.Uri.parse(text);
        const purpose = purposeOf(uri.path);
        const name = uri.path.split("/").at(-1) ?? uri.path;
        if (purpose !== undefined) await give(uri, purpose);
        else
          post({
            kind: "no-file",
            purpose: "image",
            reason: t("{0} is neither a picture, a .npy file nor a checkpoint", name),
          });
      }
    },
    part: async ({ request, file, offset, length }) => {
      const bytes = await opened
        .get(file)
        ?.read(offset, Math.min(length, MAX_PART))
        .catch(() => undefined);
      post({ kind: "part", request, ...(bytes === undefined ? {} : { bytes }) });
    },
    close: (file) => {
      void opened.get(file)?.close();
      opened.delete(file);
    },
    offer: async (view) => {
      const cached = await platform.cachedCheckpoints().catch(() => []);
      if (cached.length === 0) return;
      const texts = await Promise.all(
        filesOf(view).map(
          async (file) =>
            await documentOf(uriOf(file)).then(
              (found) => found.getText(),
              () => "",
            ),
        ),
      );
      const weights: readonly OfferedFile[] = namedIn(cached, texts).map(({ name, path, size }) => ({
        name,
        size,
        uri: vscode.Uri.file(path).toString(),
      }));
      post({ kind: "offers", weights });
    },
    dispose: () => {
      for (const file of opened.values()) void file.close();
      opened.clear();
    },
  };
}

function filterOf(purpose: FilePurpose): Record<string, string[]> {
  switch (purpose) {
    case "weights":
    case "beside":
      return { [say(t("Checkpoints"))]: ["safetensors", "pth", "pt", "ckpt", "bin"] };
    case "image":
      return { [say(t("Images"))]: ["png", "jpg", "jpeg"] };
    case "tensor":
      return { [say(t("Arrays"))]: ["npy"] };
    case "labels":
      return { [say(t("Class names"))]: ["txt", "json"] };
  }
}

function inMemory(bytes: Uint8Array): OpenFile {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    close: async () => undefined,
  };
}

/** The files that the shown layers come from. */
function filesOf(view: PreviewView): readonly string[] {
  const files = new Set<string>();
  const visit = (node: ViewNode): void => {
    for (const place of node.places) files.add(place.file);
    node.children.forEach(visit);
  };
  visit(view.network);
  return [...files];
}
