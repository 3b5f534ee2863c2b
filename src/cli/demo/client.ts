import type { Session } from '../../aws/session';
import { messageOf } from '../../errors';
import { invoke } from '../../release/verify';

export interface Caller {
  endpointName: string;
  /** The rows that each target model is asked for, as CSV. */
  questions: ReadonlyMap<string, string>;
}

export interface Traffic {
  invocations: number;
  errors: string[];
  /** The distinct answers that each target model gave, in the order in which they appeared. */
  answers: Map<string, string[]>;
}

/** A client that asks every target model in turn, without pause, until it is stopped. */
export function startTraffic(session: Session, caller: Caller): { stop(): Promise<Traffic> } {
  const traffic: Traffic = { invocations: 0, errors: [], answers: new Map() };
  let going = true;
  const lane = async () => {
    while (going) {
      for (const [targetModel, rows] of caller.questions) {
        try {
          const answer = answerText(await invoke(session, caller.endpointName, targetModel, rows));
          const seen = traffic.answers.get(targetModel) ?? [];
          if (!seen.includes(answer)) traffic.answers.set(targetModel, [...seen, answer]);
        } catch (error) {
          traffic.errors.push(`${targetModel}: ${messageOf(error)}`);
        }
        traffic.invocations += 1;
      }
    }
  };
  const lanes = Promise.all([lane(), lane()]);
  return {
    stop: async () => {
      going = false;
      await lanes;
      return traffic;
    },
  };
}

/** What every target model answers now: numbers as they came, so that equal texts are equal bits. */
export async function askAll(session: Session, caller: Caller): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const [targetModel, rows] of caller.questions) {
    answers.set(targetModel, answerText(await invoke(session, caller.endpointName, targetModel, rows)));
  }
  return answers;
}

const answerText = (numbers: number[]) => numbers.join(',');
