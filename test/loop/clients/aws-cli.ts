import assert from 'node:assert/strict';
import { findAws, type Ran, type Served, skipFor } from './served';

/** The `aws` command as a person types it. */
export class AwsCli {
  #tool = { file: '', always: [] as string[] };

  constructor(readonly served: Served) {}

  /** Finds the command, or skips the tests of this suite. */
  async find(context: Mocha.Context): Promise<void> {
    this.#tool = (await findAws(this.served)) ?? skipFor(context, 'aws command');
  }

  run(profile: string, ...args: string[]): Promise<Ran> {
    const { file, always } = this.#tool;
    return this.served.run(file, '--profile', profile, '--output', 'json', ...always, ...args);
  }

  /** The same by keys in the environment instead of a profile. */
  runWith(keys: NodeJS.ProcessEnv, ...args: string[]): Promise<Ran> {
    const endpoint = ['--region', 'us-east-1', '--endpoint-url', this.served.endpoint];
    return this.served.runWith(keys, this.#tool.file, ...endpoint, ...args);
  }

  /** What it prints when it succeeds, by the training account unless told. */
  async text(...args: string[]): Promise<string> {
    return this.textAs('sandbox-training', ...args);
  }

  async textAs(profile: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(profile, ...args);
    assert.equal(code, 0, `aws ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** What `--query` finds in the answer. */
  async query(query: string, ...args: string[]): Promise<unknown> {
    return JSON.parse(await this.text(...args, '--query', query));
  }

  /** The error that it prints, as `Code: message`. */
  async refused(...args: string[]): Promise<string> {
    return this.refusedAs('sandbox-training', ...args);
  }

  async refusedAs(profile: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(profile, ...args);
    assert.notEqual(code, 0, `aws ${args.join(' ')} succeeded: ${stdout}`);
    const [, name, message] = /\((\w+)\) when calling the \w+ operation: (.*)/s.exec(stderr) ?? [];
    return name === undefined ? stderr : `${name}: ${message}`;
  }
}
