/** Azure, a cluster or a file with what they say could not be read. The message is for the user, with the fix. */
export class AccessError extends Error {}
