import { parse, stringify } from "yaml";
import { z } from "zod";

/**
 * How kubelogin gets a token: from the session of `az` or `azd`, from a managed identity, or from the variables of a
 * workload identity. Each finds its credentials where it runs, so the kubeconfig contains none.
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
 * The kubeconfig from AKS, changed to non-interactive login: as AKS writes it, kubelogin waits for a browser login.
 * Client and tenant belong to that login and are dropped; the server stays, because the token is for it.
 *
 * @throws Error if the text is not a kubeconfig in `exec` format. The message does not quote the text.
 * @see https://learn.microsoft.com/azure/aks/kubelogin-authentication
 */
export function kubeloginKubeconfig(text: string, mode: KubeloginMode): string {
  const { data: config } = ExecKubeconfig.safeParse(parsed(text));
  if (config === undefined) {
    throw new Error(
      "AKS did not return a kubeconfig with exec users. Check that Entra ID is enabled on the cluster.",
    );
  }
  const users = config.users.map(({ user, ...entry }) => {
    const serverId = user.exec.args[user.exec.args.indexOf("--server-id") + 1];
    if (!user.exec.args.includes("--server-id") || serverId === undefined) {
      throw new Error("A user of the kubeconfig has no --server-id, which kubelogin requires.");
    }
    const args = ["get-token", "--login", mode, "--server-id", serverId];
    return { ...entry, user: { ...user, exec: { ...user.exec, args } } };
  });
  return stringify({ ...config, users });
}

/** Undefined if the text is not valid YAML: the parser's error would quote the text. */
function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
