import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-sagemaker';
import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import fc from 'fast-check';
import type { Limits } from '../../../src/sandbox/protocol/limits';
import { NO_LIMITS } from '../../../src/sandbox/protocol/limits';
import { epochSeconds, shape } from '../../../src/sandbox/protocol/shape';
import { validate } from '../../../src/sandbox/protocol/validate';
import { columnFilter } from '../../../src/sandbox/sagemaker/json-path';
import data from '../../../src/sandbox/sagemaker/limits.json';
import { ServiceError } from '../../../src/sandbox/service';

const limits: Limits = data;
const inputOf = (operation: StaticOperationSchema) => NormalizedSchema.of(operation[4]);

describe('sandbox protocol', () => {
  const check = (operation: StaticOperationSchema, input: unknown, known = limits) =>
    validate(inputOf(operation), input, known);
  const refused = (operation: StaticOperationSchema, input: unknown, name: string, message: RegExp) =>
    assert.throws(() => check(operation, input), { name, message });

  it('refuses what the operation does not know, lacks, or has another type for', () => {
    refused(sdk.DescribeModel$, { ModelName: 'a', Nmae: 'b' }, 'ValidationException', /"Nmae"/);
    refused(
      sdk.DescribeModel$,
      {},
      'ValidationException',
      /^1 validation error detected: Value null at 'modelName' failed to satisfy constraint: Member must not be null$/,
    );
    refused(sdk.DescribeModel$, { ModelName: 1 }, 'SerializationException', /NUMBER_VALUE .* String/);
    refused(sdk.CreateModel$, { ModelName: 'a', Containers: {} }, 'SerializationException', /a list/);
  });

  it('names the place of a violation inside lists, maps and structures', () => {
    refused(
      sdk.CreateEndpointConfig$,
      {
        EndpointConfigName: 'c',
        ProductionVariants: [
          { VariantName: 'a', InstanceType: 'ml.m5.large', VolumeSizeInGB: 1000 },
          { VariantName: 'b', InstanceType: 'ml.abacus' },
        ],
      },
      'ValidationException',
      /'1000' at 'productionVariants\.1\.member\.volumeSizeInGB'.* value less than or equal to 512; Value 'ml\.abacus' at 'productionVariants\.2\.member\.instanceType'.*enum value set: \[/,
    );
    const metadata = (value: string) => ({
      ModelPackageArn: 'arn:aws:sagemaker:us-east-1:111111111111:model-package/g/1',
      CustomerMetadataProperties: { key: value },
    });
    assert.doesNotThrow(() => check(sdk.UpdateModelPackage$, metadata('Zürich 3.5/x=1')));
    refused(sdk.UpdateModelPackage$, metadata('a,b'), 'ValidationException', /'customerMetadataProperties'/);
  });

  it('reads times from epoch seconds and writes them so', () => {
    const decoded = check(sdk.ListModels$, { CreationTimeAfter: 1_700_000_000.25 });
    assert.deepEqual(decoded, { CreationTimeAfter: new Date(1_700_000_000_250) });
    const output = NormalizedSchema.of(sdk.DescribeModel$[5]);
    const answer = {
      CreationTime: '2023-11-14T22:13:20.250Z',
      ModelName: 'a',
      secret: 'x',
      ModelArn: undefined,
    };
    assert.deepEqual(shape(output, answer, epochSeconds), { CreationTime: 1_700_000_000.25, ModelName: 'a' });
  });

  it('keeps maps with any key', () => {
    const input: unknown = JSON.parse(
      '{"TrainingJobName":"t","RoleArn":"r","OutputDataConfig":{"S3OutputPath":"s3://b"},"HyperParameters":{"__proto__":"1"}}',
    );
    const decoded = JSON.stringify(check(sdk.CreateTrainingJob$, input, NO_LIMITS));
    assert.match(decoded, /"__proto__":"1"/);
  });

  it('answers any JSON with a service error at most', () => {
    const operations = [
      sdk.CreateModel$,
      sdk.CreateModelPackage$,
      sdk.CreateHyperParameterTuningJob$,
      sdk.AddTags$,
    ];
    const names = operations.flatMap((each) => [...inputOf(each).structIterator()].map(([name]) => name));
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, true, 0, -1.5, '', 'x', 's3://b/k', '\u0000', '9'.repeat(300)),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          fc.oneof(fc.constantFrom(...names, '__proto__', 'constructor'), fc.string()),
          tie('value'),
          {
            maxKeys: 4,
          },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(fc.constantFrom(...operations), json, (operation, input) => {
        try {
          check(operation, input);
        } catch (error) {
          assert.ok(error instanceof ServiceError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('sandbox column filters', () => {
  const row = ['a', 'b', 'c', 'd'];
  const cases: [string | undefined, string[]][] = [
    [undefined, row],
    ['$', row],
    ['$[1:]', ['b', 'c', 'd']],
    ['$[:-1]', ['a', 'b', 'c']],
    ['$[0,-1]', ['a', 'd']],
    ['$[-1]', ['d']],
    ['$[0, 2:4]', ['a', 'c', 'd']],
    ['$[9]', []],
  ];
  for (const [expression, expected] of cases) {
    it(`${expression} picks ${expected.join() || 'nothing'}`, () => {
      assert.deepEqual(columnFilter(expression)(row), expected);
    });
  }

  it('refuses other expressions', () => {
    for (const expression of ['$.features', '$[*]', '$[a]', 'x', '$[0', '$[]'])
      assert.throws(() => columnFilter(expression), { name: 'ValidationException' });
  });
});
