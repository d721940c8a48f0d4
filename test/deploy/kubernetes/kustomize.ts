import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { parseAllDocuments, parseDocument } from 'yaml';

import { root } from '../../../deploy/local/places.ts';
import { type GoProgram, goProgram } from '../../support/go/go-program.ts';
import { Installation, type KubernetesObject } from './installation.ts';

const run = promisify(execFile);

/** The newest that Go 1.26 compiles. */
export const KUSTOMIZE: GoProgram = {
  name: 'kustomize',
  path: 'sigs.k8s.io/kustomize/kustomize/v5',
  version: 'v5.7.1',
};

export type Overlay = 'dev' | 'production';
export type Component = 'keda' | 'strimzi';

/**
 * What an overlay makes with some components, which are written into a copy of its file as an operator would.
 *
 * @throws Error when kustomize refuses it, or its answer is not YAML
 */
export async function render(overlay: Overlay, components: readonly Component[]): Promise<Installation> {
  const kustomize = await goProgram(KUSTOMIZE);
  const folder = await mkdtemp(join(tmpdir(), 'webhook-manifests-'));
  try {
    await cp(join(root, 'deploy', 'kubernetes'), folder, { recursive: true });
    const chosen = join(folder, 'overlays', overlay);
    const file = join(chosen, 'kustomization.yaml');
    const kustomization = parseDocument(await readFile(file, 'utf8'));
    kustomization.set(
      'components',
      components.map((name) => `../../components/${name}`),
    );
    await writeFile(file, String(kustomization));
    const { stdout } = await run(kustomize, ['build', chosen], { maxBuffer: 16 * 1024 * 1024 });
    return new Installation(
      parseAllDocuments(stdout).map((document): KubernetesObject => {
        const [error] = document.errors;
        if (error) throw error;
        return document.toJS();
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
