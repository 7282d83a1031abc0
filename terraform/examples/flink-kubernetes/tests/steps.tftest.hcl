mock_provider "kubernetes" {}

variables {
  image   = "registry.example/tardiff-flink:0.1.0"
  storage = "s3://bucket/runs"
}

run "the_whole_way" {
  command = plan
  assert {
    condition     = output.output == "s3://bucket/runs/icu/tardiff" && output.name == "tardiff-icu-tardiff"
    error_message = "the run must have a directory and an object of its own"
  }
}

run "ingest" {
  command = plan
  variables {
    step = "ingest"
  }
  assert {
    condition     = output.output == "s3://bucket/runs/icu/ingest"
    error_message = "ingest must be launched"
  }
}

run "train" {
  command = plan
  variables {
    step = "train"
    gpu  = true
  }
  assert {
    condition     = output.output == "s3://bucket/runs/icu/train"
    error_message = "train must be launched"
  }
}

run "generate" {
  command = plan
  variables {
    step = "generate"
  }
  assert {
    condition     = output.output == "s3://bucket/runs/icu/generate"
    error_message = "generate must be launched"
  }
}

run "evaluate" {
  command = plan
  variables {
    step = "evaluate"
  }
  assert {
    condition     = output.output == "s3://bucket/runs/icu/evaluate"
    error_message = "evaluate must be launched"
  }
}
