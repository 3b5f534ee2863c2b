import type { Comparison } from '../../src/comparison/comparison';
import type { Evaluation } from '../../src/evaluation/report';
import type { Inspection } from '../../src/release/inspect';
import type { Action } from '../../src/release/plan';
import type { Progress } from '../../src/task';
import type { BestJob } from '../../src/tuning/result';

/** What `--json` promises of each event; see docs/cli.md. */
export interface Events {
  progress: Progress;
  error: { code: string; kind: string; message: string; remedy?: string };
  interrupted: { message: string };
  'retrain.done': RunEvent;
  run: RunEvent;
  'run.stopped': RunEvent;
  compare: {
    group: string;
    version: number;
    approval: string;
    evaluation: Evaluation;
    comparison: Comparison;
  };
  decision: { group: string; version: number; arn: string; approval: string; comment: string };
  'release.plan': PlanEvent;
  'release.unchanged': { endpoint: string; environment: string };
  'release.done': {
    endpoint: string;
    environment: string;
    releaseId: string;
    config: string;
    probes: number;
    targets: { targetModel: string; version?: number; packageArn?: string }[];
  };
  'rollback.done': { releaseId: string; rolledBackTo: string; probes: number };
  release: { environment: string; endpoint: string; releaseId: string; kind: string; status: string };
  inspect: Inspection;
  invoke: { targetModel: string; predictions: number[] };
  lineage: { model: string; nodes: LineageNode[] };
  evaluate: { rows: number; kind: string; metrics: Record<string, number> };
  predict: { rows: number; outputs: number; predictions: number[][] };
}

export interface RunEvent {
  model: string;
  runId: string;
  status: string;
  step: string;
  testing: boolean;
  window: { from: string; until: string };
  tuningJob: string | null;
  parents: string[];
  refused: { name: string; reason: string }[];
  coldStartReason: string | null;
  best: (BestJob & { succeeded: number }) | null;
  metrics: Record<string, number> | null;
  championMetrics: Record<string, number> | null;
  gatesPassed: boolean | null;
  packageArn: string | null;
  version: number | null;
}

export interface PlanEvent {
  endpoint: string;
  environment: string;
  first: boolean;
  live: string | null;
  nothingToDo: boolean;
  refusals: string[];
  notes: string[];
  targets: {
    targetModel: string;
    model?: string;
    action: Action;
    from: number | null;
    to: number | null;
    notes: string[];
  }[];
}

interface LineageNode {
  name: string;
  parents: string[];
}
