export default [
  { mode: "production", target: "web", entry: "./browser.js", output: { filename: "browser.js" } },
  { mode: "production", target: "node", entry: "./node.js", output: { filename: "node.cjs" } },
];
