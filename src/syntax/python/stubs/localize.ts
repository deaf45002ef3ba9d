/** Bundled in place of the parser library's 1.8 MB of messages: `pyright.ts` fills both with what the parser asks for. */
export const LocMessage: Record<string, unknown> = {};
export const LocAddendum: Record<string, unknown> = {};
