"""SageMaker, its runtime, CloudWatch and its logs by boto3: waiters, pages and errors as code relies on them."""

import json
import unittest
from datetime import datetime, timedelta, timezone

from botocore.exceptions import WaiterError

from sandbox_case import BUCKET, FAST, REGION, ROLE, TRAINING, SandboxCase, client, image

sm = client("sagemaker")
s3 = client("s3")
runtime = client("sagemaker-runtime")

GROUP_ARN = f"arn:aws:sagemaker:{REGION}:{TRAINING}:model-package-group/flights-delay-atl"
SERVED = {"EndpointName": "flights", "TargetModel": "delay-atl.tar.gz", "ContentType": "text/csv"}
ROW = "18,7,432,39.71732917,-86.29438417,9,5.617"


def training_request(name, **hyperparameters):
    channel = {
        "ChannelName": "train",
        "ContentType": "text/csv",
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/boto3/data/train.csv"}},
    }
    return {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": image("1.7-1"), "TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "HyperParameters": {"objective": "reg:squarederror", "num_round": "5", **hyperparameters},
        "InputDataConfig": [channel],
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/output/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }


def setUpModule():
    lines = [f"{a + b},{a},{b}" for a in range(20) for b in range(10)]
    s3.put_object(Bucket=BUCKET, Key="boto3/data/train.csv", Body="\n".join(lines))


