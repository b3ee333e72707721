// What the command `webpack` does, which is a package of its own.
import webpack from "webpack";
import config from "./webpack.config.js";

webpack(config, (error, stats) => {
  console.log(String(error ?? stats));
  process.exitCode = error || stats.hasErrors() ? 1 : 0;
});
