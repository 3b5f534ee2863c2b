import type { Activity } from './activity/activity';
import type { Connection } from './connection';
import type { Engine } from './engine';
import type { Log } from './log';

/** What every part of the extension is given. Made once, in `extension.ts`. */
export interface Services {
  connection: Connection;
  log: Log;
  activity: Activity;
  /** Loads the AWS bundle at the first call: call it where AWS is about to be used, never while registering. */
  engine(): Engine;
}
