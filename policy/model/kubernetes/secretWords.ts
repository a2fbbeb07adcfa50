/** Words in the name of a variable that contains a secret. */
const SECRET =
  /pass(?:word|wd|phrase)|secret|token(?!iz)|api[-_]?key|(?:private|access|account|shared|encryption)[-_]?key|connection[-_]?string|credential/i;

/**
 * Names of variables that only describe a secret or its location, mostly by their ending. `AZURE_TOKEN_CREDENTIALS`
 * selects the kind of credential for Azure's libraries.
 */
const ABOUT =
  /^azure_token_credentials$|(?:pull[-_]?secret|controller|image|registry|repository|name|ref|reference|id|ur[il]|path|file|dir|directory|namespace|provider|class|store|version|type|issuer|audience|endpoint|header|algorithm|policy|length|lifetime|expir(?:y|ation)|duration|timeout|ttl|enabled)s?$/i;

/** Values that are secrets under any name. A reference such as `$(PASSWORD)` is not a secret. */
const VALUES =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:AccountKey|SharedAccessKey|Password|Pwd)=(?!\$)[^;]+|:\/\/[^\s/:@]*:(?!\$)[^\s/@]+@|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\beyJ[\w-]{10,}\.eyJ[\w-]+\.|[?&]sig=[\w%]{20,}/i;

/** Values that are not secrets even under the name of one: placeholders, switches, paths, addresses and references. */
const HARMLESS =
  /^(?:[^a-z0-9]*|true|false|yes|no|on|off|none|null|enabled|disabled|\.{0,2}\/\S*|[a-z][a-z0-9+.-]*:\/\/[^@]*|vault:.*|(?:\$\(\w+\))+)$/i;

/** A number or a duration, which may be a limit. */
const QUANTITY = /^\d+(?:\.\d+)?[a-z]{0,2}$/i;

/** Whether the name of a variable suggests a secret. */
export function isCalledSecret(name: string): boolean {
  return SECRET.test(name) && !ABOUT.test(name);
}

/** Whether a value looks like a secret. */
export function looksSecret(text: string): boolean {
  return VALUES.test(text);
}

/** Whether a value cannot be a secret, although its variable is called like one. */
export function looksHarmless(name: string, text: string): boolean {
  if (QUANTITY.test(text)) return !/pass(?:word|wd|phrase)?$/i.test(name);
  return HARMLESS.test(text);
}
