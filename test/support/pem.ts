/** A block in PEM form. Nothing here reads what the base64 encodes. */
export function pem(label: string, body = "MIIBszCCAVmgAwIBAgIUJbY2Wm4oQ0Zc"): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

export const CERTIFICATE = pem("CERTIFICATE");
export const PRIVATE_KEY = pem("PRIVATE KEY");
export const SSH_PRIVATE_KEY = pem("OPENSSH PRIVATE KEY", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU=");
