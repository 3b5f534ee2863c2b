import type { Version, VersionSummary } from '../../registry/versions';
import type { Inspection } from '../../release/inspect';
import type { TargetStatus } from '../../release/inventory';
import type { Manifest } from '../../release/manifest';
import type { RunRecord } from '../../runs/record';
import type { LineageNode } from '../../tuning/lineage';

/** What can be done with a node: the words of `contextValue`, which menus ask for by `viewItem =~ /\\bword\\b/`. */
export type Capability =
  | 'approvable'
  | 'rejectable'
  | 'comparable'
  | 'retrainable'
  | 'stoppable'
  | 'resumable'
  | 'releasable'
  | 'rollbackable'
  | 'resumableRelease'
  | 'invokable'
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

/** One node of any view: plain data. A pure function renders it; loaders answer arrays of it and never throw. */
export type TreeNode = Base &
  (
    | { kind: 'pendingVersion'; model: string; version: Version; servedVersion: number | null }
    | { kind: 'model'; model: string; packageGroup: string; pending: number; latest: number | null }
    | { kind: 'version'; model: string; summary: VersionSummary; version: Version | null; servesIn: string[] }
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
    | { kind: 'releases'; environment: string; endpoint: string; count: number }
    | { kind: 'release'; environment: string; endpoint: string; manifest: Manifest; live: boolean }
    | {
        kind: 'run';
        run: RunRecord;
        here: boolean;
        message: string | null;
        done: number | null;
        total: number | null;
      }
    | { kind: 'runStep'; run: RunRecord; step: string }
    | {
        kind: 'activity';
        activityId: string;
        title: string;
        status: 'running' | 'done' | 'failed' | 'cancelled';
        message: string;
        startedAt: string;
        finishedAt: string | null;
      }
    | { kind: 'loadMore'; parent: string; shown: number }
    | { kind: 'empty'; text: string; remedy?: { title: string; command: string; arguments?: unknown[] } }
    | {
        kind: 'error';
        code: string;
        text: string;
        remedy?: { title: string; command: string; arguments?: unknown[] };
      }
  );

export type NodeKind = TreeNode['kind'];
export type NodeOf<K extends NodeKind> = Extract<TreeNode, { kind: K }>;
