/**
 * Variables that make Git use another repository than that of its directory. A Git hook has them. Those with
 * configuration stay: a pipeline marks its checkout as safe with them.
 *
 * @see https://git-scm.com/docs/git-rev-parse `--local-env-vars`
 */
const LOCATION = [
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_DIR",
  "GIT_GRAFT_FILE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_REPLACE_REF_BASE",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
];

/** The environment of Git: the repository of its directory, English output, which is parsed, and no prompts. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const located = Object.fromEntries(LOCATION.map((name) => [name, undefined]));
  return { ...process.env, ...located, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" };
}
