import { expect, test } from "vitest";
import {
  certificatesIn,
  firstToEnd,
  isSignedBy,
  lifetime,
} from "../../../operate/verify/certificate.ts";
import { impostorPem, intermediatePem, leafPem, otherPem, rootPem } from "./certificates.ts";

const [root, intermediate, other, leaf, impostor] = [
  rootPem,
  intermediatePem,
  otherPem,
  leafPem,
  impostorPem,
].map((pem) => {
  const [certificate] = certificatesIn(pem) ?? [];
  if (certificate === undefined) throw new Error("no certificate");
  return certificate;
});

test("reads every certificate of a PEM text, or none if one is broken", () => {
  expect(certificatesIn(leafPem + rootPem)?.map(({ subject }) => subject)).toEqual([
    "CN=shop.example.com",
    "O=cluster.local\nCN=root",
  ]);
  expect(certificatesIn(leafPem + rootPem.replace("MII", "XXX"))).toBeUndefined();
  expect(certificatesIn("")).toBeUndefined();
});

test.each([
  ["2026-08-31T23:59:59Z", "failed", "is not valid before 2026-09-01"],
  ["2026-09-01T00:00:00Z", "passed", "is valid until 2026-12-31"],
  ["2026-12-10T00:00:00Z", "passed", "is valid until 2026-12-31"],
  ["2026-12-10T00:00:01Z", "warning", "ends on 2026-12-31, in 20 days"],
  ["2026-12-31T00:00:00Z", "warning", "ends on 2026-12-31, in 0 days"],
  ["2026-12-31T00:00:01Z", "failed", "ended on 2026-12-31"],
])("at %s, with 21 days: %s", (now, outcome, message) => {
  if (leaf === undefined) throw new Error("no certificate");
  expect(lifetime(leaf, new Date(now), 21)).toEqual({ outcome, message });
});

test("of several certificates, the one that ends first decides", () => {
  if (root === undefined || leaf === undefined) throw new Error("no certificate");
  expect(firstToEnd([root, leaf])).toBe(leaf);
  expect(firstToEnd([])).toBeUndefined();
});

test("a certificate is signed by a root, by its key and not only its name", () => {
  const all = [root, intermediate, other, leaf, impostor].flatMap((one) => one ?? []);
  const signed = (one = root, roots = [root], chain = [] as (typeof root)[]) =>
    one !== undefined &&
    isSignedBy(
      one,
      roots.flatMap((each) => each ?? []),
      chain.flatMap((each) => each ?? []),
    );
  expect(signed(root, [root])).toBe(true);
  expect(signed(intermediate, [root])).toBe(true);
  expect(signed(intermediate, [impostor])).toBe(false);
  expect(signed(intermediate, [impostor], [root])).toBe(false);
  expect(signed(leaf, [root], [other])).toBe(false);
  expect(signed(leaf, [other])).toBe(true);
  expect(signed(impostor, [root])).toBe(false);
  expect(all).toHaveLength(5);
});
