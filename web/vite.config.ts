import { existsSync, readFileSync } from "node:fs";
import license, { type Dependency } from "rollup-plugin-license";
import { defineConfig } from "vite";

// What the editor brings within itself, and so is not seen as a package of its own
const WITHIN = ["codemirror", "lodash-es", "query-string", "@zazuko/yasgui-utils", "dompurify", "store", "@dagrejs/dagre", "@dagrejs/graphlib"];

function notices(found: Dependency[]): string {
  const seen = found.map((one) => `${one.name} ${one.version} (${one.license})\n\n${one.licenseText ?? ""}`);
  const within = WITHIN.map((name) => {
    const folder = `node_modules/${name}`;
    const { version, license: terms } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = ["LICENSE", "LICENSE.md", "license"].map((one) => `${folder}/${one}`).find(existsSync);
    return `${name} ${version} (${terms})\n\n${file ? readFileSync(file, "utf8") : ""}`;
  });
  return [...seen, ...within].sort().join(`\n\n${"=".repeat(80)}\n\n`) + "\n";
}

// Names without digests, so that templates can name them; the server lets a browser ask again when the file changed.
export default defineConfig({
  build: {
    outDir: "../clausegraph/server/pages/static/web",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: true,
    modulePreload: false,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: ["search", "lineage", "charts", "atlas", "editor"].map((name) => `src/${name}.ts`),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
      plugins: [
        license({
          thirdParty: {
            output: { file: "../clausegraph/server/pages/static/web/THIRD-PARTY.txt", template: notices },
          },
        }),
      ],
    },
  },
});
