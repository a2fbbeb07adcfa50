import { parse, stringify } from "yaml";
import { z } from "zod";

/**
 * How kubelogin gets a token: from the session of `az` or of `azd`, from a managed identity, or from the variables of
 * a workload identity. All of them find the rest where they run, so that no credential stands in a kubeconfig.
 *
 * @see https://azure.github.io/kubelogin/concepts/login-modes.html
 */
export type KubeloginMode = "azurecli" | "azd" | "msi" | "workloadidentity";

const ExecKubeconfig = z.looseObject({
  users: z.array(
    z.looseObject({
      user: z.looseObject({ exec: z.looseObject({ args: z.array(z.string()) }) }),
    }),
  ),
});

/**
 * The kubeconfig that AKS gives out, with each of its users logging in without a person: as AKS writes it, kubelogin
 * waits for somebody with a browser. The client and the tenant go with that login; the server stays, because it is
 * what the token is for.
 *
 * @throws Error where the text is no kubeconfig of the format `exec`. The message holds nothing of the text.
 * @see https://learn.microsoft.com/azure/aks/kubelogin-authentication
 */
export function kubeloginKubeconfig(text: string, mode: KubeloginMode): string {
  const { data: config } = ExecKubeconfig.safeParse(parsed(text));
  if (config === undefined) {
    throw new Error(
      "AKS gave out no kubeconfig with exec users; is Entra ID enabled on the cluster?",
    );
  }
  const users = config.users.map(({ user, ...entry }) => {
    const serverId = user.exec.args[user.exec.args.indexOf("--server-id") + 1];
    if (!user.exec.args.includes("--server-id") || serverId === undefined) {
      throw new Error("A user of the kubeconfig names no --server-id, which kubelogin needs.");
    }
    const args = ["get-token", "--login", mode, "--server-id", serverId];
    return { ...entry, user: { ...user, exec: { ...user.exec, args } } };
  });
  return stringify({ ...config, users });
}

/** YAML or nothing: an error of the parser would quote the text. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
