import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Only to end what hangs: a busy machine takes its time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // These run in a real VS Code, by scripts of their own.
    exclude: [...configDefaults.exclude, "test/host/**", "test/web/**", "test/e2e/**"],
  },
});
