import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  resolve: { conditions: ['dais-source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'index', cssFileName: 'style' },
    rollupOptions: { external: ['vue', '@dais/client'] },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    // Documented calls of the SDK whose names these are run with nothing but the module exchanged.
    alias: { 'tuikit-atomicx-vue3': fileURLToPath(new URL('src/index.ts', import.meta.url)) },
  },
});
