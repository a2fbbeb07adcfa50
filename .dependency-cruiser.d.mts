import type { IConfiguration } from "dependency-cruiser";

/** The rooms by name: what each contains, and the rooms that it may import. */
export declare const ROOMS: Readonly<
  Record<
    string,
    {
      readonly contains: string;
      readonly may: readonly string[];
      readonly files?: readonly string[];
    }
  >
>;

declare const configuration: IConfiguration;
export default configuration;
