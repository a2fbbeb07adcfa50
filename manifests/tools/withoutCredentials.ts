/** A text without the user names and passwords in its URLs, and without the signatures and tokens in their queries. */
export function withoutCredentials(text: string): string {
  return text
    .replace(/(?<=:\/\/)[^\s/?#]+@/g, "")
    .replace(/(?<=[?&][\w.-]*(?:sig|signature|token|password|secret|key)=)[^\s&#'"]+/gi, "…");
}
