variables {
  storage = "/data/runs"
}

run "the_four_steps" {
  command = plan

  assert {
    condition     = [for job in local.jobs : job.output] == ["/data/runs/icu/ingest", "/data/runs/icu/train", "/data/runs/icu/generate", "/data/runs/icu/evaluate"]
    error_message = "the four steps must be launched, each with a directory of its own"
  }
}

run "the_whole_way" {
  command = plan

  variables {
    in_one_job = true
  }
  assert {
    condition     = [for job in local.jobs : job.output] == ["/data/runs/icu/tardiff"]
    error_message = "the whole way must be one job"
  }
}
