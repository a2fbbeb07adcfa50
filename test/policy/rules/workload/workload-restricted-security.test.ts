import { describe, expect, test } from "vitest";
import { workloadRestrictedSecurity } from "../../../../policy/rules/workload/workload-restricted-security.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";
import {
  container,
  inMesh,
  outsideMesh,
  podSpec,
  template,
  workload,
} from "../../../support/workloads.ts";

async function messages(fixture: Fixture, stack: readonly Fixture[] = inMesh) {
  return (await run(workloadRestrictedSecurity, [...stack, fixture])).map(({ level, message }) => [
    level,
    message,
  ]);
}

function holding(changes: Props, pod: Props = {}, kind = "Deployment"): Fixture {
  return workload(template(podSpec({ containers: [container(changes)], ...pod })), { kind });
}

const SECURE = container()["securityContext"] as Props;
const secured = (changes: Props): Fixture =>
  holding({ securityContext: { ...SECURE, ...changes } });
const pod = (changes: Props): Fixture => workload(template(podSpec(changes)));

const SPEC = 'Deployment "web": spec.template.spec';
const CONTAINER = `${SPEC}.containers[0]`;
const refused = (what: string, fix = "Remove it") => [
  ["violation", `${what}, which the restricted pod security standard does not allow. ${fix}.`],
];

