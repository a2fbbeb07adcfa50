import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { isSecret, unsealed } from "./mocks.ts";
import type { Registered } from "./mocks.ts";

/*
 * The azure-native provider silently drops properties that its API version does not know: the deployment succeeds, but the property is not set. The type checker finds such properties in object literals, but not in spread or cast objects. This finds them in the inputs that were sent. (Only nested ones: a resource's constructor sends only known arguments.)
 */

const PACKAGE = join(__dirname, "../../node_modules/@pulumi/azure-native");

type Inputs = Pick<Registered, "type" | "name" | "inputs">;
type Shape = ts.TypeNode | ts.InterfaceDeclaration;
type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

/** The inputs of azure-native resources that its type definitions do not know, each as `type::name.path`. */
export function unknownInputs(registered: readonly Inputs[]): string[] {
  return registered
    .filter(({ type }) => type.startsWith("azure-native:"))
    .flatMap(({ type, name, inputs }) => {
      const [, module = "", resource = ""] = type.split(":");
      return unknownIn(inputs, argsOf(module, resource), `${type}::${name}`);
    });
}

/** The paths of a value that its type does not know; for a union, according to the type that fits best. */
function unknownIn(sent: unknown, type: Shape, path: string): string[] {
  const value = isSecret(sent) ? unsealed(sent) : sent;
  const choices = alternatives(type).map((shape) => unknownInShape(value, shape, path));
  return choices.sort((one, other) => one.length - other.length)[0] ?? [];
}

function unknownInShape(value: unknown, shape: Shape, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (shape.kind === ts.SyntaxKind.AnyKeyword) return [];
  if (Array.isArray(value)) {
    if (!ts.isArrayTypeNode(shape)) return [path];
    return value.flatMap((each, index) => unknownIn(each, shape.elementType, `${path}[${index}]`));
  }
  if (!ts.isTypeLiteralNode(shape) && !ts.isInterfaceDeclaration(shape)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => {
    const type = memberType(shape, key);
    return type === undefined ? [`${path}.${key}`] : unknownIn(inner, type, `${path}.${key}`);
  });
}

function memberType(
  shape: ts.TypeLiteralNode | ts.InterfaceDeclaration,
  key: string,
): ts.TypeNode | undefined {
  for (const member of shape.members) {
    if (ts.isIndexSignatureDeclaration(member)) return member.type;
    if (!ts.isPropertySignature(member)) continue;
    const { name } = member;
    if ((ts.isIdentifier(name) || ts.isStringLiteral(name)) && name.text === key) {
      return member.type;
    }
  }
  return undefined;
}

/** Resolves a type: unwraps inputs, splits unions and looks up names. */
function alternatives(type: Shape): readonly Shape[] {
  if (ts.isInterfaceDeclaration(type)) return [type];
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(alternatives);
  if (!ts.isTypeReferenceNode(type)) return [type];
  const [namespace = "", module = "", shape = ""] = nameOf(type.typeName).split(".");
  const [wrapped] = type.typeArguments ?? [];
  if (namespace === "pulumi" && wrapped !== undefined) return alternatives(wrapped);
  return namespace === "inputs" ? [interfaceOf(shapesOf(module), shape)] : [type];
}

function nameOf(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${nameOf(name.left)}.${name.right.text}`;
}

/** The arguments of a resource, from the file that its module's index names. */
function argsOf(module: string, resource: string): ts.InterfaceDeclaration {
  const index = join(PACKAGE, module, "index.d.ts");
  const exported = new RegExp(`\\b${resource}Args\\b.* from "\\./(\\w+)"`);
  const [, file] = existsSync(index) ? (exported.exec(readFileSync(index, "utf8")) ?? []) : [];
  if (file === undefined) throw new Error(`azure-native has no ${module}:${resource}.`);
  const text = readFileSync(join(PACKAGE, module, `${file}.d.ts`), "utf8");
  return interfaceOf(interfacesIn(text), `${resource}Args`);
}

let input: string | undefined;
const modules = new Map<string, Interfaces>();

/** The types of a module, cut out of the shared file of all modules, which takes more than a second to parse. */
function shapesOf(module: string): Interfaces {
  const known = modules.get(module);
  if (known !== undefined) return known;
  input ??= readFileSync(join(PACKAGE, "types/input.d.ts"), "utf8");
  const start = input.indexOf(`export declare namespace ${module} {\n`);
  if (start < 0) throw new Error(`azure-native has no module ${module}.`);
  const shapes = interfacesIn(input.slice(start, input.indexOf("\n}\n", start) + 3));
  modules.set(module, shapes);
  return shapes;
}

function interfacesIn(text: string): Interfaces {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node);
    else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("input.d.ts", text, ts.ScriptTarget.Latest));
  return found;
}

function interfaceOf(interfaces: Interfaces, name: string): ts.InterfaceDeclaration {
  const found = interfaces.get(name);
  if (found === undefined) throw new Error(`azure-native has no shape ${name}.`);
  return found;
}
