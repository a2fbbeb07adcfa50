/** A text without the user names and passwords in its URLs. */
export function withoutCredentials(text: string): string {
  return text.replace(/(?<=:\/\/)[^\s/@]+@/g, "");
}
