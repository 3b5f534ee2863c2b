import assert from 'node:assert/strict';
import { parseProject } from '../../../src/project/load';
import { fileNameOf, isOf, keyOf, titleOf } from '../../../src/vscode/panels/titles';
import { plainL10n } from '../../../src/vscode/trees/l10n';
import { sample } from '../project/sample';
import { arnOf } from './panels-fixtures';

const { project } = parseProject(sample, '/p/warmstart.json');
assert.ok(project);
const title = (arns: string[], baseline: string | null = null) =>
  titleOf(plainL10n, { arns, baseline }, project);
const two = [arnOf(3), arnOf(1, 'flights-delay-atl')];

describe('a comparison in its tab', () => {
  it('is called by what it compares', () => {
    assert.equal(title([arnOf(3)]), 'Compare flights-delay-ord 3');
    assert.equal(title([arnOf(3), arnOf(4)]), 'Compare 2 versions of flights-delay-ord');
    assert.equal(title(two), 'Compare 2 models: flights');
    assert.equal(title(two, 'qa'), 'Compare 2 models: flights in qa');
  });

  it('has a name also without the project, and for models that are not in it', () => {
    assert.equal(titleOf(plainL10n, { arns: two, baseline: 'qa' }, undefined), 'Compare 2 models');
    assert.equal(title([arnOf(1, 'a'), arnOf(1, 'b')]), 'Compare 2 models');
  });

  it('is the same for the same versions in another order, and another one for another baseline', () => {
    const key = keyOf({ arns: two, baseline: null });
    assert.equal(keyOf({ arns: [...two].reverse(), baseline: null }), key);
    assert.equal(keyOf({ arns: [...two, ...two], baseline: null }), key);
    assert.notEqual(keyOf({ arns: two, baseline: 'qa' }), key);
    assert.notEqual(keyOf({ arns: two.slice(1), baseline: null }), key);
  });

  it('belongs to one registry only', () => {
    const registry = { accountId: '111111111111', region: 'us-east-1' };
    assert.equal(isOf({ arns: two, baseline: null }, registry), true);
    assert.equal(isOf({ arns: two, baseline: null }, { ...registry, region: 'eu-west-1' }), false);
    assert.equal(isOf({ arns: two, baseline: null }, { ...registry, accountId: '222222222222' }), false);
    assert.equal(isOf({ arns: [arnOf(3), 'junk'], baseline: null }, registry), false);
  });
});

describe('an exported comparison', () => {
  it('has a name that says what it is and that every system can write', () => {
    const name = (arns: string[]) => fileNameOf({ arns, baseline: null }, 'markdown');
    assert.equal(name([arnOf(3)]), 'comparison-flights-delay-ord-3.md');
    assert.equal(name([arnOf(3), arnOf(4)]), 'comparison-flights-delay-ord.md');
    assert.equal(name(two), 'comparison-2-models.md');
    assert.equal(name(['x/../../a:b/1']), 'comparison-a-b-1.md');
    assert.equal(
      fileNameOf({ arns: [arnOf(3)], baseline: null }, 'csv'),
      'comparison-flights-delay-ord-3.csv',
    );
  });
});
