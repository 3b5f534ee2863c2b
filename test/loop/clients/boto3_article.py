"""The calls of the notebooks that the sandbox's users come from, in their order: tune with a warm start, register,
serve by a multi-model endpoint, approve, refresh the endpoint. Where a notebook calls the SageMaker Python SDK, the
requests stand here that the SDK sends."""

import random
import tarfile
import time
import unittest

from sandbox_case import BUCKET, REGION, ROLE, TRAINING, SandboxCase, client, image

sm = client("sagemaker")
s3 = client("s3")
runtime = client("sagemaker-runtime")

LAYER = "article"
METRIC = "demand"
OBJECTIVE = "reg:squarederror"
CONTAINER = image("1.7-1")
GROUP = "article-demand"
ENDPOINT = MODEL = "article-mme"
GROUP_ARN = f"arn:aws:sagemaker:{REGION}:{TRAINING}:model-package-group/{GROUP}"


def rows(count, seed):
    """Label first, no header."""
    some = random.Random(seed)
    lines = []
    for _ in range(count):
        a, b = some.uniform(0, 10), some.uniform(-1, 1)
        lines.append(f"{3 * a + (5 if b > 0 else 0) + some.gauss(0, 0.1):.4f},{a:.4f},{b:.4f}")
    return "\n".join(lines) + "\n"


def tuning_request(name, container, max_jobs, parent=None):
    """What HyperparameterTuner.fit sends for the notebook's ranges."""
    ranges = {"alpha": ("0", "1000"), "min_child_weight": ("0", "10"), "gamma": ("0", "5")}
    logarithmic = {"eta": ("0.1", "0.5"), "subsample": ("0.5", "1"), "colsample_bytree": ("0.5", "1")}
    bounded = lambda each, scaling: [
        {"Name": key, "MinValue": low, "MaxValue": high, "ScalingType": scaling} for key, (low, high) in each.items()
    ]
    channel = lambda part: {
        "ChannelName": part,
        "ContentType": "csv",
        "CompressionType": "None",
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3DataDistributionType": "FullyReplicated",
                "S3Uri": f"s3://{BUCKET}/datasets/{LAYER}/{part}.csv",
            }
        },
    }
    request = {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "ResourceLimits": {"MaxNumberOfTrainingJobs": max_jobs, "MaxParallelTrainingJobs": 10},
            "TrainingJobEarlyStoppingType": "Off",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
            "ParameterRanges": {
                "ContinuousParameterRanges": bounded(ranges, "Auto") + bounded(logarithmic, "Logarithmic"),
                "CategoricalParameterRanges": [],
                "IntegerParameterRanges": bounded({"max_depth": ("0", "10"), "num_round": ("1", "40")}, "Auto"),
            },
        },
        "TrainingJobDefinition": {
            "StaticHyperParameters": {"objective": OBJECTIVE, "verbosity": "1"},
            "AlgorithmSpecification": {"TrainingImage": container, "TrainingInputMode": "File"},
            "RoleArn": ROLE,
            "InputDataConfig": [channel("train"), channel("validation")],
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/output"},
            "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
            "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30},
        },
    }
    if parent:
        parents = [{"HyperParameterTuningJobName": parent}]
        request["WarmStartConfig"] = {"WarmStartType": "TransferLearning", "ParentHyperParameterTuningJobs": parents}
    return request


def tuned(name):
    while True:
        job = sm.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        if job["HyperParameterTuningJobStatus"] not in ("InProgress", "Stopping"):
            return job
        time.sleep(0.2)


def settled():
    while True:
        endpoint = sm.describe_endpoint(EndpointName=ENDPOINT)
        if endpoint["EndpointStatus"] not in ("Creating", "Updating", "SystemUpdating"):
            return endpoint
        time.sleep(0.2)


def predictions(body="1.5,0.5\n9,-0.5"):
    response = runtime.invoke_endpoint(
        EndpointName=ENDPOINT, ContentType="text/csv", TargetModel=f"{METRIC}.tar.gz", Body=body, Accept="text/csv"
    )
    return [float(each) for each in response["Body"].read().decode().split(",")]


