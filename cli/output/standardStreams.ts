const FAILED_EXIT_CODE = 2;

/**
 * Lets a run go on when what it prints cannot be written: reports still go to their files. A reader
 * that has seen enough, such as `head`, is no failure, and the exit code tells what was found. After
 * any other failure something is missing from the output, and the exit code is 2.
 */
export function toleratePrintFailures(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isFailure(error)) {
      process.stderr.write(`Standard output cannot be written: ${error.message}\n`);
    }
  });
  process.stderr.on("error", isFailure);
}

function isFailure(error: NodeJS.ErrnoException): boolean {
  if (error.code === "EPIPE") return false;
  process.once("exit", () => (process.exitCode = FAILED_EXIT_CODE));
  return true;
}
