import { say } from "./dom.js";
import { Emulator } from "./emulator.js";
import { startExchangeStep } from "./exchange_step.js";
import { startFreshStep } from "./fresh_step.js";
import { startMintStep } from "./mint_step.js";

async function start() {
  // Imported here, so that the page can say why when a policy forbids WebAssembly.
  const [pkg, emulator] = await Promise.all([import("../pkg/entry/inline.js"), Emulator.start()]);
  startMintStep(emulator, startExchangeStep(pkg, emulator));
  startFreshStep(pkg, emulator);
  say("load-status", "The package is loaded.", "granted");
}

start().catch((error) => say("load-status", String(error), "refused"));
