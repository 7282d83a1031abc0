variables {
  name       = "train-icu"
  template   = "train"
  output     = "/data/run/train"
  parameters = { cohort = "/data/run/ingest/cohort", trainingSteps = 100 }
}

run "a_template_is_submitted_with_its_options" {
  command = plan

  assert {
    condition = jsonencode(terraform_data.job.triggers_replace.program) == jsonencode([
      "train", "--jobName=train-icu", "--output=/data/run/train", "--cohort=/data/run/ingest/cohort", "--trainingSteps=100",
    ])
    error_message = "the template must be submitted with its options, and again where they change"
  }
  assert {
    condition     = terraform_data.job.input.name == "train-icu" && terraform_data.job.input.cluster == "http://localhost:8081"
    error_message = "destroy must know the job and the cluster"
  }
  assert {
    condition     = fileexists(terraform_data.job.input.tool)
    error_message = "the tool that submits must be there"
  }
  assert {
    condition     = output.output == "/data/run/train"
    error_message = "the output must be told"
  }
}

run "what_is_asked_for_reaches_the_cluster" {
  command = plan

  variables {
    cluster     = "https://flink.example/icu"
    parallelism = 4
    restarts    = 0
    wait        = true
    jar         = "/opt/tardiff-beam-flink.jar"
  }
  assert {
    condition     = terraform_data.job.triggers_replace.cluster == "https://flink.example/icu" && jsonencode(local.submission) == jsonencode(["--parallelism=4", "--restarts=0", "--wait"])
    error_message = "parallelism, restarts and wait must be options of the submission"
  }
  assert {
    condition     = terraform_data.job.input.jar == "/opt/tardiff-beam-flink.jar"
    error_message = "the jar must be the one that is named"
  }
}

run "launches_tardiff" {
  command = plan

  variables {
    template   = "tardiff"
    parameters = { source = "simulated", preset = "quickstart" }
  }
  assert {
    condition     = terraform_data.job.triggers_replace.program[0] == "tardiff" && contains(terraform_data.job.triggers_replace.program, "--source=simulated")
    error_message = "tardiff must be launched"
  }
}

run "launches_ingest" {
  command = plan

  variables {
    template   = "ingest"
    parameters = { source = "mimic4", input = "/data/mimic4" }
  }
  assert {
    condition     = terraform_data.job.triggers_replace.program[0] == "ingest"
    error_message = "ingest must be launched"
  }
}

run "launches_generate" {
  command = plan

  variables {
    template   = "generate"
    parameters = { model = "/data/run/train/model", cohort = "/data/run/ingest/cohort" }
  }
  assert {
    condition     = terraform_data.job.triggers_replace.program[0] == "generate"
    error_message = "generate must be launched"
  }
}

run "launches_evaluate" {
  command = plan

  variables {
    template   = "evaluate"
    parameters = { cohort = "/data/run/ingest/cohort", synthetic = "/data/run/generate/synthetic" }
  }
  assert {
    condition     = terraform_data.job.triggers_replace.program[0] == "evaluate"
    error_message = "evaluate must be launched"
  }
}
