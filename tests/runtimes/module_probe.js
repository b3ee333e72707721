/**
 * The package does not hand out its module. This one, when it is evaluated before the package, notes what every module that
 * is instantiated from then on exports, its memory among the rest.
 *
 * @type {WebAssembly.Exports[]}
 */
export const modules = [];

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, [module, imports]) {
    const instance = new Instance(module, imports);
    if (!("llhttp_init" in instance.exports)) modules.push(instance.exports); // Node's own parser of HTTP
    return instance;
  },
});
