// Bundles src/index.ts into dist/widget.js, prints the size and fails when it is too large for a slow phone line.
import { readFile, mkdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const LIMIT = 45_000;
const OUT = "dist/widget.js";

// Style sheets become minified strings, which the element adopts: no style element, no inline style.
const styleSheets = {
  name: "style-sheets",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

await mkdir("dist", { recursive: true });
await build({
  entryPoints: ["src/index.ts"],
  outfile: OUT,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020"],
  charset: "utf8",
  legalComments: "inline",
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [styleSheets],
  logLevel: "warning",
});

const size = gzipSync(await readFile(OUT), { level: 9 }).length;
console.log(`${OUT}: ${(size / 1000).toFixed(1)} kB gzipped (limit ${LIMIT / 1000} kB)`);
if (size > LIMIT) {
  console.error("The widget is larger than its limit.");
  process.exit(1);
}
