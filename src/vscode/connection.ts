import type * as vscode from 'vscode';
import type { Session } from '../aws/session';
import type { Environment, Project } from '../project/project';

/**
 * One environment as the person reaches it now, and the ticket for late answers: whoever waited for something asks
 * `connection.isCurrent(ticket)` before showing it. Immutable; switching makes a new one.
 */
export interface Ticket {
  project: Project;
  environment: Environment;
  profile: string | undefined;
  /** Of environment, profile, account and region: the key of every cache, client, tree node and panel. */
  key: string;
  generation: number;
}

export type ConnectionState =
  | { kind: 'noProject' }
  | { kind: 'badProject'; problems: number }
  | { kind: 'untrusted' }
  | { kind: 'noProfile'; environment: string }
  | { kind: 'unchecked' | 'ok'; ticket: Ticket }
  | { kind: 'expired' | 'wrongAccount' | 'denied'; ticket: Ticket; message: string };

/** The one place that knows the project, the chosen environment and the sessions. */
export interface Connection {
  readonly onDidChange: vscode.Event<ConnectionState>;
  readonly state: ConnectionState;
  /** Undefined when there is nothing to connect to. */
  readonly ticket: Ticket | undefined;
  isCurrent(ticket: Ticket): boolean;
  /** The session of an environment under the ticket's project and profiles; made once, remade after a switch or sign-in. */
  session(ticket: Ticket, environment?: Environment): Promise<Session>;
  switchTo(environment: string): Promise<void>;
  /** Reads the AWS files and the project again and makes everything anew: after sign-in, a file change, `refresh`. */
  reload(): Promise<void>;
  /**
   * Tells what an AWS call ended with: success makes the state `ok`; an expired session makes it `expired` and asks the
   * person to sign in exactly once, whichever number of views ran into it.
   */
  report(ticket: Ticket, error: unknown | undefined): void;
  warehousePassword(ticket: Ticket): Promise<string | undefined>;
}
