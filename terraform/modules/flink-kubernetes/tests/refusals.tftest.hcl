mock_provider "kubernetes" {}

variables {
  name       = "train-icu"
  template   = "train"
  image      = "registry.example/tardiff-flink:0.1.0"
  output     = "s3://bucket/run/train"
  parameters = { cohort = "s3://bucket/run/ingest/cohort" }
}

run "refuses_a_name_with_capitals" {
  command = plan
  variables {
    name = "Train"
  }
  expect_failures = [var.name]
}

run "refuses_a_name_that_is_too_long" {
  command = plan
  variables {
    name = "a234567890123456789012345678901234567890123456"
  }
  expect_failures = [var.name]
}

run "refuses_a_namespace_with_capitals" {
  command = plan
  variables {
    namespace = "Flink"
  }
  expect_failures = [var.namespace]
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

run "refuses_a_jar_without_an_address" {
  command = plan
  variables {
    jar = "tardiff.jar"
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

run "refuses_an_output_with_wildcards" {
  command = plan
  variables {
    output = "s3://bucket/run-*"
  }
  expect_failures = [var.output]
}

run "refuses_an_unknown_parameter" {
  command = plan
  variables {
    parameters = { cohort = "/data/cohort", trainingStep = 10 }
  }
  expect_failures = [var.parameters]
}

run "refuses_a_parameter_that_has_a_variable" {
  command = plan
  variables {
    parameters = { cohort = "/data/cohort", output = "/data/run" }
  }
  expect_failures = [var.parameters]
}

run "refuses_an_accelerator" {
  command = plan
  variables {
    parameters = { cohort = "/data/cohort", accelerator = "type:nvidia-l4;count:1" }
  }
  expect_failures = [var.parameters]
}

run "refuses_a_missing_parameter" {
  command = plan
  variables {
    parameters = {}
  }
  expect_failures = [var.parameters]
}

run "refuses_a_parameter_of_the_wrong_type" {
  command = plan
  variables {
    parameters = { cohort = "/data/cohort", trainingSteps = "many" }
  }
  expect_failures = [var.parameters]
}

run "refuses_a_negative_parallelism" {
  command = plan
  variables {
    parallelism = -1
  }
  expect_failures = [var.parallelism]
}

run "refuses_half_a_slot" {
  command = plan
  variables {
    task_slots = 0.5
  }
  expect_failures = [var.task_slots]
}

run "refuses_a_negative_number_of_restarts" {
  command = plan
  variables {
    restarts = -1
  }
  expect_failures = [var.restarts]
}

run "refuses_memory_without_a_unit" {
  command = plan
  variables {
    task_manager = { memory = "16" }
  }
  expect_failures = [var.task_manager]
}

run "refuses_a_negative_number_of_gpus" {
  command = plan
  variables {
    task_manager = { gpus = -1 }
  }
  expect_failures = [var.task_manager]
}

run "refuses_a_job_manager_without_cpu" {
  command = plan
  variables {
    job_manager = { cpu = 0 }
  }
  expect_failures = [var.job_manager]
}

run "refuses_a_version_with_dots" {
  command = plan
  variables {
    flink_version = "1.19"
  }
  expect_failures = [var.flink_version]
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
