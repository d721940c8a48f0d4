import { goProgram } from '../support/go/go-program.ts';
import { KUSTOMIZE } from './kubernetes/kustomize.ts';

/** Has the tools at hand before a test is timed. */
export default async function globalSetup(): Promise<void> {
  await goProgram(KUSTOMIZE);
}
