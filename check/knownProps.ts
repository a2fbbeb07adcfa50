import { isUnknownText } from "../manifests/unknownText.ts";

/** Thrown for a value that is not known, as the SDK of policies throws it; the engine recognizes it by its name. */
class UnknownValueError extends Error {}

/** An object whose unknown texts throw when a rule reads them. Objects without any are returned as they are. */
export function knownProps(object: object): object {
  return holdsUnknown(object) ? guarded(object) : object;
}

function holdsUnknown(value: unknown): boolean {
  if (isUnknownText(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}

function guarded(object: object): object {
  const copy: object = Array.isArray(object) ? [] : {};
  for (const [key, value] of Object.entries(object) as [string, unknown][]) {
    if (isUnknownText(value)) {
      Object.defineProperty(copy, key, {
        enumerable: true,
        get: () => {
          throw new UnknownValueError(`${key} is not known`);
        },
      });
    } else {
      Reflect.set(copy, key, typeof value === "object" && value !== null ? guarded(value) : value);
    }
  }
  return copy;
}
