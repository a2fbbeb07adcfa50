import { SourcePosition } from "@pulumi/pulumi/proto/source_pb.js";
import { expect, test } from "vitest";
import { sourcePositionOf } from "../../../offline/engine/sourcePosition.ts";

function position(uri: string): SourcePosition {
  const message = new SourcePosition();
  message.setUri(uri);
  message.setLine(12);
  message.setColumn(3);
  return message;
}

test.each([
  ["file:///repo/shop/index.ts", "project:///index.ts#12,3"],
  ["file:///repo/shop/deep/my%20file.ts", "project:///deep/my file.ts#12,3"],
  ["file:///repo/shop/..hidden/index.ts", "project:///..hidden/index.ts#12,3"],
  ["file:///repo/shop/node_modules/@pulumi/provider.ts", undefined],
  ["file:///repo/shop/lib/node_modules/a/index.js", undefined],
  ["file:///repo/other/index.ts", undefined],
  ["file:///repo/shopping/index.ts", undefined],
  ["https://example.com/index.ts", undefined],
  ["", undefined],
])("%s is %s", (uri, shown) => {
  expect(sourcePositionOf(position(uri), "/repo/shop")).toBe(shown);
});

test("a resource without a position has none", () => {
  expect(sourcePositionOf(undefined, "/repo/shop")).toBeUndefined();
});
