// The package in a realm of its own, for the page around it. Not before the package has loaded, the frame has.
import * as pkg from "../../../pkg/entry/inline.js";
import { usePackage } from "./use.js";

Object.assign(globalThis, { pkg, usePackage });
