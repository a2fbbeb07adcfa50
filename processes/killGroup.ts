/** Ends a process that leads a group, with everything that it started and that is still in the group. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // The group no longer exists.
  }
}
