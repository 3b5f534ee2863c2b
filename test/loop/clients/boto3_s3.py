"""S3 and STS by boto3: transfers, versions, conditions, pages, waiters, errors, and the resource interface."""

import os
import unittest
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from sandbox_case import BUCKET, FAST, REGION, SandboxCase, client

s3 = client("s3")
OWN = "warmstart-boto3-test"


class Transfers(SandboxCase):
    def test_a_large_file_travels_in_parts(self):
        content = os.urandom(20 * 1024 * 1024 + 1)
        parts = TransferConfig(multipart_chunksize=5 * 1024 * 1024)
        s3.upload_file(self.path("big", content), BUCKET, "boto3/big", Config=parts)
        s3.copy({"Bucket": BUCKET, "Key": "boto3/big"}, BUCKET, "boto3/copy", Config=parts)
        s3.download_file(BUCKET, "boto3/copy", self.path("back"))
        with open(self.path("back"), "rb") as file:
            self.assertEqual(content, file.read())
        self.assertRegex(s3.head_object(Bucket=BUCKET, Key="boto3/copy")["ETag"], r'^"[0-9a-f]{32}-5"$')

    def test_a_stream_and_a_range(self):
        with open(self.path("lines", "one\ntwo\nthree\n"), "rb") as file:
            s3.put_object(Bucket=BUCKET, Key="boto3/lines", Body=file, Metadata={"who": "me"})
        body = s3.get_object(Bucket=BUCKET, Key="boto3/lines")["Body"]
        self.assertEqual([b"one", b"two", b"three"], list(body.iter_lines()))
        part = s3.get_object(Bucket=BUCKET, Key="boto3/lines", Range="bytes=4-6")
        self.assertEqual((206, b"two"), (part["ResponseMetadata"]["HTTPStatusCode"], part["Body"].read()))

    def test_presigned_both_ways(self):
        where = {"Bucket": BUCKET, "Key": "boto3/presigned +ü"}
        url = s3.generate_presigned_url("put_object", where, ExpiresIn=60)
        urllib.request.urlopen(urllib.request.Request(url, b"by url", method="PUT")).close()
        with urllib.request.urlopen(s3.generate_presigned_url("get_object", where, ExpiresIn=60)) as answer:
            self.assertEqual(b"by url", answer.read())


class Versions(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        s3.create_bucket(Bucket=OWN)
        s3.get_waiter("bucket_exists").wait(Bucket=OWN, WaiterConfig=FAST)
        s3.put_bucket_versioning(Bucket=OWN, VersioningConfiguration={"Status": "Enabled"})

    @classmethod
    def tearDownClass(cls):
        bucket = boto3.Session(profile_name="sandbox-training").resource("s3").Bucket(OWN)
        bucket.object_versions.delete()
        bucket.delete()
        s3.get_waiter("bucket_not_exists").wait(Bucket=OWN, WaiterConfig=FAST)

    def test_pages_of_objects_and_versions(self):
        for n in range(7):
            s3.put_object(Bucket=OWN, Key=f"pages/{n}/x", Body=b"1")
        s3.put_object(Bucket=OWN, Key="pages/0/x", Body=b"22")
        s3.delete_object(Bucket=OWN, Key="pages/1/x")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=OWN, Prefix="pages/", PaginationConfig={"PageSize": 2})
        self.assertEqual([2, 2, 2], [page["KeyCount"] for page in pages])
        folders = s3.get_paginator("list_objects_v2").paginate(
            Bucket=OWN, Prefix="pages/", Delimiter="/", PaginationConfig={"PageSize": 4}
        )
        self.assertEqual(6, len(list(folders.search("CommonPrefixes[].Prefix"))))
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=OWN, Prefix="pages/", PaginationConfig={"PageSize": 2})
        versions, markers = zip(*[(page.get("Versions", []), page.get("DeleteMarkers", [])) for page in pages])
        self.assertEqual((8, 1), (sum(map(len, versions)), sum(map(len, markers))))
        old = s3.get_paginator("list_objects").paginate(Bucket=OWN, Prefix="pages/", PaginationConfig={"PageSize": 5})
        self.assertEqual(6, len(list(old.search("Contents[].Key"))))

    def test_conditions(self):
        put = lambda **more: s3.put_object(Bucket=OWN, Key="condition", Body=b"x", **more)
        etag = put(IfNoneMatch="*")["ETag"]
        self.refused("PreconditionFailed", put, IfNoneMatch="*")
        self.refused("PreconditionFailed", put, IfMatch='"other"')
        put(IfMatch=etag)
        self.refused("304", s3.get_object, Bucket=OWN, Key="condition", IfNoneMatch=etag)
        copy = {"Bucket": OWN, "Key": "copied", "CopySource": {"Bucket": OWN, "Key": "condition"}}
        self.refused("PreconditionFailed", s3.copy_object, **copy, CopySourceIfMatch='"other"')
        s3.copy_object(**copy, CopySourceIfMatch=etag, IfNoneMatch="*")

    def test_tags_travel_with_a_copy(self):
        s3.put_object(Bucket=OWN, Key="tagged", Body=b"x", Tagging="a=1&b=x%20y")
        tags = lambda key: {each["Key"]: each["Value"] for each in s3.get_object_tagging(Bucket=OWN, Key=key)["TagSet"]}
        source = {"Bucket": OWN, "Key": "tagged"}
        s3.copy_object(Bucket=OWN, Key="tagged-copy", CopySource=source)
        self.assertEqual({"a": "1", "b": "x y"}, tags("tagged-copy"))
        s3.copy_object(Bucket=OWN, Key="tagged-copy", CopySource=source, TaggingDirective="REPLACE", Tagging="c=3")
        self.assertEqual({"c": "3"}, tags("tagged-copy"))

    def test_waiters(self):
        s3.put_object(Bucket=OWN, Key="awaited", Body=b"x")
        s3.get_waiter("object_exists").wait(Bucket=OWN, Key="awaited", WaiterConfig=FAST)
        s3.delete_object(Bucket=OWN, Key="awaited")
        s3.get_waiter("object_not_exists").wait(Bucket=OWN, Key="awaited", WaiterConfig=FAST)

    def test_a_multipart_upload_by_hand(self):
        where = {"Bucket": OWN, "Key": "parts"}
        upload = s3.create_multipart_upload(**where)["UploadId"]
        parts = []
        for number, content in ((1, b"a" * 5 * 1024 * 1024), (2, b"b")):
            part = s3.upload_part(**where, UploadId=upload, PartNumber=number, Body=content)
            parts.append({"PartNumber": number, "ETag": part["ETag"]})
        listed = s3.get_paginator("list_parts").paginate(**where, UploadId=upload, PaginationConfig={"PageSize": 1})
        self.assertEqual([1, 2], list(listed.search("Parts[].PartNumber")))
        wrong = {"Parts": [{"PartNumber": 1, "ETag": '"0"'}]}
        self.refused("InvalidPart", s3.complete_multipart_upload, **where, UploadId=upload, MultipartUpload=wrong)
        s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": parts})
        self.refused("NoSuchUpload", s3.abort_multipart_upload, **where, UploadId=upload)


