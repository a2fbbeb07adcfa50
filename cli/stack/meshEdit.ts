import { isDeepStrictEqual } from "node:util";
import type { MeshState } from "../../mesh/upgrade.ts";
import { UsageError } from "../../offline/errors.ts";
import { parseYaml } from "../../offline/project/yamlFile.ts";
import { withMapAfter, withScalar, withoutEntry } from "../../yaml/edit.ts";
import { EditError } from "../../yaml/place.ts";

/** One change of a text and, to check it, the same change of its value. */
interface Edit {
  readonly path: readonly string[];
  readonly value: string | Readonly<Record<string, string>> | undefined;
}

/** A stack file, and what to change in it. */
export interface MeshEdit {
  readonly text: string;
  readonly file: string;
  /** The project, whose name begins the keys. */
  readonly project: string;
  readonly before: MeshState;
  readonly after: MeshState;
}

/**
 * A stack file with another state of the mesh. Its comments, its order and its quotes stay.
 *
 * @throws UsageError if the settings are not plain values of the file, with the edit to make by hand
 */
export function editedStackFile({ text, file, project, before, after }: MeshEdit): string {
  const edits = editsOf(project, before, after);
  let edited = text;
  try {
    for (const edit of edits) edited = applied(edited, edit);
    const wanted = edits.reduce<unknown>(changed, parseYaml(text, file));
    if (!isDeepStrictEqual(valueOf(edited, file), wanted)) {
      throw new EditError("a setting is shared by an anchor");
    }
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    throw new UsageError(
      [`${file} cannot be edited: ${error.message}. Edit it by hand:`, ...edits.map(byHand)].join(
        "\n",
      ),
    );
  }
  return edited;
}

/** The value of an edited text; undefined if the edit broke it, such as by removing an anchor. */
function valueOf(edited: string, file: string): unknown {
  try {
    return parseYaml(edited, file);
  } catch {
    return undefined;
  }
}

function editsOf(project: string, before: MeshState, after: MeshState): readonly Edit[] {
  const mesh: readonly string[] = ["config", `${project}:mesh`];
  const [was, will] = [before.settings, after.settings];
  const upgrade: readonly string[] = [...mesh, "upgrade"];
  const set = (path: readonly string[], from: string, value: string): Edit[] =>
    from === value ? [] : [{ path, value }];
  const canaries = Object.keys(before.namespaces).filter(
    (name) => before.namespaces[name]?.canary === true && after.namespaces[name]?.canary !== true,
  );
  return [
    ...set([...mesh, "revision"], was.revision, will.revision),
    ...(will.upgrade === undefined
      ? was.upgrade === undefined
        ? []
        : [{ path: upgrade, value: undefined }]
      : was.upgrade === undefined
        ? [{ path: upgrade, value: will.upgrade }]
        : [
            ...set([...upgrade, "to"], was.upgrade.to, will.upgrade.to),
            ...set([...upgrade, "phase"], was.upgrade.phase, will.upgrade.phase),
          ]),
    ...canaries.map((name) => ({
      path: ["config", `${project}:namespaces`, name, "canary"],
      value: undefined,
    })),
  ];
}

function applied(text: string, { path, value }: Edit): string {
  if (value === undefined) return withoutEntry(text, path);
  return typeof value === "string"
    ? withScalar(text, path, value)
    : withMapAfter(text, path, "revision", value);
}

/** The same edit of the value of the file. */
function changed(value: unknown, { path: [key = "", ...rest], value: wanted }: Edit): unknown {
  const map = value as Readonly<Record<string, unknown>>;
  if (rest.length > 0) {
    return { ...map, [key]: changed(map[key], { path: rest, value: wanted }) };
  }
  const others = Object.entries(map).filter(([name]) => name !== key);
  return Object.fromEntries(wanted === undefined ? others : [...others, [key, wanted]]);
}

function byHand({ path, value }: Edit): string {
  const name = path.slice(1).join(".");
  if (value === undefined) return `  remove ${name}`;
  const text =
    typeof value === "string"
      ? value
      : `{ ${Object.entries(value)
          .map(([key, one]) => `${key}: ${one}`)
          .join(", ")} }`;
  return `  set ${name} to ${text}`;
}
