"""What the boto3 programs beside this file share."""

import os
import tempfile
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-east-1"
TRAINING = "111111111111"
BUCKET = "warmstart-sandbox-training"
ROLE = f"arn:aws:iam::{TRAINING}:role/SageMakerExecution"
FAST = {"Delay": 0.2, "MaxAttempts": 150}


def client(service, account="training", **settings):
    # An error of the sandbox shows at once, not after retries.
    config = Config(retries={"max_attempts": 1}, **settings)
    return boto3.Session(profile_name=f"sandbox-{account}").client(service, config=config)


def image(version):
    return f"683313688378.dkr.ecr.{REGION}.amazonaws.com/sagemaker-xgboost:{version}"


class SandboxCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(dir=os.environ["WARMSTART_TEST_FOLDER"])

    def path(self, name, content=None):
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def refused(self, code, call, *args, **kwargs):
        """The error of a call that must be refused with this code."""
        with self.assertRaises(ClientError) as caught:
            call(*args, **kwargs)
        error = caught.exception.response["Error"]
        self.assertEqual(code, error["Code"], error)
        return caught.exception
