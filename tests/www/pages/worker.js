// The package in a module worker, which has no document.
import { equal } from "../../runtimes/suite/check.js";

/** @import { Case } from "../../runtimes/suite/context.js" */

/** @type {Case[]} */
export const cases = [
  {
    name: "works in a module worker",
    async run({ issuer, endpoint }) {
      const worker = new Worker("worker_script.js", { type: "module" });
      const answer = new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`));
      });
      worker.postMessage({ issuer, endpoint });
      equal(await answer, "it works, and there is no document", "what the worker says");
      worker.terminate();
    },
  },
];
