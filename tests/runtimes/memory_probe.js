/**
 * The package does not hand out its memory. This module, when it is evaluated before the package, notes the memory of every
 * module that is instantiated from then on.
 *
 * @type {WebAssembly.Memory[]}
 */
export const memories = [];

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, [module, imports]) {
    const instance = new Instance(module, imports);
    for (const exported of Object.values(instance.exports)) {
      if (exported instanceof WebAssembly.Memory) memories.push(exported);
    }
    return instance;
  },
});
