import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { Cancelled, messageOf, WarmstartError } from '../errors';
import type { Task } from '../task';
import { onClosedPipe } from './closed-pipe';
import { Context, type GlobalOptions } from './context';
import { jsonOutput, type Output, plainOutput, terminalOutput } from './output';

/** 0 done, 1 failed, 2 usage or project file, 3 refused (gate, account, approval), 130 interrupted. */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, cancelled: 130 } as const;

type Action = (context: Context, ...rest: never[]) => Promise<void>;
/** Turns a command into what commander calls: opens the context, shows an error once, sets the exit code. */
export type Run = (action: Action, interrupted?: string) => (...args: unknown[]) => Promise<void>;

export function outputFor(options: GlobalOptions): Output {
  const out = (text: string) => process.stdout.write(text);
  if (options.json) return jsonOutput(out);
  const { stdout } = process;
  if (stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb') {
    return terminalOutput({
      write: out,
      get columns() {
        return stdout.columns;
      },
    });
  }
  return plainOutput(out, (text) => process.stderr.write(text));
}

export function runner(program: Command): Run {
  return (action, interrupted) =>
    async (...args) => {
      const options = program.opts<GlobalOptions>();
      const output = outputFor(options);
      const cancel = new AbortController();
      const onInterrupt = () => {
        if (cancel.signal.aborted) process.exit(exitCodes.cancelled);
        cancel.abort();
      };
      process.on('SIGINT', onInterrupt);
      // Long work ends as by Ctrl-C, so that it lets go of what it holds; SIGPIPE would have ended it on the spot.
      const offClosedPipe = onClosedPipe(process.stdout, () => cancel.abort());
      const task: Task = {
        signal: cancel.signal,
        report: (progress) => output.progress(progress),
        now: () => new Date(),
      };
      const context = new Context(options, output, task);
      try {
        // commander appends the command's own object to its arguments.
        await action(context, ...(args.slice(0, -1) as never[]));
      } catch (error) {
        process.exitCode = report(output, error, interrupted);
      } finally {
        process.off('SIGINT', onInterrupt);
        offClosedPipe();
        output.close();
        await context.close();
      }
    };
}

function report(output: Output, thrown: unknown, interrupted: string | undefined): number {
  const error =
    thrown instanceof WarmstartError
      ? thrown
      : new WarmstartError('internal', messageOf(thrown), {
          cause: thrown,
          remedy:
            'This is a fault of Warmstart. Run again with WARMSTART_DEBUG=1 for the stack, and report it.',
        });
  if (process.env.WARMSTART_DEBUG)
    process.stderr.write(`${thrown instanceof Error ? thrown.stack : thrown}\n`);
  if (error instanceof Cancelled) {
    // Some waits know best how to go on; the others say nothing of their own.
    const own = error.message === new Cancelled().message ? undefined : error.message;
    const message = own ?? interrupted ?? 'Interrupted.';
    output.note(message);
    output.event('interrupted', { message });
    return exitCodes.cancelled;
  }
  output.error(error);
  return exitCodes[error.kind];
}

/** Asks before something that callers of production will notice; without a terminal to ask on, it is refused. */
export async function confirm(context: Context, question: string): Promise<void> {
  if (!process.stdin.isTTY || context.options.json) {
    throw new WarmstartError('release.not-confirmed', `${question} Nobody is there to say yes.`, {
      kind: 'refused',
      remedy: 'Add --yes when a person has decided.',
    });
  }
  context.output.close();
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: context.task.signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new Cancelled('Nothing was changed.');
  } finally {
    terminal.close();
  }
}
