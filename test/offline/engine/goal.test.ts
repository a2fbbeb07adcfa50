import { Alias } from "@pulumi/pulumi/proto/alias_pb.js";
import {
  RegisterResourceRequest,
  TransformResourceOptions,
} from "@pulumi/pulumi/proto/resource_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { describe, expect, test } from "vitest";
import {
  sortUrns,
  goalOf,
  inheritOptions,
  inputsOf,
  plannedOptions,
} from "../../../offline/engine/goal.ts";
import { SIGNATURE, UNKNOWN } from "../../../offline/plan/values.ts";
import { resource } from "../../support/plan.ts";

const identity = { organization: "organization", project: "shop", stack: "dev" };
const SITE = "urn:pulumi:dev::shop::my:index:Site::site";
const STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

function request(): RegisterResourceRequest {
  return new RegisterResourceRequest()
    .setType("a:b:C")
    .setName("name")
    .setParent(SITE)
    .setCustom(true);
}

test.each([
  ["45m", { create: 2_700 }],
  ["1h", { create: 3_600 }],
  ["1h0m30s", { create: 3_630 }],
  ["1.5h", { create: 5_400 }],
  ["500ms", { create: 0.5 }],
  ["", {}],
])("the timeout %j is planned as %o, in seconds", (create, customTimeouts) => {
  const timeouts = new RegisterResourceRequest.CustomTimeouts().setCreate(create);
  const goal = goalOf(request().setCustomtimeouts(timeouts));
  expect(plannedOptions(goal, identity).customTimeouts).toEqual(customTimeouts);
});

describe("goalOf", () => {
  test("copies everything from a request", () => {
    const timeouts = new RegisterResourceRequest.CustomTimeouts().setCreate("20m").setDelete("1h");
    const said = request()
      .setRemote(true)
      .setObject(Struct.fromJavaScript({ size: 3 }))
      .setProtect(true)
      .setRetainondelete(true)
      .setDeletebeforereplacedefined(true)
      .setDeletebeforereplace(false)
      .setDeletedwith("urn:1")
      .setDependenciesList(["urn:2", "urn:3"])
      .setIgnorechangesList(["tags"])
      .setReplaceonchangesList(["sku"])
      .setAdditionalsecretoutputsList(["key"])
      .setCustomtimeouts(timeouts)
      .setProvider("urn:4::id")
      .setImportid("id-1")
      .setVersion("1.2.3");
    said.getProvidersMap().set("kubernetes", "urn:5::id");
    const goal = goalOf(said);
    expect(goal).toMatchObject({
      type: "a:b:C",
      name: "name",
      custom: true,
      remote: true,
      parent: SITE,
    });
    expect(goal.properties.toJavaScript()).toEqual({ size: 3 });
    expect(goal.options.getDependsOnList()).toEqual(["urn:2", "urn:3"]);
    expect(goal.options.getProvider()).toBe("urn:4::id");
    expect(goal.options.getProvidersMap().toObject()).toEqual([["kubernetes", "urn:5::id"]]);
    expect(goal.options.getImport()).toBe("id-1");
    expect(goal.options.getVersion()).toBe("1.2.3");
    expect(plannedOptions(goal, identity)).toEqual({
      protect: true,
      retainOnDelete: true,
      deleteBeforeReplace: false,
      deletedWith: "urn:1",
      ignoreChanges: ["tags"],
      replaceOnChanges: ["sku"],
      additionalSecretOutputs: ["key"],
      aliases: [],
      customTimeouts: { create: 1_200, delete: 3_600 },
    });
  });

  test("sets nothing if the request sets nothing", () => {
    const goal = goalOf(request());
    expect(goal.properties.toJavaScript()).toEqual({});
    expect(goal.options.hasProtect()).toBe(false);
    expect(goal.options.hasRetainOnDelete()).toBe(false);
    expect(plannedOptions(goal, identity)).toEqual({
      protect: false,
      retainOnDelete: false,
      deletedWith: "",
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: [],
      aliases: [],
    });
  });
});

describe("inherit", () => {
  const parent = resource({
    type: "my:index:Site",
    name: "site",
    options: { protect: true, retainOnDelete: true, deletedWith: "urn:owner" },
  }).options;
  const free = resource({ type: "my:index:Site", name: "site" }).options;

  test("gives a child the options that it does not set", () => {
    const options = new TransformResourceOptions();
    inheritOptions(options, parent);
    expect([options.getProtect(), options.getRetainOnDelete(), options.getDeletedWith()]).toEqual([
      true,
      true,
      "urn:owner",
    ]);
  });

  test("keeps the options that a child sets", () => {
    const options = new TransformResourceOptions()
      .setProtect(false)
      .setRetainOnDelete(false)
      .setDeletedWith("urn:mine");
    inheritOptions(options, parent);
    expect([options.getProtect(), options.getRetainOnDelete(), options.getDeletedWith()]).toEqual([
      false,
      false,
      "urn:mine",
    ]);
  });

  test("gives no options that the parent does not have", () => {
    const options = new TransformResourceOptions();
    inheritOptions(options, free);
    expect([options.hasProtect(), options.hasRetainOnDelete(), options.getDeletedWith()]).toEqual([
      false,
      false,
      "",
    ]);
  });
});

describe("aliases", () => {
  const OWN = "urn:pulumi:dev::shop::my:index:Site$a:b:C::name";
  const spec = () => new Alias.Spec();

  test.each([
    ["a URN as it is", new Alias().setUrn("urn:any"), "urn:any"],
    ["nothing: the resource's own", new Alias().setSpec(spec()), OWN],
    [
      "another name",
      new Alias().setSpec(spec().setName("old")),
      "urn:pulumi:dev::shop::my:index:Site$a:b:C::old",
    ],
    [
      "another type",
      new Alias().setSpec(spec().setType("a:b/v1:C")),
      "urn:pulumi:dev::shop::my:index:Site$a:b/v1:C::name",
    ],
    [
      "no parent",
      new Alias().setSpec(spec().setNoparent(true)),
      "urn:pulumi:dev::shop::a:b:C::name",
    ],
    [
      "another parent",
      new Alias().setSpec(spec().setParenturn("urn:pulumi:dev::shop::my:index:Old::old")),
      "urn:pulumi:dev::shop::my:index:Old$a:b:C::name",
    ],
    [
      "the stack as parent",
      new Alias().setSpec(spec().setParenturn(STACK)),
      "urn:pulumi:dev::shop::a:b:C::name",
    ],
    [
      "another stack and project",
      new Alias().setSpec(spec().setStack("prod").setProject("store")),
      "urn:pulumi:prod::store::my:index:Site$a:b:C::name",
    ],
  ])("are %s", (_, alias, urn) => {
    const goal = goalOf(request().setAliasesList([alias]));
    expect(plannedOptions(goal, identity).aliases).toEqual([urn]);
  });
});

test("inputsOf lowers output values", () => {
  const properties = Struct.fromJavaScript({
    plain: 1,
    output: { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" },
  });
  expect(inputsOf(properties)).toEqual({ plain: 1, output: UNKNOWN });
});

test("URNs are sorted, without empty ones and duplicates", () => {
  expect(sortUrns(["b", "", "a", "b", ""])).toEqual(["a", "b"]);
});
