/** Words in the name of a variable that contains a secret. */
const SECRET =
  /pass(?:word|wd|phrase)|secret|token|api[-_]?key|(?:private|access|account|shared|encryption)[-_]?key|connection[-_]?string|credential/i;

/** Name endings of variables that only describe a secret or its location. */
const ABOUT =
  /(?:name|ref|reference|id|ur[il]|path|namespace|provider|class|store|version|type|issuer|lifetime|ttl|enabled)s?$/i;

/** Values that are secrets under any name. */
const VALUES =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:AccountKey|SharedAccessKey|Password|Pwd)=[^;]+|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\beyJ[\w-]{10,}\.eyJ[\w-]+\.|[?&]sig=[\w%]{20,}/i;

/** Whether the name of a variable suggests a secret. */
export function isCalledSecret(name: string): boolean {
  return SECRET.test(name) && !ABOUT.test(name);
}

/** Whether a value looks like a secret. */
export function looksSecret(text: string): boolean {
  return VALUES.test(text);
}
