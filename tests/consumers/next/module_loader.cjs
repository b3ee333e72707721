// A module is a global of the script. The file beside the script has its name.
module.exports = function loadModule(bytes) {
  const hash = require("node:crypto").createHash("sha1").update(bytes).digest("hex");
  this.emitFile(`wasm_${hash}.wasm`, bytes);
  return `module.exports = wasm_${hash};`;
};
module.exports.raw = true;
