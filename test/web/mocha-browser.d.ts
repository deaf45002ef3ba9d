/** Mocha's build for browsers; loading it makes the global `mocha`. */
declare module "mocha/mocha.js";
