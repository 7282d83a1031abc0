mock_provider "google-beta" {}

variables {
  project  = "project-1"
  bucket   = "bucket"
  registry = "europe-docker.pkg.dev/project-1/tardiff"
}

run "the_whole_way" {
  command = plan

  assert {
    condition     = output.output == "gs://bucket/runs/icu/tardiff"
    error_message = "the run must have a directory of its own"
  }
}

run "ingest" {
  command = plan

  variables {
    step              = "ingest"
    source_parameters = { source = "mimic4", input = "gs://bucket/mimic4" }
    gpu               = true
  }
  assert {
    condition     = output.output == "gs://bucket/runs/icu/ingest"
    error_message = "ingest must be launched, without a GPU"
  }
}

run "train" {
  command = plan

  variables {
    step                = "train"
    training_parameters = { preset = "paper" }
    gpu                 = true
  }
  assert {
    condition     = output.output == "gs://bucket/runs/icu/train"
    error_message = "train must be launched, with a GPU"
  }
}

run "generate" {
  command = plan

  variables {
    step = "generate"
  }
  assert {
    condition     = output.output == "gs://bucket/runs/icu/generate"
    error_message = "generate must be launched"
  }
}

run "evaluate" {
  command = plan

  variables {
    step = "evaluate"
  }
  assert {
    condition     = output.output == "gs://bucket/runs/icu/evaluate"
    error_message = "evaluate must be launched"
  }
}
