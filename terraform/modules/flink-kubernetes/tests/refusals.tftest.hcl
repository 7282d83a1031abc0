mock_provider "kubernetes" {}

variables {
  name       = "train-icu"
  template   = "train"
  image      = "registry.example/tardiff-flink:0.1.0"
  output     = "s3://bucket/run/train"
  parameters = { cohort = "s3://bucket/run/ingest/cohort" }
}

# One wrong value of every variable at a time: each must be told.

run "refuses_the_first_of_each" {
  command = plan

  variables {
    # a name with capitals
    name = "Train"
    # a namespace with capitals
    namespace = "Flink"
    # a jar without an address
    jar = "tardiff.jar"
    # an output with wildcards
    output = "s3://bucket/run-*"
    # an unknown parameter
    parameters = { cohort = "/data/cohort", trainingStep = 10 }
    # a negative parallelism
    parallelism = -1
    # half a slot
    task_slots = 0.5
    # a negative number of restarts
    restarts = -1
    # memory without a unit
    task_manager = { memory = "16" }
    # a job manager without cpu
    job_manager = { cpu = 0 }
    # a version with dots
    flink_version = "1.19"
  }

  expect_failures = [
    var.name,
    var.namespace,
    var.jar,
    var.output,
    var.parameters,
    var.parallelism,
    var.task_slots,
    var.restarts,
    var.task_manager,
    var.job_manager,
    var.flink_version,
  ]
}

run "refuses_the_second_of_each" {
  command = plan

  variables {
    # a name that is too long
    name = "a234567890123456789012345678901234567890123456"
    # a parameter that has a variable
    parameters = { cohort = "/data/cohort", output = "/data/run" }
    # a negative number of gpus
    task_manager = { gpus = -1 }
  }

  expect_failures = [
    var.name,
    var.parameters,
    var.task_manager,
  ]
}

run "refuses_the_third_of_each" {
  command = plan

  variables {
    # an accelerator
    parameters = { cohort = "/data/cohort", accelerator = "type:nvidia-l4;count:1" }
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_the_fourth_of_each" {
  command = plan

  variables {
    # a missing parameter
    parameters = {}
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_the_fifth_of_each" {
  command = plan

  variables {
    # a parameter of the wrong type
    parameters = { cohort = "/data/cohort", trainingSteps = "many" }
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_an_unknown_template" {
  command = plan

  variables {
    template = "sample"
  }

  expect_failures = [var.template]
}

run "refuses_a_cluster_without_an_image" {
  command = plan

  variables {
    image = null
  }

  expect_failures = [var.image]
}

run "refuses_a_job_of_a_session_cluster_with_an_image" {
  command = plan

  variables {
    session_cluster = "icu"
    jar             = "https://files.example/t.jar"
  }

  expect_failures = [var.image]
}

run "refuses_a_local_jar_of_a_session_cluster" {
  command = plan

  variables {
    session_cluster = "icu"
    image           = null
  }

  expect_failures = [var.jar]
}

run "refuses_a_template_without_an_output" {
  command = plan

  variables {
    output = null
  }

  expect_failures = [var.output]
}

run "refuses_a_session_cluster_without_a_template" {
  command = plan

  variables {
    template        = null
    output          = null
    parameters      = {}
    image           = null
    session_cluster = "icu"
    jar             = "https://files.example/t.jar"
  }

  expect_failures = [var.template]
}
