/**
 * Asks again until the answer is not empty: a provider answers when its first analysis is done. VS Code cancels what is
 * asked while yet another provider of the same kind comes to be; that is asked again too.
 */
export async function eventually<T>(ask: () => Thenable<readonly T[]> | readonly T[]): Promise<readonly T[]> {
  for (;;) {
    try {
      const answer = await ask();
      if (0 < answer.length) return answer;
    } catch (error) {
      if (!(error instanceof Error && error.name === "Canceled")) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
