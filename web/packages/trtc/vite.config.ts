import { defineConfig } from 'vitest/config';

/** The script for pages without a bundler: everything in one file, which sets `globalThis.TRTC`. */
export default defineConfig({
  resolve: { conditions: ['dais-source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    // The modules beside it are the compiler's.
    emptyOutDir: false,
    lib: { entry: 'src/global.ts', formats: ['iife'], name: 'DaisTrtc', fileName: () => 'trtc.global.js' },
  },
  test: { environment: 'happy-dom', include: ['test/**/*.test.ts'], testTimeout: 30_000 },
});
