import { nodeResolve } from "@rollup/plugin-node-resolve";

export default [
  { input: "browser.js", output: { dir: "dist" }, plugins: [nodeResolve({ browser: true })] },
  { input: "node.js", output: { file: "dist/node.mjs" }, plugins: [nodeResolve()] },
];
