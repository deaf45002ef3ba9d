/** Asks again until the answer is not empty: a provider answers when its first analysis is done. */
export async function eventually<T>(ask: () => Thenable<readonly T[]> | readonly T[]): Promise<readonly T[]> {
  for (;;) {
    const answer = await ask();
    if (0 < answer.length) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