class Errors(SandboxCase):
    def test_what_is_not_there(self):
        with self.assertRaises(s3.exceptions.NoSuchKey):
            s3.get_object(Bucket=BUCKET, Key="none")
        with self.assertRaises(s3.exceptions.NoSuchBucket):
            s3.list_objects_v2(Bucket="warmstart-none")
        self.refused("404", s3.head_object, Bucket=BUCKET, Key="none")
        self.refused("404", s3.head_bucket, Bucket="warmstart-none")
        self.refused("NoSuchBucketPolicy", client("s3", "qa").get_bucket_policy, Bucket="warmstart-sandbox-qa")
        self.refused("NotImplemented", s3.get_bucket_acl, Bucket=BUCKET)

    def test_another_account(self):
        qa = client("s3", "qa")
        self.refused("AccessDenied", qa.get_object, Bucket=BUCKET, Key="logs/tuningjobhistory.csv")
        self.refused("AccessDenied", qa.put_object, Bucket=BUCKET, Key="output/x", Body=b"")
        self.refused("403", qa.head_object, Bucket=BUCKET, Key="datasets/x")
        self.refused("AccessDenied", s3.list_objects_v2, Bucket=BUCKET, ExpectedBucketOwner="222222222222")
        with self.assertRaises(s3.exceptions.BucketAlreadyExists):
            s3.create_bucket(Bucket="warmstart-sandbox-qa")

    def test_wrong_keys(self):
        endpoint = s3.meta.endpoint_url
        bad = lambda service, key: boto3.client(
            service, region_name=REGION, endpoint_url=endpoint, aws_access_key_id=key, aws_secret_access_key="wrong"
        )
        known = boto3.Session(profile_name="sandbox-training").get_credentials().access_key
        self.refused("InvalidAccessKeyId", bad("s3", "AKIANOBODY").list_buckets)
        self.refused("SignatureDoesNotMatch", bad("s3", known).list_buckets)
        self.refused("InvalidClientTokenId", bad("sts", "AKIANOBODY").get_caller_identity)
        self.refused("UnrecognizedClientException", bad("sagemaker", "AKIANOBODY").list_models)
        self.refused("InvalidSignatureException", bad("sagemaker", known).list_models)


class Roles(SandboxCase):
    def test_a_role_of_another_account(self):
        role = {"RoleArn": "arn:aws:iam::222222222222:role/Release", "RoleSessionName": "boto3"}
        keys = client("sts").assume_role(**role, DurationSeconds=900)["Credentials"]
        session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], REGION)
        there = lambda service: session.client(service, endpoint_url=s3.meta.endpoint_url)
        self.assertEqual("222222222222", there("sts").get_caller_identity()["Account"])
        self.assertEqual(["warmstart-sandbox-qa"], [each["Name"] for each in there("s3").list_buckets()["Buckets"]])
        with self.assertRaises(ClientError):
            there("s3").get_object(Bucket=BUCKET, Key="logs/tuningjobhistory.csv")


if __name__ == "__main__":
    unittest.main()
