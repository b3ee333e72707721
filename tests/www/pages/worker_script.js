import * as pkg from "../../../pkg/entry/inline.js";
import { usePackage } from "./use.js";

addEventListener("message", async ({ data }) => {
  try {
    await usePackage(pkg, data);
    postMessage(`it works, and there is ${typeof document === "undefined" ? "no" : "a"} document`);
  } catch (error) {
    postMessage(error instanceof Error ? error.stack : String(error));
  }
});
