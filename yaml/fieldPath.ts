/** A step into a value: a key of a map or an index of a list. */
type Step = string | number;

const STEP = /\.([\w-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** The steps of a path such as `.hosts[0]["a.b"]` that starts at an index of a text, as far as it goes. */
export function stepsAt(text: string, start: number): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = start;
  for (let match = STEP.exec(text); match !== null; match = STEP.exec(text)) {
    const [, name, index, quoted] = match;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(unquoted(quoted));
  }
  return steps;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The subject of a message: `Gateway "public": ` */
const SUBJECT = /^\w+ "[^"]*": /;
const FIELD = /(?<![\w./:-])[a-z][\w-]*(?=\.[\w-]|\[(?:\d+|")])/g;

/** The paths of fields that a message names, such as `spec.hosts[0]`, without its subject. */
export function fieldsIn(message: string): readonly (readonly Step[])[] {
  const said = message.replace(SUBJECT, "");
  return [...said.matchAll(FIELD)].map(({ 0: first, index }) => [
    first,
    ...stepsAt(said, index + first.length),
  ]);
}
