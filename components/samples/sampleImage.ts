const DIGEST = "sha256:8fa56908408de98f24aed2a162b1bb42c0b98df7abfcc5a76a14a8be510457c5";

export const SAMPLE_VERSION = "6.11.1";

/**
 * Podinfo, pinned by digest; the tag is only for readers.
 *
 * @see https://github.com/stefanprodan/podinfo
 */
export const SAMPLE_IMAGE = `ghcr.io/stefanprodan/podinfo:${SAMPLE_VERSION}@${DIGEST}`;
