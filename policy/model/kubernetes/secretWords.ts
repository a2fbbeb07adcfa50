/** Words in the name of a variable that holds a secret. */
const SECRET =
  /pass(?:word|wd|phrase)|secret|token|api[-_]?key|(?:private|access|account|shared|encryption)[-_]?key|connection[-_]?string|credential/i;

/** Ends of the names of variables that only say where a secret is, or what sort of one. */
const ABOUT =
  /(?:name|ref|reference|id|ur[il]|path|namespace|provider|class|store|version|type|issuer|lifetime|ttl|enabled)s?$/i;

/** Texts that are secrets, whatever they are called. */
const VALUES =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:AccountKey|SharedAccessKey|Password|Pwd)=[^;]+|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\beyJ[\w-]{10,}\.eyJ[\w-]+\.|[?&]sig=[\w%]{20,}/i;

/** Whether a variable is called like a secret. */
export function isCalledSecret(name: string): boolean {
  return SECRET.test(name) && !ABOUT.test(name);
}

/** Whether a text looks like a secret. */
export function looksSecret(text: string): boolean {
  return VALUES.test(text);
}
