// Scorecards with the shapes that evaluations have.
import type { Drift, KnownScorecard } from '../../src/comparison/comparison';

const range = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));
const bell = (x: number, width: number) => Math.exp(-((x / width) ** 2) / 2);
const bins = ['< 100', '100 … 250', '250 … 600', '600 … 1,200', '≥ 1,200', 'missing'];

function features(seed: number, withBias: boolean): NonNullable<KnownScorecard['features']> {
  return ['distance', 'hour', 'wind_knots', 'carrier_AA'].map((feature, place) => ({
    feature,
    bins: bins.map((label, bin) => ({
      label,
      rows: 2_000 - bin * 300,
      error: 5 + Math.abs(Math.sin(seed + place + bin)) * 4,
      bias: withBias ? Math.cos(seed * 2 + place + bin) : null,
    })),
  }));
}

export function regressionCard(seed: number, rmse: number): KnownScorecard {
  const edges = range(41, (index) => -60 + index * 3);
  const labelEdges = range(21, (index) => -20 + index * 8);
  return {
    metrics: { rmse, mae: rmse * 0.66 },
    residuals: {
      edges,
      counts: range(40, (index) => Math.round(1_000 * bell(edges[index]! + 1.5 - seed, rmse))),
    },
    deciles: range(10, (decile) => ({
      from: -5 + decile * 6,
      to: 1 + decile * 6,
      rows: 1_234,
      meanLabel: decile * 6 + seed,
      meanPrediction: decile * 6,
      mae: 4 + decile * 0.8 + seed * 0.3,
      rmse: rmse * (0.6 + decile * 0.08),
    })),
    grid: {
      predictionEdges: labelEdges,
      labelEdges,
      counts: range(20, (actual) =>
        range(20, (predicted) =>
          Math.round(400 * bell((actual - predicted) * 8, rmse) * bell(actual - 6, 5)),
        ),
      ),
    },
    features: features(seed, true),
  };
}

export function binaryCard(seed: number): KnownScorecard {
  return {
    metrics: { auc: 0.87 },
    deciles: range(10, (decile) => ({
      from: decile / 10,
      to: (decile + 1) / 10,
      rows: 1_234,
      meanLabel: decile / 10,
      meanPrediction: decile / 10 + 0.05,
      mae: 0.1 + Math.sin(decile + seed) * 0.04,
      rmse: 0.3,
    })),
    confusion: {
      labels: ['0', '1'],
      counts: [
        [9_800 - seed * 40, 245 + seed * 30],
        [610, 1_690],
      ],
    },
    calibration: range(10, (bin) => ({
      from: bin / 10,
      to: (bin + 1) / 10,
      rows: bin === 8 ? 0 : 1_200,
      meanProbability: bin === 8 ? null : bin / 10 + 0.05,
      rate: bin === 8 ? null : Math.min(1, (bin / 10 + 0.05) ** (1 + seed * 0.12)),
    })),
    roc: range(101, (point) => ({
      falsePositiveRate: point / 100,
      truePositiveRate: (point / 100) ** (0.12 * seed + 0.1),
    })),
    features: features(seed, true),
  };
}

export function multiclassCard(seed: number): KnownScorecard {
  const labels = ['carrier', 'weather', 'security', 'late aircraft'];
  return {
    metrics: { accuracy: 0.81 },
    confusion: {
      labels,
      counts: labels.map((_, actual) =>
        labels.map((_, predicted) =>
          actual === predicted ? 2_400 - seed * 30 : 90 + seed * ((actual + predicted) % 4) * 20,
        ),
      ),
    },
    features: features(seed, false),
  };
}

export function driftOf(arn: string, count: number, seed: number): Drift {
  const features = range(count, (index) => {
    const psi = 0.41 / (1 + index * 0.4 * seed);
    return {
      feature: ['wind_knots', 'hour', 'distance'][index] ?? `feature_${index}`,
      psi,
      level: psi < 0.1 ? ('none' as const) : psi < 0.25 ? ('moderate' as const) : ('strong' as const),
      bins: bins.map((label, bin) => ({
        label,
        candidate: bell(bin - 2.5 + psi, 1.6) / 4.1,
        baseline: bell(bin - 2.5, 1.6) / 4.1,
      })),
    };
  });
  return { arn, features, hidden: count > 20 ? 7 : 0 };
}
