/**
 * The rooms of the project, what each contains, which rooms it may import, and which files beside them. A file that no row covers, an import that no row
 * allows, and a cycle are errors; types count like values. CONTRIBUTING.md prints this table.
 */
export const ROOMS = {
  text: { contains: "wording that several rooms share; pure", may: [] },
  yaml: {
    contains: "YAML as Go programs read it, with the positions of its values; pure",
    may: [],
  },
  processes: { contains: "ends processes together with this one", may: [] },
  mesh: {
    contains: "the add-on's own rules: revisions, upgrades, injection; pure, without Pulumi",
    may: ["text"],
  },
  settings: {
    contains: "the schema and the rules of a stack's settings; also pure",
    may: ["text", "mesh"],
  },
  components: { contains: "Pulumi components, a folder for each concept", may: ["mesh"] },
  program: {
    contains: "the settings that `index.ts` reads, and the components that it creates",
    may: ["mesh", "settings", "components"],
  },
  "policy/engine": {
    contains: "how rules run and are configured, and exceptions; independent of Azure",
    may: ["text", "mesh"],
  },
  "policy/model": {
    contains:
      "the objects of Azure, Kubernetes, Istio and Flux that rules judge; independent of rules",
    may: ["text", "mesh", "policy/engine"],
  },
  "policy/rules": {
    contains: "one file per rule, in the folder of its area",
    may: ["text", "mesh", "policy/engine", "policy/model"],
  },
  manifests: {
    contains: "manifests, as kubectl, Kustomize, Helm and Flux read them; independent of Pulumi",
    may: ["text", "yaml", "processes"],
  },
  inject: {
    contains:
      "manual injection: where manifests have pods, and what an injector adds to them; pure",
    may: ["yaml", "mesh", "manifests"],
  },
  check: {
    contains: "judges manifests with the rules, in this process",
    may: ["text", "mesh", "manifests", "policy/engine", "policy/model", "policy/rules"],
    files: ["policy/rules.ts", "policy/package.json"],
  },
  offline: {
    contains: "the offline preview of any Pulumi program",
    may: ["text", "yaml", "processes", "manifests"],
  },
  rehearsal: {
    contains: "stand-ins for Azure, to which the real Pulumi CLI deploys",
    may: ["mesh", "manifests", "offline"],
  },
  operate: {
    contains: "what Azure and a live cluster say, and what is wrong there; independent of Pulumi",
    may: ["text", "yaml", "mesh", "manifests", "inject"],
  },
  migrate: {
    contains: "what becomes of the objects of another mesh, a folder for each; pure",
    may: ["text", "yaml", "mesh", "manifests", "operate"],
  },
  cli: {
    contains: "the commands and their reports",
    may: [
      "text",
      "yaml",
      "processes",
      "mesh",
      "manifests",
      "inject",
      "check",
      "settings",
      "offline",
      "rehearsal",
      "operate",
      "migrate",
    ],
  },
};

/** Rooms that decide by values alone, without Pulumi. */
const PURE = ["text", "yaml", "mesh", "settings", "inject", "migrate"];

/** Entry points: they are started, never imported. Tests and benchmarks may import the list of rules. */
const STARTED = ["index", "policy/index"];

/** No other folder imports these; they may import anything. */
const OUTSIDE = ["test", "bench", "bin", "scripts"];

const within = (rooms) => rooms.map((room) => `^${room}/`);
const named = (files) => files.map((file) => `^${file.replaceAll(".", "\\.")}$`);

/** Code that no row of the table covers. */
const HOMELESS = {
  path: "\\.[cm]?[jt]s$",
  pathNot: [
    ...within([...Object.keys(ROOMS), ...OUTSIDE]),
    `^(${STARTED.join("|")}|policy/rules)\\.ts$`,
    // Tools and Pulumi find these files by their names.
    "^([.\\w-]+\\.config\\.m[jt]s|\\.dependency-cruiser(\\.d)?\\.m[jt]s|policy/index\\.js)$",
    "node_modules/",
  ],
};

export default {
  forbidden: [
    {
      name: "no-cycle",
      comment: "Merge files that need each other, or move what they share to a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-import-of-entry-points",
      comment: "Pulumi starts the program and the pack; nothing imports them.",
      severity: "error",
      from: { pathNot: "^(test/|policy/index\\.js$)" },
      to: { path: `^(${STARTED.join("|")})\\.ts$` },
    },
    ...Object.entries(ROOMS).map(([room, { may, files = [] }]) => ({
      name: `arrows-of-${room}`,
      comment: `${room}/ may import only ${["itself", ...may].join(", ")} and packages.`,
      severity: "error",
      from: { path: `^${room}/` },
      to: {
        pathNot: [...within([room, ...may]), ...named(["package.json", ...files]), "node_modules/"],
        dependencyTypesNot: ["core"],
      },
    })),
    // Two rules, because one sees only files that are imported, and the other only those that are not.
    ...[
      { from: {}, to: HOMELESS },
      { from: {}, module: { ...HOMELESS, numberOfDependentsLessThan: 1 } },
    ].map((rule) => ({
      name: "no-file-without-a-room",
      comment:
        "A file belongs to a room of the table, or is one of the few that a tool requires at the top.",
      severity: "error",
      ...rule,
    })),
    {
      name: "no-import-from-outside-the-rooms",
      comment: "The rooms do not depend on tests or benchmarks.",
      severity: "error",
      from: { pathNot: within(OUTSIDE) },
      to: { path: within(OUTSIDE), pathNot: "^bin/register\\.js$" },
    },
    {
      name: "no-pulumi-in-pure-rooms",
      comment: "Decisions do not depend on Pulumi, so tests and commands can use them too.",
      severity: "error",
      from: { path: within(PURE) },
      to: { path: "node_modules/@pulumi/" },
    },
    {
      name: "clients-only-when-needed",
      comment:
        "Loading a client takes longer than most commands do: `await import` it where it connects.",
      severity: "error",
      from: { path: within(["operate", "cli"]) },
      to: {
        path: "node_modules/(@kubernetes/client-node|@azure/)",
        dynamic: false,
        dependencyTypesNot: ["type-only"],
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(packages|test/programs|bench/programs)/" },
  },
};
