/** Below this height, in pixels, the panel's parts do not all fit at once. */
const LOW = 820;

/** Whether what is not asked for should make room for what is. */
export function isLow(): boolean {
  return window.innerHeight < LOW;
}
