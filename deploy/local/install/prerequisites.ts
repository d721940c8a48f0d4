import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Something that the machine must have is missing or too old; the message says how to get it. */
export class PrerequisiteError extends Error {
  readonly code = 'PREREQUISITE_MISSING';

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'PrerequisiteError';
  }
}

export type Prerequisite = 'java' | 'maven' | 'python';

async function output(command: string, args: string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(command, args, { timeout: 30_000 });
    return stdout + stderr;
  } catch {
    return undefined;
  }
}

const getJava =
  'Install one, for example "apt-get install openjdk-17-jre-headless" or "brew install openjdk", and see that java is on the PATH.';
const getPython =
  'Install one, for example "apt-get install python3 python3-venv" or "brew install python", and see that python3 is on the PATH.';

async function javaProblem(): Promise<string | undefined> {
  const text = await output('java', ['-version']);
  if (text === undefined) {
    return `Java 17 or newer is needed for Kafka and the schema registry, and "java -version" does not run. ${getJava}`;
  }
  const major = /version "(?:1\.)?(\d+)/.exec(text)?.[1];
  if (major === undefined || Number(major) < 17) {
    return `Java 17 or newer is needed for Kafka and the schema registry; java on the PATH is ${major ?? 'of an unknown version'}. ${getJava}`;
  }
  return undefined;
}

async function mavenProblem(): Promise<string | undefined> {
  if ((await output('mvn', ['-v'])) === undefined) {
    return 'Maven is needed to download Kafka and the schema registry, and "mvn -v" does not run. Install it, for example "apt-get install maven" or "brew install maven", and see that mvn is on the PATH.';
  }
  return undefined;
}

async function pythonProblem(): Promise<string | undefined> {
  const text = await output('python3', ['-c', 'import sys; print(sys.version_info[0], sys.version_info[1])']);
  if (text === undefined) {
    return `Python 3.10 or newer is needed for the embedded database, and python3 does not run. ${getPython}`;
  }
  const [major = 0, minor = 0] = text.trim().split(' ').map(Number);
  if (major < 3 || (major === 3 && minor < 10)) {
    return `Python 3.10 or newer is needed for the embedded database; python3 on the PATH is ${major}.${minor}. ${getPython}`;
  }
  if ((await output('python3', ['-c', 'import venv, ensurepip'])) === undefined) {
    return 'The embedded database needs Python\'s venv module, which python3 on the PATH lacks. Install it, for example "apt-get install python3-venv".';
  }
  return undefined;
}

const problemOf: Readonly<Record<Prerequisite, () => Promise<string | undefined>>> = {
  java: javaProblem,
  maven: mavenProblem,
  python: pythonProblem,
};

/** @throws PrerequisiteError naming everything of the list that is missing or too old */
export async function checkPrerequisites(needed: ReadonlySet<Prerequisite>): Promise<void> {
  const problems = await Promise.all([...needed].map((prerequisite) => problemOf[prerequisite]()));
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) {
    throw new PrerequisiteError(found);
  }
}
