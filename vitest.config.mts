import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These run in a real VS Code, by scripts of their own.
    exclude: [...configDefaults.exclude, "test/host/**", "test/web/**", "test/e2e/**"],
  },
});
