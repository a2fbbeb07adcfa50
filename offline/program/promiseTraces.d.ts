export function untracePromises(sdk: string): void;
