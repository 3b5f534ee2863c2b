import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { messageOf, WarmstartError } from '../errors';
import { checkProject } from './checks';
import { explainAll } from './explain';
import { Positions, type Problem } from './positions';
import { type Project, toProject } from './project';
import { projectSchema } from './schema';

export type { Problem } from './positions';

export const PROJECT_FILE = 'warmstart.json';

/** What a text says, as far as it can be understood. `project` is absent when any problem is an error. */
export interface Parsed {
  project?: Project;
  /** In the order of the text. */
  problems: Problem[];
}

/**
 * Reads and checks a project.
 * @param path a `warmstart.json`, or a folder in or below a project; the working directory when absent
 * @throws WarmstartError `project.not-found`, `project.unreadable`, or `project.invalid` whose message has a line
 *   `file:line:column: message` per error and whose `cause` is a {@link ProjectProblems}
 */
export async function loadProject(path = process.cwd()): Promise<Project> {
  const file = await findProject(path);
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    throw new WarmstartError('project.unreadable', `${file} cannot be read: ${messageOf(error)}`, {
      kind: 'usage',
      cause: error,
    });
  }
  const { project, problems } = parseProject(text, file);
  if (project) return project;
  throw new WarmstartError(
    'project.invalid',
    problems
      .filter(isError)
      .map((p) => line(file, p))
      .join('\n'),
    {
      kind: 'usage',
      remedy: 'Correct warmstart.json; VS Code marks the places while you type.',
      cause: new ProjectProblems(file, problems),
    },
  );
}

/** The problems behind a `project.invalid`. */
export class ProjectProblems extends Error {
  constructor(
    readonly file: string,
    readonly problems: Problem[],
  ) {
    super(`${problems.length} problems in ${file}`);
  }
}

/** The nearest `warmstart.json` of a file or folder, walking up. @throws WarmstartError `project.not-found` */
export async function findProject(path: string): Promise<string> {
  const start = resolve(path);
  if (await isFile(start)) return start;
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, PROJECT_FILE);
    if (await isFile(file)) return file;
    if (dirname(folder) === folder) break;
  }
  throw new WarmstartError('project.not-found', `There is no ${PROJECT_FILE} in ${start} or above it.`, {
    kind: 'usage',
    remedy: 'Go to the folder of a project, or name it with --project.',
  });
}

/** Parses and checks a text. Pure: no file is read, and nothing is thrown for any text. */
export function parseProject(text: string, file: string): Parsed {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const positions = new Positions(text, tree);
  const syntax = errors.map((e) =>
    positions.span(e.offset, e.length, `${spaced(printParseErrorCode(e.error))}.`, 'error'),
  );
  if (!tree)
    return { problems: syntax.length ? syntax : [positions.span(0, 0, 'The file is empty.', 'error')] };
  const value: unknown = getNodeValue(tree);
  const checked = projectSchema.safeParse(value, { reportInput: true });
  const shape = checked.success ? [] : explainAll(checked.error.issues, positions);
  const cross = checked.success ? checkProject(checked.data, positions) : [];
  const problems = [...syntax, ...repeatedKeys(tree, positions), ...shape, ...cross].sort(inOrder);
  if (!checked.success || problems.some(isError)) return { problems };
  const path = resolve(file);
  return { project: toProject(dirname(path), path, checked.data), problems };
}

/** JSON lets a key stand twice and forgets the first; a person who wrote both meant both. */
function repeatedKeys(node: Node, positions: Positions): Problem[] {
  const children = node.children ?? [];
  const inside = children.flatMap((child) => repeatedKeys(child, positions));
  if (node.type !== 'object') return inside;
  const seen = new Set<string>();
  for (const property of children) {
    const key = property.children?.[0];
    if (typeof key?.value !== 'string') continue;
    if (seen.has(key.value))
      inside.push(positions.span(key.offset, key.length, `"${key.value}" stands here twice.`, 'error'));
    seen.add(key.value);
  }
  return inside;
}

const isError = (problem: Problem) => problem.severity === 'error';
const inOrder = (a: Problem, b: Problem) => a.line - b.line || a.column - b.column;
const spaced = (code: string) => code.replace(/(?<=[a-z])[A-Z]/g, (c) => ` ${c.toLowerCase()}`);

function line(file: string, problem: Problem): string {
  const remedy = problem.remedy ? ` ${problem.remedy}` : '';
  return `${file}:${problem.line}:${problem.column}: ${problem.message}${remedy}`;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && /ENOENT|ENOTDIR/.test(error.message)) return false;
    throw error;
  }
}
