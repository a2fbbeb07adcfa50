// startNode.ts PARTS PREFIX: starts a node with a separate directory, prints a line, and runs until it is killed.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Temporary } from "../../real/harness/temporary.ts";
import { RealNode } from "./node.ts";
import type { NodeParts } from "./node.ts";
import { READY } from "./nodeConfig.ts";

async function start(partsFile = "", prefix = ""): Promise<void> {
  const directory = new Temporary(prefix);
  const logDirectory = join(directory.path, "logs");
  mkdirSync(logDirectory);
  const parts = JSON.parse(readFileSync(partsFile, "utf8")) as NodeParts;
  await RealNode.start({ ...parts, logDirectory }, directory.path);
  process.stdout.write(READY);
}

void start(...process.argv.slice(2));
