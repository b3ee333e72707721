// What bundlers for Workers make of a .wasm file.
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

// What a Worker may import of its host.
declare module "cloudflare:workers" {
  export const waitUntil: ((promise: Promise<unknown>) => void) | undefined;
}

// The AI SDK's types refer to it, and come without it.
declare module "json-schema" {
  export type JSONSchema7 = object;
  export type JSONSchema7Definition = JSONSchema7 | boolean;
}
