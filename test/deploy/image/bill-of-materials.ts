import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { z } from 'zod';

const componentSchema = z.object({ name: z.string(), version: z.string(), purl: z.string() });
const billSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal(Spec.Version.v1dot5),
  metadata: z.object({ component: componentSchema.extend({ type: z.string() }) }),
  components: z.array(componentSchema),
});

export type BillOfMaterials = z.output<typeof billSchema>;

/** @throws Error when the text is not CycloneDX 1.5 by its schema, formats included */
export async function billOfMaterials(text: string): Promise<BillOfMaterials> {
  const errors: unknown = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text);
  if (errors !== null) throw new Error(`not CycloneDX: ${JSON.stringify(errors)}`);
  return billSchema.parse(JSON.parse(text));
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string(),
      dev: z.boolean().default(false),
      optional: z.boolean().default(false),
    }),
  ),
});

/** A package of the lock file. */
export interface LockedPackage {
  /** From the root on, `node_modules/...`. */
  readonly path: string;
  /** `name@version` */
  readonly id: string;
  /** Needed for nothing but development. */
  readonly dev: boolean;
  /** May be absent on some platforms. */
  readonly optional: boolean;
}

/** Every package that a lock file names, but the project itself. */
export async function lockedPackages(folder: string): Promise<readonly LockedPackage[]> {
  const { packages } = lockSchema.parse(JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { name, version, dev, optional }]) => ({
      path,
      id: `${name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`,
      dev,
      optional,
    }));
}