class Article(SandboxCase):
    """One story: the tests run in the order of their names, each on what the one before left."""

    best = None

    def test_1_prepares_data(self):
        for seed, part in enumerate(("train", "validation")):
            s3.upload_file(self.path(f"{part}.csv", rows(300, seed)), BUCKET, f"datasets/{LAYER}/{part}.csv")

    def test_2_tunes_and_tunes_again_from_the_latest_job(self):
        sm.create_hyper_parameter_tuning_job(**tuning_request("transferlearning-1", CONTAINER, 4))
        first = tuned("transferlearning-1")
        self.assertEqual("Completed", first["HyperParameterTuningJobStatus"])
        sm.create_hyper_parameter_tuning_job(
            **tuning_request("transferlearning-2", CONTAINER, 3, parent="transferlearning-1")
        )
        latest = tuned("transferlearning-2")
        objective = latest["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]
        self.assertEqual("validation:rmse", objective["MetricName"])
        self.assertIsInstance(objective["Value"], float)
        limits = latest["HyperParameterTuningJobConfig"]["ResourceLimits"]
        self.assertEqual(3, limits["MaxNumberOfTrainingJobs"])
        Article.best = latest["BestTrainingJob"]["TrainingJobName"]
        self.assertRegex(self.best, r"^transferlearning-2-\d{3}-[0-9a-f]{8}$")

    def test_3_downloads_the_best_model(self):
        artifact = self.path("model.tar.gz")
        s3.download_file(BUCKET, f"output/{self.best}/output/model.tar.gz", artifact)
        with tarfile.open(artifact) as tar:
            self.assertEqual(["xgboost-model"], tar.getnames())

    def test_4_registers_it(self):
        sm.create_model_package_group(ModelPackageGroupName=GROUP, ModelPackageGroupDescription="of the article")
        report_dict = {}
        specification = {
            "InferenceSpecification": {
                "Containers": [
                    {"Image": CONTAINER, "ModelDataUrl": f"s3://{BUCKET}/output/{self.best}/output/model.tar.gz"}
                ],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            }
        }
        create_model_package_input_dict = {
            "ModelPackageGroupName": GROUP,
            "ModelPackageDescription": "demand of the article",
            "ModelApprovalStatus": "PendingManualApproval",
            "ModelMetrics": report_dict,
        }
        create_model_package_input_dict.update(specification)
        response = sm.create_model_package(**create_model_package_input_dict)
        self.assertEqual(f"{GROUP_ARN.replace('-group', '')}/1", response["ModelPackageArn"])

    def test_5_serves_by_a_multi_model_endpoint(self):
        # MultiDataModel.deploy
        sm.create_model(
            ModelName=MODEL,
            ExecutionRoleArn=ROLE,
            PrimaryContainer={
                "Image": CONTAINER,
                "Environment": {},
                "ModelDataUrl": f"s3://{BUCKET}/models/",
                "Mode": "MultiModel",
            },
        )
        variant = {
            "ModelName": MODEL,
            "VariantName": "AllTraffic",
            "InitialInstanceCount": 1,
            "InstanceType": "ml.m4.xlarge",
            "InitialVariantWeight": 1,
        }
        sm.create_endpoint_config(EndpointConfigName=ENDPOINT, ProductionVariants=[variant], Tags=[])
        sm.create_endpoint(EndpointName=ENDPOINT, EndpointConfigName=ENDPOINT, Tags=[])
        self.assertEqual("InService", settled()["EndpointStatus"])

    def test_6_adds_the_latest_version_once_it_is_approved(self):
        latest = lambda: sm.list_model_packages(ModelPackageGroupName=GROUP_ARN)["ModelPackageSummaryList"][0]
        self.assertEqual("PendingManualApproval", latest()["ModelApprovalStatus"])
        sm.update_model_package(ModelPackageArn=latest()["ModelPackageArn"], ModelApprovalStatus="Approved")
        self.assertEqual("Approved", latest()["ModelApprovalStatus"])
        package = sm.describe_model_package(ModelPackageName=latest()["ModelPackageArn"])
        artifact = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
        # MultiDataModel.add_model, then list_models
        bucket, key = artifact[len("s3://") :].split("/", 1)
        s3.copy({"Bucket": bucket, "Key": key}, BUCKET, f"models/{METRIC}.tar.gz")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="models/")
        self.assertIn(f"models/{METRIC}.tar.gz", list(pages.search("Contents[].Key")))
        answered = predictions()
        self.assertEqual(2, len(answered))
        self.assertLess(abs(answered[0] - 9.5), abs(answered[0] - 27), "it has learned which row is which")

    def test_7_serves_an_overwritten_artifact_only_after_a_refresh(self):
        before = predictions()
        jobs = sm.list_training_jobs_for_hyper_parameter_tuning_job(
            HyperParameterTuningJobName="transferlearning-1", SortBy="FinalObjectiveMetricValue", SortOrder="Descending"
        )
        worst = jobs["TrainingJobSummaries"][0]["TrainingJobName"]
        source = {"Bucket": BUCKET, "Key": f"output/{worst}/output/model.tar.gz"}
        s3.copy(source, BUCKET, f"models/{METRIC}.tar.gz")
        self.assertEqual(before, predictions())
        # The notebook names the variant after the model, and its configuration by the hour.
        config = f"{ENDPOINT}-{time.strftime('%Y-%m-%d--%H')}-00"
        variant = {
            "VariantName": MODEL,
            "ModelName": MODEL,
            "InitialInstanceCount": 1,
            "InstanceType": "ml.t2.medium",
        }
        request = {"EndpointConfigName": config, "ProductionVariants": [variant]}
        sm.create_endpoint_config(**request)
        sm.update_endpoint(EndpointName=ENDPOINT, EndpointConfigName=config)
        again = self.refused("ValidationException", sm.create_endpoint_config, **request)
        self.assertIn("Cannot create already existing endpoint configuration", str(again))
        endpoint = settled()
        self.assertEqual(("InService", config), (endpoint["EndpointStatus"], endpoint["EndpointConfigName"]))
        self.assertEqual([MODEL], [each["VariantName"] for each in endpoint["ProductionVariants"]])
        self.assertNotEqual(before, predictions())

    def test_8_is_told_of_a_configuration_by_another_name(self):
        wrong = self.refused("ValidationException", sm.update_endpoint, EndpointName=ENDPOINT, EndpointConfigName="other")
        self.assertIn("Could not find endpoint configuration", str(wrong))

    def test_9_is_told_which_containers_there_are_instead_of_its_own(self):
        sm.create_hyper_parameter_tuning_job(**tuning_request("transferlearning-old", image("1.2-2"), 1))
        self.assertEqual("Failed", tuned("transferlearning-old")["HyperParameterTuningJobStatus"])
        jobs = sm.list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName="transferlearning-old")
        reason = jobs["TrainingJobSummaries"][0]["FailureReason"]
        self.assertRegex(reason, r"does not have the image sagemaker-xgboost:1\.2-2; it trains with 1\.3-1, .*1\.7-1")


if __name__ == "__main__":
    unittest.main(failfast=True)
