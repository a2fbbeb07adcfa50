import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * The rooms of the project and what each may import. An arrow that is missing here is an error:
 * decisions stay pure, and what is started (index.ts, policy/index.ts) is never imported.
 */
const rooms = {
  mesh: { may: [], packages: false },
  settings: { may: ["mesh"], packages: false },
  components: { may: ["mesh"], packages: true },
  policy: { may: ["mesh"], packages: true },
  local: { may: ["mesh"], packages: true },
  cli: { may: ["mesh", "settings", "local"], packages: true },
};

const everyRoom = [
  "mesh",
  "settings",
  "components",
  "policy",
  "local",
  "cli",
  "gitops",
  "bench",
  "test",
];

function arrows([room, { may, packages }]) {
  const closed = everyRoom.filter((other) => other !== room && !may.includes(other));
  return {
    name: `rooms/${room}`,
    files: [`${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${closed.join("|")})/`,
              message: `${room}/ may import only ${["itself", ...may].join(", ")}.`,
            },
            {
              regex: "^(\\.\\./)+(policy/)?(index|settings)\\.ts$|^\\./index\\.ts$",
              message: "Entry points are started, never imported.",
            },
            ...(packages
              ? []
              : [{ regex: "^@pulumi/", message: `${room}/ is pure: it knows no Pulumi.` }]),
          ],
        },
      ],
    },
  };
}

export default defineConfig(
  globalIgnores(["node_modules", "test/programs", "coverage", "manifests"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
      "no-console": "error",
      curly: ["error", "multi-line"],
    },
  },
  ...Object.entries(rooms).map(arrows),
);
