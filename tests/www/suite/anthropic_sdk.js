// The official client refuses to work in a browser, for the sake of API keys. Here there is none.
// @ts-ignore: the bundler finds the client under this name
import Anthropic from "official-client";

// @ts-ignore
export * from "official-client";
export default class extends Anthropic {
  /** @param {object} options */
  constructor(options) {
    super({ ...options, dangerouslyAllowBrowser: true });
  }
}
