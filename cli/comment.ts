import { Command } from "commander";
import { UsageError } from "../offline/errors.ts";
import { readText } from "../offline/project/textFile.ts";
import { currentPullRequest } from "./comment/currentPullRequest.ts";
import { NotPermittedError } from "./comment/pullRequest.ts";
import { writeComment } from "./comment/writeComment.ts";
import { escapeMessage } from "./reports/foreignText.ts";

interface CommentFlags {
  readonly key: string;
}

/** `comment`: writes a report to the pull request of the pipeline that runs it. */
export function commentCommand(): Command {
  return new Command("comment")
    .description(
      "In a pipeline, write a Markdown report as a comment of the pull request, or update the one of an earlier run",
    )
    .argument("<report>", "a Markdown file")
    .option(
      "--key <key>",
      "tells the comments of one pull request apart; each key has one",
      "preview",
    )
    .action(async (file: string, { key }: CommentFlags) => {
      const report = readText(file);
      if (report.trim() === "") {
        throw new UsageError(`${file} is empty. Pass the report that --markdown has written.`);
      }
      try {
        const pullRequest = currentPullRequest(process.env);
        const done = await writeComment(pullRequest, key, report);
        process.stdout.write(escapeMessage(`The comment of ${pullRequest.name} is ${done}.\n`));
      } catch (error) {
        if (!(error instanceof NotPermittedError)) throw error;
        // A fork's pull request must not fail because of that.
        process.stderr.write(
          escapeMessage(`No comment is written, since this run may not: ${error.message}\n`),
        );
      }
    });
}
