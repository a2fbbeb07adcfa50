import { execFileSync } from "node:child_process";

const IDENTITY = ["-c", "user.name=a", "-c", "user.email=a@b.c"];

/** Runs Git in a directory, with an author and with submodules from this machine. */
export function git(directory: string, ...args: readonly string[]): string {
  return execFileSync(
    "git",
    ["-C", directory, ...IDENTITY, "-c", "protocol.file.allow=always", ...args],
    { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" },
  );
}

/** Makes a directory a repository of Git whose remote has a URL. */
export function initRepository(directory: string, remote: string): string {
  git(directory, "init", "--quiet");
  git(directory, "remote", "add", "origin", remote);
  return directory;
}

/** Makes a directory a repository whose branch main has its files. */
export function commitAll(directory: string): string {
  git(directory, "init", "--quiet", "--initial-branch=main");
  git(directory, "add", ".");
  git(directory, "commit", "--quiet", "--message=first");
  return directory;
}
