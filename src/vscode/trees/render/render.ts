import { commandIds } from '../../command-ids';
import { tooltip } from '../markdown';
import type { NodeOf, TreeNode } from '../node';
import { activity, activityStep, run, runStep } from './activity';
import { gate, pendingVersion } from './approvals';
import { endpoint, environment, releases, target } from './endpoints';
import { icons, item, type RenderedItem, type Scene } from './item';
import { lineageModel, refusedParent, trainingJob, tuningJob } from './lineage';
import { model, version } from './models';
import { release } from './release';

/** What a node looks like. Pure: the same node at the same moment looks the same. */
export function render(node: TreeNode, scene: Scene): RenderedItem {
  switch (node.kind) {
    case 'pendingVersion':
      return pendingVersion(node, scene);
    case 'gate':
      return gate(node, scene);
    case 'model':
      return model(node, scene);
    case 'version':
      return version(node, scene);
    case 'lineageModel':
      return lineageModel(node, scene);
    case 'tuningJob':
      return tuningJob(node, scene);
    case 'refusedParent':
      return refusedParent(node, scene);
    case 'trainingJob':
      return trainingJob(node, scene);
    case 'environment':
      return environment(node, scene);
    case 'endpoint':
      return endpoint(node, scene);
    case 'target':
      return target(node, scene);
    case 'releases':
      return releases(node, scene);
    case 'release':
      return release(node, scene);
    case 'run':
      return run(node, scene);
    case 'runStep':
      return runStep(node, scene);
    case 'activity':
      return activity(node, scene);
    case 'activityStep':
      return activityStep(node, scene);
    case 'loadMore':
      return loadMore(node, scene);
    case 'empty':
      return item({
        label: node.text,
        icon: { id: 'info' },
        description: [node.remedy?.title ?? null],
        tooltip: tooltip(node.text, []),
        command: node.remedy ?? null,
      });
    case 'error':
      return error(node, scene);
  }
}

function loadMore(node: NodeOf<'loadMore'>, { l10n }: Scene): RenderedItem {
  return item({
    label: node.loading ? l10n.t('Loading…') : l10n.t('Load More…'),
    icon: node.loading ? icons.running : { id: 'ellipsis' },
    description: [l10n.t('{0} shown', node.shown)],
    tooltip: tooltip(l10n.t('Load More…'), []),
    command: node.loading
      ? null
      : { title: l10n.t('Load More…'), command: commandIds.loadMore, arguments: [node] },
  });
}

function error(node: NodeOf<'error'>, { l10n }: Scene): RenderedItem {
  const { remedy } = node;
  return item({
    label: node.text,
    icon: icons.bad,
    state: l10n.t('error'),
    description: [remedy?.title ?? null],
    tooltip: tooltip(
      node.text,
      [[l10n.t('Code'), node.code]],
      [node.advice ?? '', remedy ? l10n.t('Click: {0}', remedy.title) : ''],
    ),
    can: ['refreshable'],
    command: remedy ?? null,
  });
}
