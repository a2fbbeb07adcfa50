import { UsageError } from "../../offline/errors.ts";

/** A user's mistake whose message already has file positions. */
export class LocatedError extends UsageError {}
