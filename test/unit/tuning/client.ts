import { SageMakerClient } from '@aws-sdk/client-sagemaker';

type Input = Record<string, unknown>;
type Answers = Record<string, (input: Input) => unknown>;

/** An error as the SDK throws it. */
export function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}

/**
 * A real SageMaker client whose requests are answered before they are sent: commands, middleware and errors are
 * the SDK's own. `sent` holds what was asked, in order.
 */
export function clientOf(answers: Answers) {
  const sent: { operation: string; input: Input }[] = [];
  const sagemaker = new SageMakerClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  });
  sagemaker.middlewareStack.add(
    (_next, context) => async (args) => {
      const operation = String(context.commandName).replace(/Command$/, '');
      const input: Input = { ...args.input };
      sent.push({ operation, input });
      const answer = answers[operation];
      if (!answer) throw awsError('UnexpectedOperation', operation);
      return { output: { $metadata: {}, ...Object(answer(input)) }, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return { client: { sagemaker: () => sagemaker }, sent };
}
