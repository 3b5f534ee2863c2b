import type { HandlerExecutionContext, InitializeHandler, MiddlewareStack } from '@smithy/types';
import { type Caller, mapAwsError } from './errors';

/**
 * Commands that change nothing. Everything else counts as a write, so a command that AWS adds tomorrow is guarded too.
 */
const READ_ONLY =
  /^(Describe|List|Get|Head|BatchGet|BatchDescribe|Search|FilterLogEvents|InvokeEndpointCommand$)/;

export const isReadOnly = (commandName: string): boolean => READ_ONLY.test(commandName);

/**
 * Makes a client safe: no write leaves before `assertAccount` resolved, and every rejection is a WarmstartError.
 * Both stand at the very beginning of the client's stack, before anything is serialised, signed or sent.
 */
export function guardClient<Input extends object, Output extends object>(
  client: { middlewareStack: MiddlewareStack<Input, Output> },
  caller: Caller,
  assertAccount: () => Promise<void>,
): void {
  client.middlewareStack.add(
    (next: InitializeHandler<Input, Output>, context: HandlerExecutionContext) => async (args) => {
      const command = context.commandName ?? 'unknown';
      try {
        if (!isReadOnly(command)) await assertAccount();
        return await next(args);
      } catch (error) {
        throw mapAwsError(error, caller, command.replace(/Command$/, ''));
      }
    },
    { step: 'initialize', priority: 'high', name: 'warmstartGuard' },
  );
}
