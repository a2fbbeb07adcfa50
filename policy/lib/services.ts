import { kubernetesObjects } from "./kubernetes.ts";

export const services = kubernetesObjects("core/v1", "Service");