class Waiters(SandboxCase):
    """One model through every job that has a waiter; the tests run in the order of their names."""

    transformed = {}

    def test_1_training_job(self):
        sm.create_training_job(**training_request("boto3-good"))
        wait = sm.get_waiter("training_job_completed_or_stopped")
        wait.wait(TrainingJobName="boto3-good", WaiterConfig=FAST)
        job = sm.describe_training_job(TrainingJobName="boto3-good")
        self.assertEqual(("Completed", "Completed"), (job["TrainingJobStatus"], job["SecondaryStatus"]))
        self.assertGreaterEqual(job["TrainingEndTime"], job["TrainingStartTime"])
        self.assertEqual(timedelta(0), job["CreationTime"].astimezone(timezone.utc).utcoffset())
        metrics = {each["MetricName"]: each["Value"] for each in job["FinalMetricDataList"]}
        self.assertIn("train:rmse", metrics)

    def test_2_training_job_that_fails(self):
        sm.create_training_job(**training_request("boto3-bad", eta="7"))
        with self.assertRaises(WaiterError) as caught:
            wait = sm.get_waiter("training_job_completed_or_stopped")
            wait.wait(TrainingJobName="boto3-bad", WaiterConfig=FAST)
        self.assertEqual("Failed", caught.exception.last_response["TrainingJobStatus"])
        self.assertRegex(caught.exception.last_response["FailureReason"], r"^(ClientError|AlgorithmError): ")

    def test_3_transform_job(self):
        artifact = sm.describe_training_job(TrainingJobName="boto3-good")["ModelArtifacts"]["S3ModelArtifacts"]
        container = {"Image": image("1.7-1"), "ModelDataUrl": artifact}
        sm.create_model(ModelName="boto3-single", ExecutionRoleArn=ROLE, PrimaryContainer=container)
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/boto3/data/train.csv"}}
        sm.create_transform_job(
            TransformJobName="boto3-transform",
            ModelName="boto3-single",
            BatchStrategy="MultiRecord",
            TransformInput={"DataSource": source, "ContentType": "text/csv", "SplitType": "Line"},
            TransformOutput={"S3OutputPath": f"s3://{BUCKET}/boto3/out", "Accept": "text/csv", "AssembleWith": "Line"},
            DataProcessing={"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
        )
        wait = sm.get_waiter("transform_job_completed_or_stopped")
        wait.wait(TransformJobName="boto3-transform", WaiterConfig=FAST)
        out = s3.get_object(Bucket=BUCKET, Key="boto3/out/train.csv.out")["Body"].read().decode()
        pairs = [tuple(map(float, line.split(","))) for line in out.splitlines()]
        self.assertEqual([a + b for a in range(20) for b in range(10)], [label for label, _ in pairs])
        self.assertGreater(len({made for _, made in pairs}), 10)
        Waiters.transformed = {"0,0": pairs[0][1], "3,4": pairs[34][1]}

    def test_4_endpoint(self):
        variant = {"VariantName": "AllTraffic", "ModelName": "boto3-single", "InitialInstanceCount": 1}
        variant["InstanceType"] = "ml.m5.large"
        sm.create_endpoint_config(EndpointConfigName="boto3-single", ProductionVariants=[variant])
        sm.create_endpoint(EndpointName="boto3-single", EndpointConfigName="boto3-single")
        self.assertEqual("Creating", sm.describe_endpoint(EndpointName="boto3-single")["EndpointStatus"])
        sm.get_waiter("endpoint_in_service").wait(EndpointName="boto3-single", WaiterConfig=FAST)
        for row, expected in self.transformed.items():
            answer = runtime.invoke_endpoint(EndpointName="boto3-single", ContentType="text/csv", Body=row)
            self.assertEqual("text/csv; charset=utf-8", answer["ContentType"])
            self.assertEqual(expected, float(answer["Body"].read()), "as in the batch")
        with self.assertRaises(sm.exceptions.ClientError):
            sm.delete_endpoint_config(EndpointConfigName="none")
        sm.delete_endpoint(EndpointName="boto3-single")
        sm.get_waiter("endpoint_deleted").wait(EndpointName="boto3-single", WaiterConfig=FAST)


class Pages(SandboxCase):
    def every(self, operation, path, size=2, **request):
        pages = sm.get_paginator(operation).paginate(**request, PaginationConfig={"PageSize": size})
        found = list(pages.search(path))
        self.assertEqual(len(found), len(set(found)))
        return found

    def test_every_list(self):
        for n in range(3):
            name = f"boto3-page-{n}"
            sm.create_model(
                ModelName=name,
                ExecutionRoleArn=ROLE,
                PrimaryContainer={"Image": image("1.7-1"), "Mode": "MultiModel", "ModelDataUrl": f"s3://{BUCKET}/models/"},
                Tags=[{"Key": f"k{i}", "Value": name} for i in range(3)],
            )
            variant = {"VariantName": "A", "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
            sm.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
            sm.create_model_package_group(ModelPackageGroupName=name)
        ours = ["boto3-page-0", "boto3-page-1", "boto3-page-2"]
        by_name = {"NameContains": "boto3-page", "SortBy": "Name", "SortOrder": "Ascending"}
        lists = {
            "list_models": "Models[].ModelName",
            "list_endpoint_configs": "EndpointConfigs[].EndpointConfigName",
            "list_model_package_groups": "ModelPackageGroupSummaryList[].ModelPackageGroupName",
        }
        for operation, path in lists.items():
            with self.subTest(operation):
                self.assertEqual(ours, self.every(operation, path, **by_name))
                self.assertEqual(ours[::-1], self.every(operation, path, **{**by_name, "SortOrder": "Descending"}))
        arn = f"arn:aws:sagemaker:{REGION}:{TRAINING}:model/boto3-page-0"
        tags = sm.get_paginator("list_tags").paginate(ResourceArn=arn, PaginationConfig={"PageSize": 50})
        self.assertEqual(["k0", "k1", "k2"], sorted(tags.search("Tags[].Key")))

    def test_the_jobs_of_a_tuning_job(self):
        name = self.every(
            "list_hyper_parameter_tuning_jobs",
            "HyperParameterTuningJobSummaries[].HyperParameterTuningJobName",
            NameContains="ws-delay-atl",
        )[0]
        jobs = "TrainingJobSummaries[].TrainingJobName"
        of_tuning = {"HyperParameterTuningJobName": name}
        operation = "list_training_jobs_for_hyper_parameter_tuning_job"
        ours = self.every(operation, jobs, size=4, **of_tuning)
        self.assertEqual(6, len(ours))
        self.assertEqual(sorted(ours), ours, "by name unless told otherwise")
        best = sm.describe_hyper_parameter_tuning_job(**of_tuning)["BestTrainingJob"]["TrainingJobName"]
        sorting = {"SortBy": "FinalObjectiveMetricValue", "SortOrder": "Ascending"}
        self.assertEqual(best, self.every(operation, jobs, **of_tuning, **sorting)[0])
        self.assertEqual(sorted(ours), sorted(self.every("list_training_jobs", jobs, NameContains=name)))

    def test_versions_by_group_arn_from_every_account(self):
        for account in ("training", "qa", "production"):
            pages = client("sagemaker", account).get_paginator("list_model_packages").paginate(ModelPackageGroupName=GROUP_ARN)
            self.assertEqual([1], list(pages.search("ModelPackageSummaryList[].ModelPackageVersion")))


class Errors(SandboxCase):
    def test_what_is_not_there(self):
        missing = [
            ("ValidationException", sm.describe_endpoint, {"EndpointName": "none"}),
            ("ValidationException", sm.describe_endpoint_config, {"EndpointConfigName": "none"}),
            ("ValidationException", sm.describe_model, {"ModelName": "none"}),
            ("ValidationException", sm.describe_training_job, {"TrainingJobName": "none"}),
            ("ValidationException", sm.describe_transform_job, {"TransformJobName": "none"}),
            ("ValidationException", sm.describe_processing_job, {"ProcessingJobName": "none"}),
            ("ValidationException", sm.describe_model_package, {"ModelPackageName": f"{GROUP_ARN.replace('-group', '')}/9"}),
            ("ResourceNotFound", sm.describe_hyper_parameter_tuning_job, {"HyperParameterTuningJobName": "none"}),
            ("ResourceNotFound", sm.stop_hyper_parameter_tuning_job, {"HyperParameterTuningJobName": "none"}),
        ]
        for code, call, request in missing:
            with self.subTest(call.__name__):
                self.refused(code, call, **request)
        with self.assertRaises(sm.exceptions.ResourceNotFound):
            sm.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName="none")

    def test_what_is_there_already(self):
        name = sm.list_training_jobs(NameContains="ws-delay-atl")["TrainingJobSummaries"][0]["TrainingJobName"]
        with self.assertRaises(sm.exceptions.ResourceInUse):
            sm.create_training_job(**training_request(name))
        self.refused("ValidationException", sm.create_model_package_group, ModelPackageGroupName="flights-delay-atl")

    def test_limits_of_the_model(self):
        error = self.refused("ValidationException", sm.list_models, NameContains="no spaces")
        self.assertRegex(str(error), r"1 validation error detected: Value 'no spaces' at 'nameContains' failed to satisfy")
        self.refused("ValidationException", sm.list_models, NextToken="invented")

    def test_another_account_reads_what_the_policy_allows_and_writes_nothing(self):
        version = f"{GROUP_ARN.replace('-group', '')}/1"
        there = client("sagemaker", "production")
        self.assertEqual(1, there.describe_model_package(ModelPackageName=version)["ModelPackageVersion"])
        change = {"ModelPackageArn": version, "ModelApprovalStatus": "Rejected"}
        self.refused("AccessDeniedException", there.update_model_package, **change)
        self.refused("ValidationException", there.describe_endpoint, EndpointName="boto3-single")

    def test_the_runtime(self):
        with self.assertRaises(runtime.exceptions.ModelError) as caught:
            runtime.invoke_endpoint(**SERVED, Body="1,2,3")
        response = caught.exception.response
        self.assertEqual(400, response["OriginalStatusCode"])
        self.assertIn("Feature size of csv inference data 3", response["OriginalMessage"])
        self.assertIn("/aws/sagemaker/Endpoints/flights", response["LogStreamArn"])
        self.refused("ValidationError", runtime.invoke_endpoint, **{**SERVED, "TargetModel": "none.tar.gz"}, Body=ROW)
        self.refused("ValidationError", runtime.invoke_endpoint, **{**SERVED, "EndpointName": "none"}, Body=ROW)


class Monitoring(SandboxCase):
    def test_metrics_of_the_endpoint(self):
        for accept in ("text/csv", "application/json"):
            body = runtime.invoke_endpoint(**SERVED, Accept=accept, Body=ROW)["Body"].read()
            self.assertEqual(1, len(body.split(b",")))
        self.assertIsInstance(json.loads(body)[0], float)
        cloudwatch = client("cloudwatch")
        dimensions = [{"Name": "EndpointName", "Value": "flights"}, {"Name": "VariantName", "Value": "AllTraffic"}]
        pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace="AWS/SageMaker", Dimensions=dimensions)
        names = set(pages.search("Metrics[].MetricName"))
        self.assertLessEqual({"Invocations", "ModelLatency", "OverheadLatency", "ModelCacheHit"}, names)
        now = datetime.now(timezone.utc)
        period = {"StartTime": now - timedelta(hours=2), "EndTime": now + timedelta(hours=1)}
        query = lambda name, stat: {
            "Id": name.lower(),
            "MetricStat": {
                "Metric": {"Namespace": "AWS/SageMaker", "MetricName": name, "Dimensions": dimensions},
                "Period": 3600,
                "Stat": stat,
            },
        }
        queries = [query("Invocations", "Sum"), query("ModelLatency", "p99"), query("NoSuchMetric", "Sum")]
        pages = cloudwatch.get_paginator("get_metric_data").paginate(MetricDataQueries=queries, **period)
        results = {each["Id"]: each for each in pages.search("MetricDataResults[]")}
        self.assertGreaterEqual(sum(results["invocations"]["Values"]), 2)
        self.assertGreater(results["modellatency"]["Values"][0], 0)
        self.assertEqual([], results["nosuchmetric"]["Values"])
        self.assertLess(abs(results["invocations"]["Timestamps"][0] - now), timedelta(hours=2))
        statistics = cloudwatch.get_metric_statistics(
            Namespace="AWS/SageMaker", MetricName="Invocations", Dimensions=dimensions, Period=3600,
            Statistics=["Sum", "Average"], **period
        )
        self.assertEqual(sum(results["invocations"]["Values"]), sum(each["Sum"] for each in statistics["Datapoints"]))
        theirs = client("cloudwatch", "qa").list_metrics(Namespace="AWS/SageMaker")
        self.assertEqual([], theirs["Metrics"])

    def test_logs_of_training(self):
        logs = client("logs")
        group = {"logGroupName": "/aws/sagemaker/TrainingJobs"}
        pages = logs.get_paginator("describe_log_streams").paginate(**group, logStreamNamePrefix="ws-delay-atl", PaginationConfig={"PageSize": 4})
        streams = list(pages.search("logStreams[].logStreamName"))
        self.assertEqual(6, len(streams))
        lines, token = [], {}
        while True:
            page = logs.get_log_events(**group, logStreamName=streams[0], startFromHead=True, limit=5, **token)
            if token and page["nextForwardToken"] == token["nextToken"]:
                break
            token = {"nextToken": page["nextForwardToken"]}
            lines += [each["message"] for each in page["events"]]
        self.assertTrue(any("#011validation-rmse:" in line for line in lines))
        pages = logs.get_paginator("filter_log_events").paginate(**group, filterPattern='"validation-rmse"')
        self.assertGreaterEqual(len(list(pages.search("events[].message"))), 6)
        with self.assertRaises(logs.exceptions.ResourceNotFoundException):
            logs.get_log_events(logGroupName="/none", logStreamName="x")


if __name__ == "__main__":
    unittest.main()