describe("workload-restricted-security", () => {
  test("reports nothing about a workload that meets the standard", async () => {
    expect(await messages(holding({}))).toEqual([]);
  });

  describe("the standard rejects", () => {
    test.each<[string, Fixture]>([
      [`${SPEC}.hostPID is true`, pod({ hostPID: true })],
      [`${SPEC}.hostIPC is true`, pod({ hostIPC: true })],
      [`${CONTAINER}.securityContext.privileged is true`, secured({ privileged: true })],
      [`${CONTAINER}.securityContext.procMount is Unmasked`, secured({ procMount: "Unmasked" })],
      [`${CONTAINER}.ports[0].hostPort is 80`, holding({ ports: [{ hostPort: 80 }] })],
      [
        `${CONTAINER}.securityContext.capabilities.add[1] is NET_ADMIN`,
        secured({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE", "NET_ADMIN"] } }),
      ],
      [
        `${CONTAINER}.securityContext.seLinuxOptions.type is spc_t`,
        secured({ seLinuxOptions: { type: "spc_t" } }),
      ],
      [
        `${CONTAINER}.securityContext.seLinuxOptions.user is root`,
        secured({ seLinuxOptions: { user: "root" } }),
      ],
      [
        `${CONTAINER}.securityContext.appArmorProfile.type is Unconfined`,
        secured({ appArmorProfile: { type: "Unconfined" } }),
      ],
      [
        `${SPEC}.securityContext.sysctls[0].name is kernel.msgmax`,
        pod({
          securityContext: {
            runAsNonRoot: true,
            seccompProfile: { type: "RuntimeDefault" },
            sysctls: [{ name: "kernel.msgmax", value: "1" }],
          },
        }),
      ],
    ])("%s", async (what, fixture) => {
      expect(await messages(fixture)).toEqual(refused(what));
    });

    test.each<[string, string, Fixture]>([
      [
        `${CONTAINER}.securityContext.allowPrivilegeEscalation is true`,
        "Set allowPrivilegeEscalation: false",
        secured({ allowPrivilegeEscalation: true }),
      ],
      [
        `${CONTAINER}.securityContext.capabilities.drop is [NET_RAW]`,
        "Set capabilities.drop: [ALL]",
        secured({ capabilities: { drop: ["NET_RAW"] } }),
      ],
      [
        `${CONTAINER}.securityContext.runAsNonRoot is false`,
        "Set runAsNonRoot: true",
        secured({ runAsNonRoot: false }),
      ],
      [
        `${CONTAINER}.securityContext.seccompProfile.type is Unconfined`,
        "Set seccompProfile.type: RuntimeDefault",
        secured({ seccompProfile: { type: "Unconfined" } }),
      ],
      [
        `${CONTAINER}.securityContext.runAsUser is 0`,
        "Set it to another ID, such as 10001",
        secured({ runAsUser: 0 }),
      ],
      [
        `${SPEC}.securityContext.runAsUser is 0`,
        "Set it to another ID, such as 10001",
        pod({
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 0,
            seccompProfile: { type: "RuntimeDefault" },
          },
        }),
      ],
    ])("%s", async (what, fix, fixture) => {
      expect(await messages(fixture)).toEqual(refused(what, fix));
    });

    test("volumes of the node", async () => {
      const volumes = [
        { name: "tmp", emptyDir: {}, hostPath: null },
        { name: "logs", hostPath: { path: "/var/log" } },
      ];
      expect(await messages(pod({ volumes }))).toEqual([
        [
          "violation",
          `${SPEC}.volumes[1].hostPath is a volume type that the restricted pod security standard does not allow. Use one of configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, projected, secret.`,
        ],
      ]);
    });

    test("init containers too", async () => {
      const init = container({ securityContext: { ...SECURE, privileged: true } });
      expect(await messages(pod({ initContainers: [init] }))).toEqual(
        refused(`${SPEC}.initContainers[0].securityContext.privileged is true`),
      );
    });
  });

  describe("the standard accepts", () => {
    test.each<[string, Fixture]>([
      ["the node's processes, not shared", pod({ hostPID: false, hostIPC: false })],
      ["no privileges", secured({ privileged: false })],
      ["the default /proc", secured({ procMount: "Default" })],
      ["no host port", holding({ ports: [{ containerPort: 8080, hostPort: 0 }] })],
      ["no ports", holding({ ports: undefined })],
      ["unset SELinux options", secured({ seLinuxOptions: { type: "", user: "", role: "" } })],
      ["an SELinux type", secured({ seLinuxOptions: { type: "container_t" } })],
      ["another SELinux type", secured({ seLinuxOptions: { type: "container_engine_t" } })],
      ["AppArmor by default", secured({ appArmorProfile: { type: "RuntimeDefault" } })],
      ["AppArmor by a profile of the node", secured({ appArmorProfile: { type: "Localhost" } })],
      ["a user", secured({ runAsUser: 10001 })],
      ["no volumes", pod({ volumes: [] })],
      ["an invalid volume", pod({ volumes: ["tmp", null] })],
    ])("%s", async (_, fixture) => {
      expect(await messages(fixture)).toEqual([]);
    });
  });

  describe("the standard requires", () => {
    test("everything in one finding", async () => {
      const bare = pod({
        securityContext: undefined,
        containers: [container({ securityContext: { readOnlyRootFilesystem: true } })],
      });
      expect(await messages(bare)).toEqual([
        [
          "violation",
          `${CONTAINER}.securityContext lacks allowPrivilegeEscalation: false, capabilities.drop: [ALL], runAsNonRoot: true, seccompProfile.type: RuntimeDefault, which the restricted pod security standard requires. Set each in the container or, if the field exists there, in the pod's securityContext.`,
        ],
      ]);
    });

    test.each<[string, Props, Props]>([
      ["runAsNonRoot: true", {}, { seccompProfile: { type: "Localhost" } }],
      ["seccompProfile.type: RuntimeDefault", {}, { runAsNonRoot: true }],
      ["capabilities.drop: [ALL]", { capabilities: { add: [] } }, {}],
      ["allowPrivilegeEscalation: false", { allowPrivilegeEscalation: null }, {}],
    ])("%s", async (words, own, ofPod) => {
      const securityContext = Object.keys(ofPod).length > 0 ? ofPod : podSpec()["securityContext"];
      const fixture = holding({ securityContext: { ...SECURE, ...own } }, { securityContext });
      expect(await messages(fixture)).toEqual([
        ["violation", expect.stringContaining(`securityContext lacks ${words}, which the`)],
      ]);
    });

    test("the fields in the container if the pod does not set them or sets them otherwise", async () => {
      const own = { ...SECURE, runAsNonRoot: true, seccompProfile: { type: "Localhost" } };
      const securityContext = { seccompProfile: { type: "Unconfined" } };
      expect(await messages(holding({ securityContext: own }, { securityContext }))).toEqual([]);
    });
  });

  describe("the image", () => {
    const named = (image: unknown) => messages(holding({ image }));

    test.each([
      ["web", "which has no tag"],
      ["localhost:5000/web", "which has no tag"],
      ["ghcr.io/shop/web:latest", "whose tag is latest"],
    ])("%s", async (image, means) => {
      expect(await named(image)).toEqual([
        [
          "violation",
          `${CONTAINER}.image is ${image}, ${means}, so it may be another image tomorrow. Use a version, preferably with its digest.`,
        ],
      ]);
    });

    test("should be referenced by digest", async () => {
      expect(await named("localhost:5000/web:1.4.2")).toEqual([
        [
          "violation",
          `${CONTAINER}.image is localhost:5000/web:1.4.2, whose tag may move to another image. Add its digest.`,
        ],
      ]);
    });

    test.each(["web@sha256:0123", "web:latest@sha256:0123", "auto", UNKNOWN, undefined])(
      "is valid: %j",
      async (image) => {
        expect(await named(image)).toEqual([]);
      },
    );
  });

  test.each<[string | undefined, string | undefined, number]>([
    ["web", undefined, 0],
    [undefined, "web", 0],
    [UNKNOWN, undefined, 0],
    [undefined, undefined, 1],
    ["default", undefined, 1],
    [undefined, "default", 1],
  ])(
    "requires an explicit service account: %j, %j",
    async (serviceAccountName, serviceAccount, count) => {
      const found = await messages(pod({ serviceAccountName, serviceAccount }));
      const name = serviceAccountName ?? serviceAccount ?? "not set, which means default";
      expect(found).toEqual(
        count === 0
          ? []
          : [
              [
                "violation",
                `${SPEC}.serviceAccountName is ${name}, an identity in the mesh that it shares with other workloads of its namespace. Set it to a dedicated ServiceAccount.`,
              ],
            ],
      );
    },
  );

  test.each([false, undefined])("advises against a writable root file system: %j", async (root) => {
    expect(await messages(secured({ readOnlyRootFilesystem: root }))).toEqual([
      [
        "violation",
        `${CONTAINER}.securityContext.readOnlyRootFilesystem is not true, so an attacker can change the container's files. Set it to true, and mount an emptyDir where the container writes.`,
      ],
    ]);
  });

  test("judges only the fields of a patch", async () => {
    const patch = (spec: Props) => workload(template(spec), { kind: "DeploymentPatch" });
    expect(await messages(patch({ containers: [{ name: "web" }] }))).toEqual([]);
    const privileged = { name: "web", image: "web:latest", securityContext: { privileged: true } };
    expect(await messages(patch({ containers: [privileged] }))).toHaveLength(2);
  });

  test("leaves the host network to another rule", async () => {
    expect(await messages(pod({ hostNetwork: true }))).toEqual([]);
  });

  test("ignores the containers of the mesh", async () => {
    const init = { name: "istio-init", securityContext: { capabilities: { add: ["NET_ADMIN"] } } };
    expect(await messages(pod({ initContainers: [init] }))).toEqual([]);
  });

  test("reports nothing outside the mesh", async () => {
    expect(await messages(secured({ privileged: true }), outsideMesh)).toEqual([]);
  });

  test.each<[string, Fixture]>([
    ["spec.template", workload(UNKNOWN)],
    ["spec.template.spec", workload(template(UNKNOWN))],
    ["spec.template.spec.containers", pod({ containers: UNKNOWN })],
    ["spec.template.spec.volumes", pod({ volumes: UNKNOWN })],
    ["spec.template.spec.volumes[0]", pod({ volumes: [UNKNOWN] })],
    ["spec.template.spec.containers[0].securityContext", holding({ securityContext: UNKNOWN })],
    ["spec.template.spec.containers[0].ports", holding({ ports: UNKNOWN })],
    ["spec.template.spec.containers[0].securityContext.runAsUser", secured({ runAsUser: UNKNOWN })],
    [
      "spec.template.spec.containers[0].securityContext.capabilities.drop[0]",
      secured({ capabilities: { drop: [UNKNOWN] } }),
    ],
  ])("advises once if %s is unknown", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      ["unjudged", expect.stringContaining(`Deployment "web": ${path} is known only`)],
    ]);
  });

  describe("remediation", () => {
    const bare = container({ securityContext: { readOnlyRootFilesystem: true } });

    async function mended(fixture: Fixture, stack: readonly Fixture[] = inMesh) {
      return remediate(workloadRestrictedSecurity, [...stack, fixture]);
    }

    test.each<[string, Props]>([
      ["a user who is not root", { runAsUser: 10001 }],
      ["a user who must not be root", { runAsNonRoot: true }],
    ])("adds fields that already apply to %s, permanently", async (_, securityContext) => {
      const fixture = pod({ securityContext, containers: [bare] });
      const props = await mended(fixture);
      expect(props).toEqual(
        pod({
          securityContext,
          containers: [
            container({
              securityContext: {
                readOnlyRootFilesystem: true,
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                ...(securityContext["runAsNonRoot"] !== true && { runAsNonRoot: true }),
                seccompProfile: { type: "RuntimeDefault" },
              },
            }),
          ],
        }).props,
      );
      const fixed = { ...fixture, props: props ?? {} };
      expect(await mended(fixed)).toBeUndefined();
      expect(await messages(fixed)).toEqual([]);
    });

    const user = { runAsUser: 10001 };
    const mixed = (changes: Props) =>
      pod({ securityContext: user, containers: [container({ securityContext: changes })] });

    test.each<[string, Fixture, readonly Fixture[]]>([
      [
        "a container that may run as root",
        pod({ securityContext: {}, containers: [bare] }),
        inMesh,
      ],
      [
        "a container that runs as root",
        pod({ securityContext: { runAsUser: 0 }, containers: [bare] }),
        inMesh,
      ],
      [
        "a container with an unknown user",
        pod({ securityContext: { runAsUser: UNKNOWN }, containers: [bare] }),
        inMesh,
      ],
      [
        "a container with added capabilities",
        mixed({ capabilities: { add: ["NET_ADMIN"] } }),
        inMesh,
      ],
      ["a privileged container", mixed({ privileged: true }), inMesh],
      ["a container with all fields", holding({}), inMesh],
      ["unknown values", pod({ containers: UNKNOWN }), inMesh],
      [
        "a job, which would run again",
        workload(template(podSpec({ securityContext: user, containers: [bare] })), { kind: "Job" }),
        inMesh,
      ],
      [
        "a patch",
        workload(template(podSpec({ securityContext: user, containers: [bare] })), {
          kind: "DeploymentPatch",
        }),
        inMesh,
      ],
      ["one outside the mesh", pod({ securityContext: user, containers: [bare] }), outsideMesh],
    ])("ignores %s", async (_, fixture, stack) => {
      expect(await mended(fixture, stack)).toBeUndefined();
    });
  });
});
