import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const server = process.env['DAIS_SERVER'] ?? 'http://localhost:5180';

export default defineConfig({
  plugins: [vue()],
  resolve: { conditions: ['dais-source', 'module', 'browser', 'development|production'] },
  build: { outDir: 'dist', target: 'es2022', assetsInlineLimit: 0 },
  server: {
    proxy: { '/v1': { target: server, ws: true, changeOrigin: false }, '/metrics': { target: server } },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], testTimeout: 30_000 },
});
