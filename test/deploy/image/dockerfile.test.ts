import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { root } from '../../../deploy/local/places.ts';
import { BuildContext } from './build-context.ts';
import { DOCKERFILE, execForm, stagesOf } from './dockerfile.ts';
import { hadolint } from './hadolint.ts';

const NODE_IMAGE = new RegExp(`^node:${process.versions.node}-[a-z]+-slim$`);
const SECRET = /key|token|secret|password|credential/i;

/** What is wrong with a Dockerfile, beyond what the linter finds. */
function problems(text: string): string[] {
  const stages = stagesOf(text);
  const { settings, environment, variables } = stages.at(-1)!;
  const check = settings['HEALTHCHECK']?.replace(/^CMD /, '');
  return [
    ...stages.filter(({ base }) => base !== 'scratch' && !NODE_IMAGE.test(base)).map(({ base }) => `base ${base}`),
    ...stages.filter((stage) => 'ADD' in stage.settings).map(() => 'ADD'),
    ...(/^[1-9]\d*:[1-9]\d*$/.test(settings['USER'] ?? '') ? [] : ['USER']),
    ...(settings['STOPSIGNAL'] === 'SIGTERM' ? [] : ['STOPSIGNAL']),
    ...(execForm(settings['ENTRYPOINT'])?.[0] === 'node' ? [] : ['ENTRYPOINT']),
    ...(execForm(settings['CMD'])?.[0]?.endsWith('.js') ? [] : ['CMD']),
    ...(execForm(check)?.[0] === 'node' ? [] : ['HEALTHCHECK']),
    ...(settings['EXPOSE'] === environment['HTTP_PORT'] && settings['EXPOSE'] ? [] : ['EXPOSE']),
    ...stages.flatMap((stage) => stage.variables.filter((name) => SECRET.test(name))),
    ...(variables.includes('VERSION') && settings['LABEL']?.includes('image.version=') ? [] : ['LABEL']),
  ];
}

let text: string;

beforeAll(async () => {
  text = await readFile(DOCKERFILE, 'utf8');
});

function changed(before: string | RegExp, after: string): string {
  const broken = text.replace(before, after);
  expect(broken).not.toBe(text);
  return broken;
}

describe('deploy/Dockerfile', () => {
  it('is what hadolint takes', async () => {
    expect(await hadolint(text)).toEqual([]);
  });

  it.each([
    ['an image without a version', /\$\{NODE_IMAGE\}/, 'node', 'DL3006'],
    ['the latest image', /\$\{NODE_IMAGE\}/, 'node:latest', 'DL3007'],
    ['a folder that is not absolute', 'WORKDIR /app', 'WORKDIR app', 'DL3000'],
    ['a shell that starts the app', /^CMD .*$/m, 'CMD node dist/apps/config/src/main.js', 'DL3025'],
    ['a step as root at the end', /^USER .*$/m, 'USER root', 'DL3002'],
    ['ADD for a file', 'COPY schemas schemas', 'ADD schemas schemas', 'DL3020'],
    ['sudo', 'RUN npm pkg', 'RUN sudo npm pkg', 'DL3004'],
    ['a stage that does not exist', '--from=build ', '--from=built ', 'DL3022'],
  ])('would be objected to with %s', async (_, before, after, code) => {
    const found = await hadolint(changed(before, after));
    expect(found).toContainEqual(expect.stringMatching(`^${code} `));
  });

  it('names its base exactly, ends as a user that is not root, and starts its program without a shell', () => {
    expect(problems(text)).toEqual([]);
  });

  it('starts its program as the scripts of package.json do', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const start = execForm(stagesOf(text).at(-1)!.settings['ENTRYPOINT'])!.join(' ');
    const programs = Object.keys(scripts).filter((name) => name.startsWith('start:'));
    expect(programs).toHaveLength(4);
    for (const name of programs) expect(scripts[name]).toMatch(new RegExp(`^${start} dist/\\S+$`));
  });

  it.each([
    ['another Node than that of the tests', /node:24\.\d+\.\d+-/g, 'node:22.1.0-', 'base node:22.1.0-bookworm-slim'],
    ['a version that moves', /node:24\.\d+\.\d+-/g, 'node:24-', 'base node:24-bookworm-slim'],
    ['no user', /^USER .*$/m, '', 'USER'],
    ['a user by name', /^USER .*$/m, 'USER node', 'USER'],
    ['root', /^USER .*$/m, 'USER 0:0', 'USER'],
    ['another signal', /^STOPSIGNAL .*$/m, 'STOPSIGNAL SIGKILL', 'STOPSIGNAL'],
    ['a shell', /^ENTRYPOINT .*$/m, 'ENTRYPOINT node --enable-source-maps', 'ENTRYPOINT'],
    ['a shell for the app', /^CMD .*$/m, 'CMD dist/apps/config/src/main.js', 'CMD'],
    ['no health check', /^HEALTHCHECK (.*\n)*?  CMD .*$/m, '', 'HEALTHCHECK'],
    ['a health check in a shell', /CMD \["node", "-e".*$/m, 'CMD curl localhost', 'HEALTHCHECK'],
    ['a port that is not the one', /^EXPOSE .*$/m, 'EXPOSE 80', 'EXPOSE'],
    ['ADD', 'COPY schemas schemas', 'ADD schemas schemas', 'ADD'],
    ['a secret among its variables', 'ARG REVISION', 'ARG NPM_TOKEN\nARG REVISION', 'NPM_TOKEN'],
    ['no label of its version', 'image.version=', 'image.release=', 'LABEL'],
  ])('would be noticed to have %s', (_, before, after, problem) => {
    expect(problems(changed(before, after))).toContain(problem);
  });
});

describe('what is sent to the build', () => {
  let files: readonly string[];

  beforeAll(async () => {
    files = (await BuildContext.open(root, `${DOCKERFILE}.dockerignore`)).files;
  });

  it('is every file that is compiled or shipped', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'package-lock.json',
        '.npmrc',
        'LICENSE',
        'tsconfig.base.json',
        'apps/config/tsconfig.json',
        'libs/runtime/src/app/run-app.ts',
        'schemas/call.avsc',
      ]),
    );
  });

  it('is no test, nothing built or installed, and nothing of other folders', () => {
    const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]));
    expect([...folders].toSorted()).toEqual(['apps', 'libs', 'schemas']);
    expect(files.filter((file) => /\.test\.ts$|(^|\/)(node_modules|dist|testing)\//.test(file))).toEqual([]);
  });

  it.each([
    'deploy/.env',
    'apps/config/.env',
    'libs/store/.env.local',
    'schemas/.key',
    '.git/config',
    'key.pem',
    'libs/store/.cache/a.ts',
  ])('would not be %s', async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'webhook-context-'));
    try {
      for (const file of [name, 'schemas/call.avsc', '.npmrc']) {
        await mkdir(join(folder, dirname(file)), { recursive: true });
        await writeFile(join(folder, file), 'a secret');
      }
      const context = await BuildContext.open(folder, `${DOCKERFILE}.dockerignore`);
      expect(context.files.toSorted()).toEqual(['.npmrc', 'schemas/call.avsc']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
