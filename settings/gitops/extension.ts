import { z } from "zod";
import { wholeNumber } from "../core/numbers.ts";
import { Quantity, keys } from "../core/scalars.ts";

const limits = keys({
  cpu: Quantity.optional()
    .meta({ examples: ["2"] })
    .describe("The limit of CPU."),
  memory: Quantity.optional()
    .meta({ examples: ["2Gi"] })
    .describe("The limit of memory."),
})
  .default({})
  .describe("The limits of the controller's pod. Without one, that of the extension applies.");

const concurrent = wholeNumber("how many objects a controller reconciles at a time", 1, 100)
  .optional()
  .meta({ examples: [6] })
  .describe(
    "How many objects the controller reconciles at a time. Without it, the number of the extension applies.",
  );

const enabled = (preset: boolean) =>
  z.boolean().default(preset).describe("Whether the controller runs.");

/**
 * The extension `microsoft.flux`, which all configurations of a cluster share.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/tutorial-use-gitops-flux2
 */
export const Extension = keys({
  multiTenancy: z
    .boolean()
    .default(true)
    .describe(
      "Whether a configuration may use only Flux objects and service accounts of its own namespace.",
    ),
  workloadIdentity: z
    .boolean()
    .default(false)
    .describe(
      "Whether the controllers get a managed identity, which the program creates and federates with their service accounts. It needs roles on what they read, such as AcrPull on a registry.",
    ),
  detectDrift: z
    .boolean()
    .default(false)
    .describe(
      "Whether helm-controller corrects objects of Helm releases that somebody else has changed.",
    ),
  controllers: keys({
    "source-controller": keys({ limits, concurrent }).prefault({}).describe("Reads sources."),
    "kustomize-controller": keys({ limits, concurrent })
      .prefault({})
      .describe("Applies kustomizations."),
    "helm-controller": keys({ enabled: enabled(true), limits, concurrent })
      .prefault({})
      .describe("Installs Helm releases."),
    "notification-controller": keys({ enabled: enabled(true), limits })
      .prefault({})
      .describe("Sends and receives notifications."),
    "image-automation-controller": keys({ enabled: enabled(false), limits })
      .prefault({})
      .describe("Commits new versions of images to a repository."),
    "image-reflector-controller": keys({ enabled: enabled(false), limits })
      .prefault({})
      .describe("Looks for new versions of images."),
  })
    .prefault({})
    .describe("The controllers of Flux. The first two always run."),
})
  .prefault({})
  .describe("The cluster extension that runs Flux.");
