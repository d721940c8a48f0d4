import type { Installation } from './installation.ts';

/** What has to hold of an installation, and how to break it so that the rule has to object. */
export interface Rule {
  readonly name: string;
  /** What is wrong, a line each. */
  problems(installation: Installation): string[];
  /** Changes after any of which the rule objects, by what they do. Each is made to production with all components. */
  readonly broken: Readonly<Record<string, (installation: Installation) => void>>;
}
