import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { translatableTexts } from '../../../scripts/l10n';

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const manifest = read('package.json');
const texts: Record<string, string> = read('package.nls.json');
const { contributes } = manifest;
const menus = Object.entries<{ command: string; when?: string; group?: string }[]>(contributes.menus);
const declared: string[] = contributes.commands.map(({ command }: { command: string }) => command);

describe('package.json', () => {
  it('has a text for every %key%, and no text that nobody uses', () => {
    const used = new Set([...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...used].sort(), Object.keys(texts).sort());
  });

  it('says nothing to people that is not in package.nls.json', () => {
    const plain: string[] = [];
    const visit = (value: unknown, key: string) => {
      if (Array.isArray(value)) for (const each of value) visit(each, key);
      else if (typeof value === 'object' && value !== null)
        for (const [name, each] of Object.entries(value)) visit(each, name);
      else if (/^(title|name|contents|description|markdownDescription|altText|contextualTitle)$/.test(key))
        if (!/^%[\w.]+%$/.test(String(value))) plain.push(`${key}: ${value}`);
    };
    visit({ ...contributes, configuration: { properties: contributes.configuration.properties } }, '');
    assert.deepEqual(plain, []);
  });

  it('puts only declared commands into menus, welcome texts and the walkthrough', () => {
    const mentioned = [
      ...menus.flatMap(([, items]) => items.map(({ command }) => command)),
      ...Object.values(texts).flatMap((text) =>
        [...text.matchAll(/\(command:(warmstart\.\w+)\)/g)].map(([, command]) => String(command)),
      ),
    ];
    for (const command of new Set(mentioned)) assert.ok(declared.includes(command), command);
  });

  it('repeats every inline action in the context menu, where it is read aloud', () => {
    const items = contributes.menus['view/item/context'] as {
      command: string;
      when: string;
      group: string;
    }[];
    for (const inline of items.filter(({ group }) => group.startsWith('inline'))) {
      const repeated = items.some(
        ({ command, when, group }) =>
          command === inline.command && when === inline.when && !group.startsWith('inline'),
      );
      assert.ok(repeated, inline.command);
    }
    for (const { command } of items.filter(({ group }) => group.startsWith('inline')))
      assert.ok(
        contributes.commands.find((one: { command: string }) => one.command === command).icon,
        command,
      );
  });

  it('lets nothing that runs or changes something be done in an untrusted workspace', () => {
    const guarded = [
      'retrain',
      'retrainAll',
      'resumeRun',
      'stopRun',
      'approve',
      'reject',
      'release',
      'rollBack',
    ];
    for (const name of guarded) {
      const command = contributes.commands.find(
        (one: { command: string }) => one.command === `warmstart.${name}`,
      );
      assert.equal(command.enablement, 'isWorkspaceTrusted', name);
    }
  });

  it('keeps what chooses an account out of the reach of a workspace', () => {
    const { properties } = contributes.configuration;
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const name of ['warmstart.profiles', 'warmstart.awsConfigFile']) {
      assert.equal(properties[name].scope, 'machine');
      assert.ok(restricted.includes(name));
    }
  });

  it('names files that are there', () => {
    const files = [
      manifest.icon,
      contributes.viewsContainers.activitybar[0].icon,
      contributes.jsonValidation[0].url,
      manifest.l10n,
    ];
    for (const file of files) assert.ok(existsSync(file), file);
  });
});

describe('the texts of the extension', () => {
  it('are all in the bundle that translations start from', () => {
    assert.deepEqual(read('l10n/bundle.l10n.json'), translatableTexts(), 'Run `npm run l10n`.');
  });
});
