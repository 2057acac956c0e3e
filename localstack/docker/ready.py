"""Runs inside LocalStack at every start, which is when it has forgotten everything."""

import boto3

client = {
    "endpoint_url": "http://127.0.0.1:4566",
    "region_name": "us-east-1",
    "aws_access_key_id": "local",
    "aws_secret_access_key": "local",
}
group = "cyclic-metrics-local"  # serverless.yml's name for it in stage local
queue = "cyclic-metrics-local-dead-letters"

# Never over a group that exists: LocalStack would drop its schedules without a word.
scheduler = boto3.client("scheduler", **client)
names = [found["Name"] for found in scheduler.list_schedule_groups()["ScheduleGroups"]]
if group not in names:
    scheduler.create_schedule_group(Name=group)

boto3.client("sqs", **client).create_queue(QueueName=queue)
