import type { OnBytes, Program } from './program.ts';
import { installPythonPackage } from './python.ts';

const version = '0.7.0b3';

/** Adds up the sizes of the packages that pip announces. */
function packageMeter(onBytes: OnBytes): (line: string) => void {
  let done = 0;
  return (line) => {
    const announced = /^\s*Downloading .*\(([\d.]+) (kB|MB)\)/.exec(line);
    if (announced !== null) {
      done += Number(announced[1]) * (announced[2] === 'MB' ? 1e6 : 1e3);
      onBytes(done);
    }
  };
}

/** SecantusDB, MongoDB's wire protocol over WiredTiger, in a Python environment of its own. */
export const mongodbProgram: Program = {
  part: 'mongodb',
  title: 'SecantusDB (MongoDB protocol)',
  version,
  downloadBytes: 25e6,
  needs: ['python'],
  install: (folder, onBytes) => installPythonPackage(folder, `secantusdb==${version}`, packageMeter(onBytes)),
};
