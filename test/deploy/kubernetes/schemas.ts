import { join } from 'node:path';

import ts from 'typescript';

import { root } from '../../../deploy/local/places.ts';
import type { Installation, KubernetesObject } from './installation.ts';

/** Where a group's kinds are described; those of Kubernetes itself in `kubernetes-models`. */
const PACKAGES = new Map([
  ['keda.sh', '@kubernetes-models/keda'],
  ['kafka.strimzi.io', '@kubernetes-models/strimzi-kafka-operator'],
]);

const COMPILER_OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
};

/** What Kubernetes, KEDA or Strimzi would refuse in these objects, a line each: values by their schemas, names of fields by their types. */
export async function schemaProblems({ objects }: Installation): Promise<string[]> {
  const values = await Promise.all(objects.map(valueProblems));
  return [...values.flat(), ...fieldProblems(objects)];
}

function moduleOf({ apiVersion }: KubernetesObject): string {
  const [group = ''] = apiVersion.split('/');
  return `${PACKAGES.get(group) ?? 'kubernetes-models'}/${apiVersion}`;
}

const titleOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name}`;

type Model = new (object: KubernetesObject) => { validate(): void };

async function valueProblems(object: KubernetesObject): Promise<string[]> {
  const models: Readonly<Record<string, Model | undefined>> = await import(moduleOf(object));
  const Model = models[object.kind];
  if (!Model) return [`${titleOf(object)}: ${object.apiVersion} has no such kind`];
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [`${titleOf(object)}: ${String(error)}`];
  }
}

/** The schemas let fields pass that they do not know; the compiler does not: each object is a literal on a line of a file of its own. */
function fieldProblems(objects: readonly KubernetesObject[]): string[] {
  const file = join(root, 'test', 'deploy', 'kubernetes', 'rendered.ts');
  const text = objects
    .map((object, index) => {
      const type = `import('${moduleOf(object)}').I${object.kind}`;
      return `export const object${index}: ${type} = ${JSON.stringify(object)};\n`;
    })
    .join('');
  const host = ts.createCompilerHost(COMPILER_OPTIONS);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.getSourceFile = (path, options, ...others) =>
    path === file ? ts.createSourceFile(path, text, options) : getSourceFile(path, options, ...others);
  return ts.getPreEmitDiagnostics(ts.createProgram([file], COMPILER_OPTIONS, host)).map((diagnostic) => {
    const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
    const object = objects[line];
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    return object ? `${titleOf(object)}: ${message}` : message;
  });
}
