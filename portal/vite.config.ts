import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/portal/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'es2022',
    // The server's Content-Security-Policy allows no inline script, and every browser the portal supports preloads by itself.
    modulePreload: { polyfill: false },
    // Fluent UI is one chunk of about 500 kB before compression; it is served from the same machine.
    chunkSizeWarningLimit: 700,
  },
});
