export function servePage(
  entry: string,
  more?: { readonly worker?: string; readonly files?: ReadonlyMap<string, string | Uint8Array> },
): Promise<{ readonly address: string; readonly close: () => void }>;
