import { join } from 'node:path';
import { programsFolder } from '../places.ts';

export type PartName = 'kafka' | 'registry' | 'mongodb';
export const partNames: readonly PartName[] = ['kafka', 'registry', 'mongodb'];

/** How far a download is, in bytes; the total is what the version is known to weigh. */
export type OnBytes = (done: number) => void;

export interface Program {
  readonly part: PartName;
  /** The product's own name, for messages. */
  readonly title: string;
  readonly version: string;
  /** About what is downloaded, in bytes. */
  readonly downloadBytes: number;
  /** The programs of the machine that the download needs. */
  readonly needs: ReadonlyArray<'java' | 'maven' | 'python'>;
  /** Downloads and unpacks everything into an empty folder. */
  install(folder: string, onBytes: OnBytes): Promise<void>;
}

/** Where a program's files are once it is installed. */
export function programFolder(program: Pick<Program, 'part' | 'version'>): string {
  return join(programsFolder, `${program.part}-${program.version}`);
}
