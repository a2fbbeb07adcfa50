import { LineCounter, parseAllDocuments } from "yaml";
import type { Document } from "yaml";
import { TEMPLATE } from "../manifests/manifestText.ts";
import { problemsOf, valueOf } from "../yaml/documentProblems.ts";
import { goYamlOptions } from "../yaml/goYaml.ts";
import { isJsonObject, listIn, textIn, toJson, valueIn } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";
import { positionBelow, positionOf } from "../yaml/positions.ts";
import { mayHavePods } from "./mayHavePods.ts";

type Path = readonly (string | number)[];
type Keys = readonly string[];

/** An object of a manifest that has or makes pods. */
export interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent if the API server chooses it (`generateName`). */
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  /** What its pods are made from: a pod template, or the Pod itself. */
  readonly template: JsonObject;
  /** The volumes that a StatefulSet adds to its pods, by their names. */
  readonly claims: readonly string[];
  /** Where the template is. */
  readonly document: number;
  readonly path: Path;
  /** The line of the object, from 1. */
  readonly line: number;
}

/** The workloads of a text, and what is wrong with it. */
export interface WorkloadsOfText {
  readonly workloads: readonly Workload[];
  /** Objects that may have pods, but cannot be injected. */
  readonly others: readonly OtherObject[];
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

interface OtherObject extends Pick<Workload, "kind" | "name" | "line"> {
  /** Why not, as words that follow its name. */
  readonly reason: string;
}

const TEMPLATE_PATH = ["spec", "template"];

/**
 * Where each kind has its pod template. The kinds are those of `istioctl kube-inject`.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/kube/inject/initializer.go
 */
const PATHS: ReadonlyMap<string, Keys> = new Map<string, Keys>([
  ["Pod", []],
  ["Deployment", TEMPLATE_PATH],
  ["StatefulSet", TEMPLATE_PATH],
  ["DaemonSet", TEMPLATE_PATH],
  ["ReplicaSet", TEMPLATE_PATH],
  ["ReplicationController", TEMPLATE_PATH],
  ["Job", TEMPLATE_PATH],
  ["CronJob", ["spec", "jobTemplate", ...TEMPLATE_PATH]],
]);

const OTHER_KIND =
  "has pods, but is of a kind that is not injected. Inject what its operator makes";
const INCOMPLETE = "has pods, but not both apiVersion and kind, so it gets no sidecar. Add them";

const GROUPS: readonly string[] = ["v1", "apps", "batch", "extensions"];

/** The workloads in a text in YAML or JSON, also those in lists. */
export function workloadsIn(text: string): WorkloadsOfText {
  const lines = new LineCounter();
  const documents = [...parseAllDocuments(text, { ...goYamlOptions(2), lineCounter: lines })];
  const found = documents.map((document, index): WorkloadsOfText => {
    const [problem] = problemsOf(document, lines, { repeatedKeysAllowed: true });
    if (problem === undefined) {
      try {
        return workloadsOf(document, index, lines);
      } catch (error) {
        // A merge with something other than maps.
        const { line = 1 } = positionOf(document.contents, lines) ?? {};
        const message = error instanceof Error ? error.message : String(error);
        return { workloads: [], others: [], problems: [{ line, message }] };
      }
    }
    const { line, message } = problem;
    const isTemplate = TEMPLATE.test(text.slice(document.range[0], document.range[2]));
    const template = "it is a template; inject what the template renders";
    return {
      ...{ workloads: [], others: [] },
      problems: [{ line, message: isTemplate ? template : message }],
    };
  });
  return {
    workloads: found.flatMap(({ workloads }) => workloads),
    others: found.flatMap(({ others }) => others),
    problems: found.flatMap(({ problems }) => problems),
  };
}

function workloadsOf(
  document: Document.Parsed,
  index: number,
  lines: LineCounter,
): WorkloadsOfText {
  const workloads: Workload[] = [];
  const others: OtherObject[] = [];
  const visit = (object: JsonObject, at: Path, inherited: Partial<Workload>): void => {
    const apiVersion = nonEmpty(object, "apiVersion") ?? inherited.apiVersion ?? "";
    const kind = nonEmpty(object, "kind") ?? inherited.kind ?? "";
    const { items } = object;
    if (kind.endsWith("List") && Array.isArray(items)) {
      const ofItems = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
      for (const [i, item] of (items as readonly Json[]).entries()) {
        if (isJsonObject(item)) visit(item, [...at, "items", i], ofItems);
      }
      return;
    }
    const name =
      nonEmpty(object, "metadata", "name") ?? nonEmpty(object, "metadata", "generateName");
    const { line = 1 } =
      positionBelow(document.contents, [...at, "kind"], { document, lines }) ?? {};
    const path = GROUPS.includes(apiVersion.replace(/(?<=.)\/.*$/, ""))
      ? PATHS.get(kind)
      : undefined;
    if (path === undefined) {
      const reason = apiVersion === "" || kind === "" ? INCOMPLETE : OTHER_KIND;
      if (mayHavePods(object)) others.push({ kind, name, line, reason });
      return;
    }
    const template = valueIn(object, ...path);
    const containers = listIn(template, "spec", "containers");
    const isWhole =
      containers.length > 0 && containers.every((one) => textIn(one, "image") !== undefined);
    if (!isJsonObject(template) || !isWhole) {
      const reason = "lacks a container or its image, as patches do, so it gets no sidecar";
      others.push({ kind, name, line, reason });
      return;
    }
    workloads.push({
      ...{ apiVersion, kind, template, document: index, path: [...at, ...path], line },
      name: nonEmpty(object, "metadata", "name"),
      namespace: nonEmpty(object, "metadata", "namespace"),
      claims: claimsOf(object),
    });
  };
  const whole = toJson(valueOf(document));
  if (isJsonObject(whole)) visit(whole, [], {});
  else if (Array.isArray(whole) && (whole as readonly Json[]).some(mayHavePods)) {
    const { line = 1 } = positionOf(document.contents, lines) ?? {};
    others.push({ kind: "", name: undefined, line, reason: INCOMPLETE });
  }
  return { workloads, others, problems: [] };
}

function claimsOf(object: JsonObject): readonly string[] {
  return listIn(object, "spec", "volumeClaimTemplates").flatMap(
    (claim) => textIn(claim, "metadata", "name") ?? [],
  );
}

function nonEmpty(object: JsonObject, ...path: Keys): string | undefined {
  const text = textIn(object, ...path);
  return text === "" ? undefined : text;
}
