"""Amazon Bedrock's runtime, Converse and InvokeModel. The face is `guardrail.dialects.bedrock.dialect`."""
