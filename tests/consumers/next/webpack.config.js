import { fileURLToPath } from "node:url";

// How Next.js configures webpack for edge functions.
export default {
  mode: "production",
  target: ["web", "es6"],
  entry: "./entry.js",
  output: { filename: "index.js" },
  resolve: { conditionNames: ["edge-light", "worker", "..."] },
  module: {
    rules: [
      {
        test: /\.wasm$/,
        resourceQuery: /module/i,
        loader: fileURLToPath(new URL("module_loader.cjs", import.meta.url)),
        type: "javascript/auto",
      },
    ],
  },
};
