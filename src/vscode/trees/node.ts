import type { Version, VersionSummary } from '../../registry/versions';
import type { Inspection } from '../../release/inspect';
import type { TargetStatus } from '../../release/inventory';
import type { Manifest } from '../../release/manifest';
import type { RunRecord, StepName } from '../../runs/record';
import type { LineageNode } from '../../tuning/lineage';
import type { RankedTrainingJob } from '../../tuning/training-jobs';
import type { ActivityEntry, ActivityStep } from '../activity/entry';
import type { Standing } from '../activity/standing';
import type { Certainty } from './metric';

/** What can be done with a node: the words of `contextValue`, which menus ask for by `viewItem =~ /\\bword\\b/`. */
export type Capability =
  | 'approvable'
  | 'rejectable'
  | 'comparable'
  | 'retrainable'
  | 'lineage'
  | 'stoppable'
  | 'resumable'
  | 'releasable'
  | 'rollbackable'
  | 'resumableRelease'
  | 'invokable'
  | 'switchable'
  | 'cancellable'
  | 'hasLogs'
  | 'hasArn'
  | 'hasName'
  | 'refreshable';

interface Base {
  /** Unique and stable over refreshes, so that VS Code keeps what is expanded; begins with the connection's key. */
  id: string;
  /** For copy and "open in console". */
  arn?: string;
  name?: string;
}

/** A candidate against the champion by one metric, as its evaluation found it. */
export interface Review {
  metric: string | null;
  value: number | null;
  champion: {
    version: number | null;
    environment: string | null;
    value: number | null;
    certainty: Certainty;
  } | null;
  /** Why there is no champion. */
  note: string | null;
  gates: { metric: string; passed: boolean; reason: string }[];
  warnings: string[];
}

/** The way out of an error or of emptiness. */
export interface Remedy {
  title: string;
  command: string;
  arguments?: unknown[];
}

/** One node of any view: plain data. A pure function renders it; loaders answer arrays of it and never throw. */
export type TreeNode = Base &
  (
    | {
        kind: 'pendingVersion';
        model: string;
        version: Version;
        /** The champion's version that it was measured against. */
        servedVersion: number | null;
        review: Review;
      }
    | { kind: 'gate'; model: string; metric: string; passed: boolean; reason: string }
    | {
        kind: 'model';
        model: string;
        packageGroup: string;
        /** Among its newest hundred versions. */
        pending: number;
        latest: number | null;
        /** Why its versions could not be listed. */
        problem: string | null;
      }
    | {
        kind: 'version';
        model: string;
        summary: VersionSummary;
        version: Version | null;
        metric: { name: string; value: number } | null;
        /** Names of environments. */
        servesIn: string[];
        /** Environments whose endpoint could not be read. */
        unread: string[];
      }
    | { kind: 'lineageModel'; model: string }
    | { kind: 'tuningJob'; model: string; job: LineageNode; running: boolean }
    | { kind: 'refusedParent'; model: string; tuningJob: string; reason: string }
    | {
        kind: 'trainingJob';
        tuningJob: string;
        trainingJob: string;
        status: string;
        metric: string | null;
        value: number | null;
        best: boolean;
        job: RankedTrainingJob;
      }
    | {
        kind: 'environment';
        environment: string;
        accountId: string;
        region: string;
        protected: boolean;
        current: boolean;
      }
    | { kind: 'endpoint'; environment: string; endpoint: string; inspection: Inspection }
    | { kind: 'target'; environment: string; endpoint: string; target: TargetStatus }
    /** `live`: the release that serves, so that the list is read again when another one does. */
    | { kind: 'releases'; environment: string; endpoint: string; live: string | null }
    | {
        kind: 'release';
        environment: string;
        endpoint: string;
        manifest: Manifest;
        live: boolean;
        standing: Standing;
        /** In Activity a release is an event, below an endpoint a place to go back to. */
        place: 'endpoint' | 'activity';
        /** The operation of this window that drives it. */
        activityId: string | null;
      }
    | {
        kind: 'run';
        run: RunRecord;
        standing: Standing;
        /** Driven by this window. */
        here: boolean;
        activityId: string | null;
        message: string | null;
        done: number | null;
        total: number | null;
      }
    | { kind: 'runStep'; run: RunRecord; step: StepName; message: string | null }
    | {
        kind: 'activity';
        activityId: string;
        title: string;
        status: 'running' | 'done' | 'failed' | 'cancelled';
        message: string;
        startedAt: string;
        finishedAt: string | null;
        entry: ActivityEntry;
      }
    | { kind: 'activityStep'; activityId: string; step: ActivityStep; running: boolean }
    | { kind: 'loadMore'; parent: string; shown: number; loading: boolean }
    | { kind: 'empty'; text: string; remedy?: Remedy }
    | { kind: 'error'; code: string; text: string; advice: string | null; remedy?: Remedy }
  );

export type NodeKind = TreeNode['kind'];
export type NodeOf<K extends NodeKind> = Extract<TreeNode, { kind: K }>;
