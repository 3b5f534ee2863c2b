import { worsening } from '../project/metrics';
import type { Gate } from '../project/schema';
import type { GateResult, Metrics } from './report';
import { comparison, show } from './words';

interface Check {
  passed: boolean;
  reason: string;
}

/**
 * Holds a candidate's metrics against the gates of the project file. A gate passes when all its limits hold.
 * `champion` is null when nothing serves yet: then there is nothing to be worse than.
 * A metric that is absent or NaN fails the gate: what was not measured was not passed.
 */
export function checkGates(gates: Gate[], candidate: Metrics, champion: Metrics | null): GateResult[] {
  return gates.map((gate) => {
    const value = known(candidate[gate.metric]);
    const reference = known(champion?.[gate.metric]);
    const checks =
      value === null ? [unmeasured(gate.metric, 'candidate')] : checksOf(gate, value, reference, !champion);
    return {
      gate,
      passed: checks.every((check) => check.passed),
      candidate: value,
      champion: reference,
      reason: checks.map((check) => check.reason).join(' '),
    };
  });
}

function checksOf(gate: Gate, value: number, champion: number | null, nothingServes: boolean): Check[] {
  const { metric, min, max, maxRegression, maxRegressionPercent } = gate;
  const checks: Check[] = [];
  if (min !== undefined) checks.push(limit(metric, value, 'at least', min, value >= min));
  if (max !== undefined) checks.push(limit(metric, value, 'at most', max, value <= max));
  const relative = maxRegression !== undefined || maxRegressionPercent !== undefined;
  if (relative && nothingServes) {
    checks.push({
      passed: true,
      reason: `${metric} is ${show(value)}; nothing serves yet to compare it with.`,
    });
  } else if (relative && champion === null) {
    checks.push(unmeasured(metric, 'champion'));
  } else if (champion !== null) {
    if (maxRegression !== undefined) {
      checks.push(regression(metric, value, champion, maxRegression, show(maxRegression)));
    }
    if (maxRegressionPercent !== undefined) {
      const allowed = (Math.abs(champion) * maxRegressionPercent) / 100;
      checks.push(regression(metric, value, champion, allowed, `${show(maxRegressionPercent)} %`));
    }
  }
  if (checks.length === 0)
    return [{ passed: true, reason: `${metric} is ${show(value)}; the gate sets no limit.` }];
  return checks;
}

function limit(metric: string, value: number, words: string, bound: number, passed: boolean): Check {
  const verdict = passed ? 'as asked' : 'but it must be';
  return { passed, reason: `${metric} is ${show(value)}, ${verdict} ${words} ${show(bound)}.` };
}

function regression(metric: string, value: number, champion: number, allowed: number, words: string): Check {
  const worse = worsening(metric, value, champion);
  // Decimal limits are not exact in binary: 1.02 − 1 is more than 2 %.
  const passed = worse <= allowed + 1e-12 * Math.max(Math.abs(champion), Math.abs(value));
  const found = `${metric} is ${show(value)} against the champion's ${show(champion)}, ${comparison(metric, value, champion)}`;
  return {
    passed,
    reason: passed
      ? `${found}; up to ${words} worse is allowed.`
      : `${found}, but at most ${words} worse is allowed.`,
  };
}

function unmeasured(metric: string, subject: 'candidate' | 'champion'): Check {
  return { passed: false, reason: `The ${subject} has no ${metric}, so the gate cannot pass.` };
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
