import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newReleaseId, releaseIdOf, resourceName } from '../../../src/release/names';
import { clonedConfig, deploymentConfig } from '../../../src/release/requests';
import { agrees, parseAnswer, probeBody } from '../../../src/release/verify';
import { manifestOf } from './build';

describe('Names of a release', () => {
  it('are valid, at most 63 characters, and tell the release again, whatever the endpoint is called', () => {
    const endpointName = fc
      .stringMatching(/^[a-zA-Z0-9](-?[a-zA-Z0-9]){0,62}$/)
      .filter((name) => name.length <= 63);
    const time = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(endpointName, time, (endpoint, now) => {
        const id = newReleaseId(now);
        const name = resourceName(endpoint, id);
        assert.match(name, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
        assert.ok(name.length <= 63);
        assert.equal(releaseIdOf(name), id);
      }),
    );
  });

  it('sort by time, also within a second: what is kept of old releases goes by their order', () => {
    const start = Date.UTC(2026, 10, 22, 20, 58, 59);
    const ids = Array.from({ length: 1500 }, (_, i) => newReleaseId(new Date(start + i)));
    assert.deepEqual(ids.toSorted(), ids);
  });

  it('are not taken from configs that others made', () => {
    assert.equal(releaseIdOf('flights-2022-06-11--14-00'), undefined);
  });
});

describe('The next endpoint config', () => {
  it('is the live one on the new Model: variant name, KMS, data capture, volume and tags stay', () => {
    const manifest = manifestOf('20260101-000000-abcd', []);
    const config = clonedConfig(
      manifest,
      {
        $metadata: {},
        EndpointConfigName: 'old',
        EndpointConfigArn: 'arn:old',
        CreationTime: new Date(0),
        KmsKeyId: 'key',
        DataCaptureConfig: {
          EnableCapture: true,
          InitialSamplingPercentage: 10,
          DestinationS3Uri: 's3://b/capture',
          CaptureOptions: [{ CaptureMode: 'Input' }],
        },
        ProductionVariants: [
          {
            VariantName: 'Blue',
            ModelName: 'old',
            InstanceType: 'ml.m5.large',
            InitialInstanceCount: 3,
            VolumeSizeInGB: 64,
            RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
          },
        ],
      },
      [
        { Key: 'team', Value: 'ds' },
        { Key: 'aws:created', Value: 'x' },
        { Key: 'warmstart:release', Value: 'old' },
      ],
    );
    assert.deepEqual(config, {
      EndpointConfigName: manifest.configName,
      KmsKeyId: 'key',
      DataCaptureConfig: {
        EnableCapture: true,
        InitialSamplingPercentage: 10,
        DestinationS3Uri: 's3://b/capture',
        CaptureOptions: [{ CaptureMode: 'Input' }],
      },
      ProductionVariants: [
        {
          VariantName: 'Blue',
          ModelName: manifest.modelName,
          InstanceType: 'ml.m5.large',
          InitialInstanceCount: 3,
          VolumeSizeInGB: 64,
          RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
        },
      ],
      Tags: [
        { Key: 'team', Value: 'ds' },
        { Key: 'warmstart:release', Value: '20260101-000000-abcd' },
        { Key: 'warmstart:endpoint', Value: 'flights' },
      ],
    });
  });

  it('is rolled out as the project says', () => {
    assert.equal(deploymentConfig({ type: 'all-at-once', bakeSeconds: 0 }), undefined);
    assert.deepEqual(deploymentConfig({ type: 'canary', percent: 20, waitSeconds: 60, alarms: ['a'] }), {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'CANARY',
          WaitIntervalInSeconds: 60,
          CanarySize: { Type: 'CAPACITY_PERCENT', Value: 20 },
        },
      },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'a' }] },
    });
  });
});

describe('A probe', () => {
  it('is sent as CSV without a label, empty where a value is missing', () => {
    assert.equal(
      probeBody({
        probes: [
          { row: [1, null, 2.5], expected: [1] },
          { row: [0, 3, null], expected: [2] },
        ],
      }),
      '1,,2.5\n0,3,',
    );
  });

  it('is read from every form in which a container answers', () => {
    assert.deepEqual(parseAnswer('1.5,2.0,-3e-05'), [1.5, 2, -3e-5]);
    assert.deepEqual(parseAnswer('1.5\n2.0\n'), [1.5, 2]);
    assert.deepEqual(parseAnswer('[0.1, 0.9],[0.4, 0.6]'), [0.1, 0.9, 0.4, 0.6]);
    assert.throws(() => parseAnswer('<html>'), { code: 'release.unreadable-answer' });
  });

  it('agrees to five digits, so that another CPU passes and another model does not', () => {
    assert.ok(agrees(12.000001, 12));
    assert.ok(!agrees(12.01, 12));
    assert.ok(agrees(Number.NaN, Number.NaN));
    assert.ok(!agrees(Number.NaN, 12));
  });
});
