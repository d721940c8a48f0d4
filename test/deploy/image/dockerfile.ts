import { join } from 'node:path';

import { Arg, Copy, DockerfileParser, Env, From, type Instruction, Run, Workdir } from 'dockerfile-ast';

import { root } from '../../../deploy/local/places.ts';

export const DOCKERFILE = join(root, 'deploy', 'Dockerfile');

/** One step of a stage that makes or changes files. */
export type Step =
  | { readonly kind: 'workdir'; readonly path: string }
  | {
      readonly kind: 'copy';
      /** The stage that it copies from; else the build context. */
      readonly from: string | undefined;
      readonly sources: readonly string[];
      readonly destination: string;
    }
  | { readonly kind: 'run'; readonly command: readonly string[]; readonly variables: Variables };

export type Variables = Readonly<Record<string, string>>;

export interface Stage {
  readonly name: string | undefined;
  /** The image that it begins with, its variables replaced. */
  readonly base: string;
  readonly steps: readonly Step[];
  /** What a container of it gets. */
  readonly environment: Variables;
  /** Of ENV and ARG. */
  readonly variables: readonly string[];
  /** Every other instruction by its keyword, the last one of each, without its flags. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Instructions in which no variable is replaced. */
const AS_WRITTEN = ['ENTRYPOINT', 'CMD', 'HEALTHCHECK'];
/** Flags that change how fast a step is, not what it makes. */
const FLAGS_OF_SPEED = ['mount=type=cache'];

/**
 * The stages of a Dockerfile, in their order.
 *
 * @throws Error for what these tests cannot carry out as a build would
 */
export function stagesOf(text: string): readonly Stage[] {
  const parts: Instruction[][] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction instanceof From) parts.push([]);
    parts.at(-1)?.push(instruction);
  }
  return parts.map(stageOf);
}

function stageOf([from, ...instructions]: readonly Instruction[]): Stage {
  if (!(from instanceof From)) throw new Error('a stage begins with FROM');
  const steps: Step[] = [];
  const environment: Record<string, string> = {};
  const variables: Record<string, string> = {};
  const settings: Record<string, string> = {};
  for (const instruction of instructions) {
    const words = wordsOf(instruction);
    if (instruction instanceof Env || instruction instanceof Arg) {
      const given = Object.fromEntries(words.map(assignment));
      Object.assign(variables, given);
      if (instruction instanceof Env) Object.assign(environment, given);
    } else if (instruction instanceof Workdir) {
      steps.push({ kind: 'workdir', path: words.join(' ') });
    } else if (instruction instanceof Copy) {
      steps.push(copyStep(instruction, words));
    } else if (instruction instanceof Run) {
      steps.push({ kind: 'run', command: commandOf(instruction), variables: { ...variables } });
    } else {
      const keyword = instruction.getKeyword();
      settings[keyword] = AS_WRITTEN.includes(keyword) ? (instruction.getArgumentsContent() ?? '') : words.join(' ');
    }
  }
  return {
    name: from.getBuildStage() ?? undefined,
    base: wordsOf(from)[0] ?? '',
    steps,
    environment,
    variables: Object.keys(variables),
    settings,
  };
}

function wordsOf(instruction: Instruction): string[] {
  return instruction.getExpandedArguments().map((argument) => argument.getValue());
}

/** @returns the words of a command in JSON, its exec form; nothing when it is not. */
export function execForm(text: string | undefined): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(text ?? '');
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
}

function assignment(word: string): [string, string] {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

function copyStep(copy: Copy, words: readonly string[]): Step {
  const flags = copy.getFlags().filter((flag) => flag.getName() !== 'from');
  if (flags.length > 0 || copy.getHeredocs().length > 0 || words.some((word) => /[*?[]/.test(word))) {
    throw new Error(`more than these tests know how to copy: ${copy.toString()}`);
  }
  return {
    kind: 'copy',
    from: copy.getFromFlag()?.getValue() ?? undefined,
    sources: words.slice(0, -1),
    destination: words.at(-1) ?? '',
  };
}

/** What RUN starts: the words of its JSON, or a shell. */
function commandOf(run: Run): readonly string[] {
  const flags = run.getFlags().map((flag) => flag.toString().replace(/^--/, ''));
  const unknown = flags.filter((flag) => !FLAGS_OF_SPEED.some((known) => flag.startsWith(known)));
  if (unknown.length > 0 || run.getHeredocs().length > 0) throw new Error(`not known how to run: ${run.toString()}`);
  const words = run.getJSONStrings().map((word) => word.getJSONValue());
  return words.length > 0 ? words : ['/bin/sh', '-c', run.getArgumentsContent() ?? ''];
}
