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

/**
 * `untrusted`: the workspace is not trusted and the person's own settings name no profile. With a profile of their own
 * an untrusted workspace is connected, too, but commands that run or change anything are refused.
 */
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
  /** The project even where no profile leads to it; undefined when there is none or it has errors. */
  readonly project: Project | undefined;
  /** The `warmstart.json` in use, also when it has errors. */
  readonly projectFile: string | undefined;
  /** The AWS config file in use. */
  readonly awsConfigFile: string;
  isCurrent(ticket: Ticket): boolean;
  /** The profile that reaches an environment; undefined when none does, `{ profile: undefined }` for the SDK's default chain. */
  profileOf(environment: Environment): { profile: string | undefined } | undefined;
  /**
   * The session of an environment under the ticket's project and profiles; made once, remade after a switch or sign-in.
   * STS has been asked for its account before it is handed out, so neither reads nor writes reach another account.
   * A ticket of the past still answers its own sessions: long work goes on where it began.
   * @throws an error shaped as `WarmstartError`: `connection.no-profile`, `aws.wrong-account`, `aws.session-expired`, …,
   *   of which {@link report} has been told
   */
  session(ticket: Ticket, environment?: Environment): Promise<Session>;
  switchTo(environment: string): Promise<void>;
  /** Reads the AWS files and the project again and makes everything anew: after sign-in, a file change, `refresh`. */
  reload(): Promise<void>;
  /**
   * Tells what an AWS call ended with: the first success makes the state `ok`; an expired session makes it `expired` and
   * asks the person to sign in exactly once, whichever number of views ran into it, until the next `reload`.
   * Errors of one operation (denied, throttled, not found) are their caller's to show.
   * @param environment the one that was called, when it is not the ticket's
   */
  report(ticket: Ticket, error: unknown | undefined, environment?: Environment): void;
  /** From where `warmstart.json` says; asks the person and remembers when VS Code's secret storage has none. */
  warehousePassword(ticket: Ticket): Promise<string | undefined>;
  /**
   * Uses another AWS config file for the projects in `folder` (default: of this window), and the `credentials` file
   * beside it; remembered over windows. Undefined goes back to the person's own files. Reloads.
   */
  useAwsConfig(file: string | undefined, folder?: string): Promise<void>;
}
