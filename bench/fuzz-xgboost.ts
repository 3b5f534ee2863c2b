/**
 * Reads and scores mutated model files of all formats and reports what became of them.
 * Run: npx tsx bench/fuzz-xgboost.ts [mutations] [seed]
 */
import { mutated, outcomeOf, randomOf, seeds, someRows } from '../test/unit/xgboost/mutations';

const mutations = Number(process.argv[2] ?? 100_000);
const random = randomOf(Number(process.argv[3] ?? 1));
const files = seeds();
const outcomes = new Map<string, number>();
let slowest = { milliseconds: 0, name: '' };
let unnamed = 0;
const startMemory = process.memoryUsage().rss;

for (let i = 0; i < mutations; i++) {
  const { name, bytes } = files[i % files.length]!;
  const broken = mutated(bytes, random);
  const start = performance.now();
  let outcome: string;
  try {
    outcome = outcomeOf(broken, someRows);
  } catch (error) {
    unnamed++;
    outcome = `UNNAMED ${error instanceof Error ? error.stack?.split('\n').slice(0, 3).join(' ') : error}`;
  }
  const milliseconds = performance.now() - start;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, name: `mutation ${i} of ${name}` };
  const key = `${name.slice(name.lastIndexOf('.'))}  ${outcome}`;
  outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
}

for (const [outcome, count] of [...outcomes].sort()) console.log(`${String(count).padStart(8)}  ${outcome}`);
console.log(`${mutations} mutations, ${unnamed} unnamed errors`);
console.log(`slowest: ${slowest.milliseconds.toFixed(1)} ms (${slowest.name})`);
console.log(
  `memory: ${(startMemory / 2 ** 20).toFixed(0)} MB at the start, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
);
process.exitCode = unnamed === 0 ? 0 : 1;
