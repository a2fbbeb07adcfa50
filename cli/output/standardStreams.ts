const FAILED_EXIT_CODE = 2;

/**
 * Keeps a run going when its output cannot be printed, so reports still reach their files. A reader that closes the
 * pipe early, such as `head`, is not a failure, and the exit code is that of the run. After any other failure output is
 * missing, and the exit code is 2.
 */
export function toleratePrintFailures(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isFailure(error)) {
      process.stderr.write(`Cannot write to standard output: ${error.message}\n`);
    }
  });
  process.stderr.on("error", isFailure);
}

function isFailure(error: NodeJS.ErrnoException): boolean {
  if (error.code === "EPIPE") return false;
  process.once("exit", () => (process.exitCode = FAILED_EXIT_CODE));
  return true;
}
