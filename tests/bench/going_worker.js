// A Worker whose clock stands still while it computes: who asks it to work measures how long that takes.
// @ts-ignore: written beside the copy of this file that is run
import settings from "../settings.js";
import { allWorkloads } from "./workloads.js";

/** @type {Record<string, import("./workloads.js").Contenders>} */
const workloads = allWorkloads(settings);

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { workload, contender, count } = await request.json();
    try {
      await workloads[workload][contender](count);
      return new Response("done");
    } catch (error) {
      return new Response(error instanceof Error ? error.stack : String(error), { status: 500 });
    }
  },
};
