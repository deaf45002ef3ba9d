/** Whether a Python text names a tensor library, so that there may be a model in it. Quick: read on every open. */
export function namesTensorLibrary(text: string): boolean {
  return LIBRARY.test(text);
}

const LIBRARY =
  /^[ \t]*(?:import|from)[ \t]+(?:[\w., ]*\b)?(?:torch|torchvision|tensorflow|keras|jax|flax|timm)\b|\bnn\.Module\b|\bkeras\.(?:Model|layers)\b/m;
