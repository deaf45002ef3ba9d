import type { Browser } from "playwright-core";

export function findBrowser(): Promise<{
  readonly executablePath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly name: string;
}>;
export function launchBrowser(): Promise<Browser>;
