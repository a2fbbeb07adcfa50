import { expect, test } from "vitest";
import { mayHaveSecret } from "../../manifests/mayHaveSecret.ts";

const POD = "apiVersion: v1\nkind: Pod\n";

test.each([
  ["kind: Secret\n"],
  ["kind: !!str Secret\n"],
  ["kind: &a Secret\n"],
  ['{"kind": "Secret"}\n'],
  ['"ki\\u006ed": >-\n  Secret\n'],
  ["kind: SecretList\nitems: [{ stringData: { password: a } }]\n"],
  ["kind: List\nitems: [{ kind: List, items: [{ kind: Secret }] }]\n"],
  ["kind: OpaqueList\nitems: [[{ kind: Secret }]]\n"],
  ["a: &a { kind: Secret }\nb: { <<: *a }\n"],
  ["\ufeffkind: Secret\n"],
  ["secretGenerator: [{ name: a, literals: [password=a] }]\n"],
])("%j has a Secret", (text) => {
  expect(mayHaveSecret(text)).toBe(true);
  expect(mayHaveSecret(`${POD}---\n${text}`)).toBe(true);
});

test.each([["a: 1\n b: 2\n"], ["text\n"], ["a: { <<: 1 }\n"]])(
  "%j cannot be read, so it may have a Secret",
  (text) => {
    expect(mayHaveSecret(text)).toBe(true);
  },
);

test.each([
  [POD],
  ["kind: ExternalSecret\n"],
  ["name: Secret\n"],
  ["kind: Secrets\n"],
  ["# kind: Secret\nkind: ConfigMap\ndata: { a: 'kind: Secret' }\n"],
  [""],
])("%j has no Secret", (text) => {
  expect(mayHaveSecret(text)).toBe(false);
});
