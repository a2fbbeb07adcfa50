import { kubernetesObjects } from "./objects.ts";

export const services = kubernetesObjects("core/v1", "Service");
