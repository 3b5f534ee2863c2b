import assert from 'node:assert/strict';
import { placesOf } from '../../../src/project/places';

describe('the places of a project file', () => {
  it('are the keys of its environments and models, where they stand', () => {
    const text = '{ "environments": { "qa": {} }, // one\n "models": { "ord": {}, "atl": {} } }';
    assert.deepEqual(
      placesOf(text).map(({ kind, name, offset }) => [
        kind,
        name,
        text.slice(offset, offset + name.length + 2),
      ]),
      [
        ['environment', 'qa', '"qa"'],
        ['model', 'ord', '"ord"'],
        ['model', 'atl', '"atl"'],
      ],
    );
  });

  it('are found while somebody still types', () => {
    assert.deepEqual(
      placesOf('{ "models": { "ord": { "endpoint": ').map(({ name }) => name),
      ['ord'],
    );
    assert.deepEqual(placesOf(''), []);
    assert.deepEqual(placesOf('[1]'), []);
  });
});
