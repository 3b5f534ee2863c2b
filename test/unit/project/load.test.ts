import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { projectJsonSchema } from '../../../src/project/json-schema';
import { loadProject, parseProject } from '../../../src/project/load';
import type { Problem } from '../../../src/project/positions';
import { endpointOf } from '../../../src/project/project';
import { sample } from './sample';

const root = new URL('../../..', import.meta.url);

describe('a project file', () => {
  it('loads as documented, with defaults and resolved environments', () => {
    const { project, problems } = parseProject(sample, '/p/warmstart.json');
    assert.deepEqual(problems, []);
    assert.ok(project);
    assert.equal(project.registry.accountId, '111111111111');
    assert.deepEqual(
      project.environments.map((e) => e.name),
      ['training', 'qa', 'production'],
    );
    assert.equal(project.models[0]?.targetModel, 'delay-ord.tar.gz');
    assert.equal(endpointOf(project, 'flights', 'qa').variant.instanceType, 'ml.t2.medium');
    assert.equal(endpointOf(project, 'flights', 'production').variant.instanceCount, 2);
  });

  it('is found from any folder below it, and by its own path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warmstart-project-'));
    try {
      await mkdir(join(folder, 'sql', 'deep'), { recursive: true });
      await writeFile(join(folder, 'warmstart.json'), `\uFEFF${sample}`);
      for (const path of [folder, join(folder, 'sql', 'deep'), join(folder, 'warmstart.json')])
        assert.equal((await loadProject(path)).root, folder);
      await writeFile(join(folder, 'warmstart.json'), sample.replace('"eta"', '"etta"'));
      await assert.rejects(loadProject(folder), (error: Error) => {
        assert.match(
          error.message,
          /warmstart\.json:\d+:\d+: .*"etta" cannot be tuned.*Did you mean "eta"\?/,
        );
        return true;
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('says when there is none', async () => {
    await assert.rejects(loadProject(tmpdir()), { code: 'project.not-found', kind: 'usage' });
  });

  it('is what the sample project of the product has', async function () {
    const file = new URL('media/sample/project/warmstart.json', root);
    if (!existsSync(file)) return this.skip();
    const { project, problems } = parseProject(await readFile(file, 'utf8'), 'warmstart.json');
    assert.deepEqual(
      problems.filter((p) => p.severity === 'error'),
      [],
    );
    assert.ok(project);
  });

  it('has an up-to-date JSON Schema (npm run schema)', async () => {
    const stored: unknown = JSON.parse(await readFile(new URL('schema/warmstart.schema.json', root), 'utf8'));
    assert.deepEqual(stored, JSON.parse(JSON.stringify(projectJsonSchema())));
  });
});

describe('a wrong project file', () => {
  /** The problems after one replacement in the sample, each as `marked text: message | remedy`. */
  function changed(from: string | RegExp, to: string): string[] {
    const text = sample.replace(from, to);
    assert.notEqual(text, sample, 'the replacement must change the text');
    return parseProject(text, 'warmstart.json').problems.map(
      (p) => `${marked(text, p)}: ${p.message} | ${p.remedy ?? ''}`,
    );
  }

  it('names an unknown key and what was probably meant', () => {
    assert.deepEqual(changed('"maxParallelJobs"', '"maxParalelJobs"'), [
      '"maxParalelJobs": "maxParalelJobs" is not known here. | Did you mean "maxParallelJobs"?',
    ]);
    assert.deepEqual(changed('"bucket": "acme-ds-ml"', '"bucket": "acme-ds-ml", "rolearn": ""'), [
      '"rolearn": "rolearn" is not known here. | Known: accountId, region, profile, bucket, executionRoleArn, protected, promote, kmsKeyId, vpc, tags.',
    ]);
  });

  it('marks the key of the object that lacks something', () => {
    assert.deepEqual(changed('"label": "delay",', ''), ['"data": "label" is missing. | ']);
  });

  it('reads a union as its author meant it', () => {
    assert.deepEqual(changed('"algorithm": "xgboost"', '"algorithm": "xgbost"'), [
      '"xgbost": Expected "xgboost", found "xgbost". | Did you mean "xgboost"?',
    ]);
    assert.deepEqual(
      changed('"algorithm": "xgboost", "version": "1.7-1"', '"image": "i", "metricDefinitions": []'),
      ['"training": "objectiveType" is missing. | '],
    );
    assert.deepEqual(changed('"max": 500', '"max": "500"'), ['"500": Expected a number, found a string. | ']);
    assert.deepEqual(changed(/"num_round": \{[^}]*\}/, '"num_round": {}'), [
      '{}: Needs "min" and "max", or "values". | ',
    ]);
    assert.deepEqual(changed(/"warmStart": \{[^}]*\}/, '"warmStart": true'), [
      'true: Expected false or an object { … }, found a boolean. | ',
    ]);
    assert.deepEqual(changed('"hub": "ORD"', '"hub": []'), [
      '[]: Expected a string, a number or true or false, found a list. | ',
    ]);
    assert.deepEqual(changed('"kind": "postgres"', '"kind": "postgress"'), [
      '"postgress": "postgress" is no kind that is known here. | Did you mean "postgres"?',
    ]);
    assert.deepEqual(changed('"kind": "postgres",', ''), [
      '"warehouse": "kind" is missing. | Known: postgres, redshift.',
    ]);
  });

  it('never repeats a value that may be a secret', () => {
    for (const problem of changed('{ "from": "secretStorage" }', '"hunter2"'))
      assert.doesNotMatch(problem.slice(10), /hunter2/);
  });

  it('tells a key that stands twice', () => {
    assert.deepEqual(changed('"database": "dw"', '"database": "dw", "database": "dw2"'), [
      '"database": "database" stands here twice. | ',
    ]);
  });

  it('goes on after a syntax error', () => {
    const problems = changed('"maxJobs": 10,', '"maxJobs": 10');
    assert.deepEqual(problems, ['"maxParallelJobs": Comma expected. | ']);
  });

  it('has its problems inside the text, whatever was done to it, and never throws', () => {
    const tokens = [...sample.matchAll(/"[^"]*"|[{}[\],:]|\d+(\.\d+)?|true|false/g)];
    const junk = fc.constantFrom(
      '',
      'null',
      '[]',
      '{}',
      '-1',
      '1e999',
      '"x"',
      '"__proto__"',
      'true',
      '{',
      ']',
      '"constructor": 1',
      '"constructor"',
      '"toString"',
      '\\',
      '\u2028',
      '"🛫"',
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(tokens.length - 1), junk), { minLength: 1, maxLength: 4 }),
        (edits) => {
          let text = sample;
          for (const [index, replacement] of [...edits].sort((a, b) => b[0] - a[0])) {
            const token = tokens[index]!;
            text = text.slice(0, token.index) + replacement + text.slice(token.index + token[0].length);
          }
          const { project, problems } = parseProject(text, 'warmstart.json');
          assert.ok(project !== undefined || problems.some((p) => p.severity === 'error'));
          for (const problem of problems) assertInside(text, problem);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('never throws for any text at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        const { problems } = parseProject(text, 'warmstart.json');
        assert.ok(problems.length > 0);
        for (const problem of problems) assertInside(text, problem);
      }),
    );
  });
});

function marked(text: string, problem: Problem): string {
  const lines = text.split('\n');
  assert.equal(problem.line, problem.endLine);
  return (lines[problem.line - 1] ?? '').slice(problem.column - 1, problem.endColumn - 1);
}

function assertInside(text: string, { line, column, endLine, endColumn, message }: Problem): void {
  const lines = text.split('\n');
  assert.ok(
    line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? '').length + 1,
    message,
  );
  assert.ok(endLine >= line && endLine <= lines.length, message);
  assert.ok(endLine > line || endColumn >= column, message);
  assert.ok(endColumn <= (lines[endLine - 1] ?? '').length + 1, message);
  assert.ok(message.length > 5 && !/Invalid input/.test(message), message);
}
