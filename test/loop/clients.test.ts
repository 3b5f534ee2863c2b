import { cliS3Tests } from './clients/cli-s3';
import { cliSageMakerTests } from './clients/cli-sagemaker';
import { boto3Tests, pandasTests } from './clients/python';
import { recordTests } from './clients/record';
import { Served } from './clients/served';
import { xgboostTests } from './clients/xgboost';

describe('other people’s clients of the sandbox', function () {
  this.timeout(60_000);
  const served = new Served();

  before(() => served.start());
  after(() => served.stop());

  describe('the AWS CLI with S3', () => cliS3Tests(served));
  describe('the AWS CLI with SageMaker', () => cliSageMakerTests(served));
  describe('boto3', () => boto3Tests(served));
  describe('pandas', () => pandasTests(served));
  describe('models of tuning jobs in XGBoost itself', () => xgboostTests(served));
  describe('the record of their requests', () => recordTests(served));
});
