import { cliS3Tests } from './clients/cli-s3';
import { cliSageMakerTests } from './clients/cli-sagemaker';
import { Served } from './clients/served';

describe('other people’s AWS clients in the sandbox', function () {
  this.timeout(60_000);
  const served = new Served();

  before(() => served.start());
  after(() => served.stop());

  describe('the AWS CLI with S3', () => cliS3Tests(served));
  describe('the AWS CLI with SageMaker', () => cliSageMakerTests(served));
});
