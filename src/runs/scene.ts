import type { Session } from '../aws/session';
import type { Store } from '../aws/store';
import type { Environment, Model, Project } from '../project/project';
import type { Task } from '../task';
import type { RunRecord } from './record';

/** Everything that runs need, whichever model they are for. */
export interface RunScene {
  project: Project;
  /** Signs with the registry environment's credentials. */
  session: Session;
  /** The registry environment's bucket. */
  store: Store;
  /** Opens another environment, to see which version serves there. */
  sessionOf(environment: Environment): Promise<Session>;
  /** Asked for when the export begins, and not before. */
  password(): Promise<string | undefined>;
  task: Task;
}

/** A scene with the one model and run that a step works on. */
export interface StepScene extends RunScene {
  model: Model;
  run: RunRecord;
}
