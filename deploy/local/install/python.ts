import { join } from 'node:path';
import { runClient } from './run-client.ts';

/** The Python of an environment; it runs from wherever the folder is moved. */
export function venvPython(folder: string): string {
  return join(folder, 'bin', 'python3');
}

/**
 * Makes a Python environment with one package from PyPI in an empty folder.
 * @param requirement name and exact version, as pip writes them
 * @throws InstallError
 */
export async function installPythonPackage(
  folder: string,
  requirement: string,
  onLine: (line: string) => void,
): Promise<void> {
  await runClient('python3', ['-m', 'venv', folder], folder, () => undefined);
  const args = ['-m', 'pip', 'install', '--no-input', '--progress-bar', 'off', requirement];
  await runClient(venvPython(folder), args, folder, onLine);
}
