/** The kind of webview that the preview is; the activation event in `package.json` names it too. */
export const PREVIEW = "resnetLens.preview";
