/** What was pasted or dropped: files, or the addresses of files from VS Code's own Explorer. */
export interface DropActions {
  readonly files: (files: readonly File[]) => void;
  readonly uris: (uris: readonly string[]) => void;
}

/** In the order of their use: VS Code's own list, then the usual one. */
const LISTS = ["application/vnd.code.uri-list", "text/uri-list"];

/** Takes files that are pasted into the page or dropped on it; other pastes are left to what has the focus. */
export function listenForFiles(actions: DropActions): void {
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    actions.files(files);
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  for (const end of ["dragleave", "dragend", "drop"])
    document.addEventListener(end, () => document.body.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const { dataTransfer } = event;
    if (dataTransfer === null) return;
    const files = [...dataTransfer.files];
    if (0 < files.length) return actions.files(files);
    const list = LISTS.map((type) => dataTransfer.getData(type)).find((text) => text !== "") ?? "";
    const uris = list.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
    if (0 < uris.length) actions.uris(uris);
  });
}
