import { z } from "zod";
import { namespaceNameProblem } from "../../mesh/names.ts";

/** Values of SMI and OSM. In a policy of Istio, another name would mean something else: `*` is everybody. */

/** The name of a namespace or a Service. */
export const label = name(
  (one) => namespaceNameProblem(one) === undefined,
  "it must be a DNS label",
);

const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The name of any other object, or a host. */
export const subdomain = name((one) => SUBDOMAIN.test(one), "it must be a DNS name");

/** A host, or all below one. */
export const host = name(
  (one) => SUBDOMAIN.test(one.replace(/^\*\./, "")),
  "it must be a DNS name, which may begin with *.",
);

const PORT = { error: "it must be the number of a port" };
export const port = z.int(PORT).min(1, PORT).max(65_535, PORT);

/** A range of addresses: `10.0.0.0/8`. */
export const range = z.union([z.cidrv4(), z.cidrv6()], {
  error: "it must be a range of addresses such as 10.0.0.0/8",
});

export const address = z.union([range, z.ipv4(), z.ipv6()], {
  error: "it must be an address or a range of addresses",
});

function name(isOne: (text: string) => boolean, error: string): z.ZodType {
  return z.string({ error }).refine(isOne, { error });
}

/** A list that may be absent. */
export function list(item: z.ZodType): z.ZodType {
  return z.array(item).nullish();
}

/** An object whose fields may be absent, as it may itself. */
export function fields(shape: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const optional = Object.entries(shape).map(([field, type]) => [field, type.nullish()] as const);
  return z.object(Object.fromEntries(optional)).nullish();
}

/** An object whose kind says which fields it has. Those of other kinds are not looked at. */
export function byKind(shapes: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return z.looseObject({ kind: z.string() }).superRefine((value, context) => {
    const shape = Object.hasOwn(shapes, value.kind) ? shapes[value.kind] : undefined;
    for (const { path, message } of shape?.safeParse(value).error?.issues ?? []) {
      context.addIssue({ code: "custom", path, message });
    }
  });
}
