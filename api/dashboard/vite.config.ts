import { defineConfig } from "vite";

/** Where `npm run dev` finds the API. */
const API = "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  build: {
    target: "es2022",
    // The page's Content-Security-Policy has no inline source; nothing may be folded into the HTML.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": { target: API, ws: true }, "/readyz": API } },
});
