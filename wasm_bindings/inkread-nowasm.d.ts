// The engine as JavaScript, for environments without WebAssembly: tools/build_nowasm.mjs makes inkread-nowasm.js.

/** As WebAssembly.instantiate of the same engine does, but at once. Every call makes an engine with a memory of its own. */
export function instantiate(imports: WebAssembly.Imports): { exports: Record<string, any> };
