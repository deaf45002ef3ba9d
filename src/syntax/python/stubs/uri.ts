/** Bundled in place of the parser library's file addresses, which only its JSON readers use. */
export const Uri = {};
