/** The command could not run: bad arguments, an unreadable file. Told in one line on stderr, exit code 2. */
export class Failure extends Error {}
