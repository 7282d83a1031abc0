mock_provider "google-beta" {}

variables {
  name                    = "train-icu"
  template                = "train"
  container_spec_gcs_path = "gs://bucket/templates/train.json"
  output                  = "gs://bucket/run/train"
  temp_location           = "gs://bucket/temp"
  parameters              = { cohort = "gs://bucket/run/ingest/cohort" }
}

run "refuses_a_name_with_capitals" {
  command = plan
  variables {
    name = "Train"
  }
  expect_failures = [var.name]
}

run "refuses_a_name_that_ends_with_a_hyphen" {
  command = plan
  variables {
    name = "train-"
  }
  expect_failures = [var.name]
}

run "refuses_an_unknown_template" {
  command = plan
  variables {
    template = "sample"
  }
  expect_failures = [var.template]
}

run "refuses_a_container_spec_on_this_machine" {
  command = plan
  variables {
    container_spec_gcs_path = "templates/train.json"
  }
  expect_failures = [var.container_spec_gcs_path]
}

run "refuses_an_image_without_a_tag" {
  command = plan
  variables {
    image = "europe-docker.pkg.dev/p/r/tardiff-train"
  }
  expect_failures = [var.image]
}

run "refuses_an_output_on_this_machine" {
  command = plan
  variables {
    output = "out/train"
  }
  expect_failures = [var.output]
}

run "refuses_an_output_with_wildcards" {
  command = plan
  variables {
    output = "gs://bucket/run-*"
  }
  expect_failures = [var.output]
}

run "refuses_an_unknown_parameter" {
  command = plan
  variables {
    parameters = { cohort = "gs://bucket/cohort", trainingStep = 10 }
  }
  expect_failures = [var.parameters]
}

run "refuses_a_parameter_of_another_template" {
  command = plan
  variables {
    parameters = { cohort = "gs://bucket/cohort", count = 10 }
  }
  expect_failures = [var.parameters]
}

run "refuses_a_parameter_that_has_a_variable" {
  command = plan
  variables {
    parameters = { cohort = "gs://bucket/cohort", accelerator = "type:nvidia-l4;count:1" }
  }
  expect_failures = [var.parameters]
}

run "refuses_a_missing_parameter" {
  command = plan
  variables {
    parameters = { trainingSteps = 10 }
  }
  expect_failures = [var.parameters]
}

run "refuses_a_parameter_of_the_wrong_type" {
  command = plan
  variables {
    parameters = { cohort = "gs://bucket/cohort", trainingSteps = "many" }
  }
  expect_failures = [var.parameters]
}

run "refuses_a_parameter_that_is_no_word_of_its" {
  command = plan
  variables {
    parameters = { cohort = "gs://bucket/cohort", classifier = "mlp" }
  }
  expect_failures = [var.parameters]
}

run "refuses_a_cohort_on_this_machine" {
  command = plan
  variables {
    parameters = { cohort = "out/cohort" }
  }
  expect_failures = [var.parameters]
}

run "refuses_an_accelerator_without_a_count" {
  command = plan
  variables {
    accelerator         = "nvidia-l4"
    sdk_container_image = "r/i:1"
  }
  expect_failures = [var.accelerator]
}

run "refuses_an_accelerator_without_an_image" {
  command = plan
  variables {
    accelerator = "type:nvidia-l4;count:1"
  }
  expect_failures = [var.accelerator]
}

run "refuses_memory_without_a_unit" {
  command = plan
  variables {
    worker_memory = "16"
  }
  expect_failures = [var.worker_memory]
}

run "refuses_negative_memory" {
  command = plan
  variables {
    worker_memory = "-16GB"
  }
  expect_failures = [var.worker_memory]
}

run "refuses_a_negative_number_of_workers" {
  command = plan
  variables {
    num_workers = -1
  }
  expect_failures = [var.num_workers]
}

run "refuses_half_a_worker" {
  command = plan
  variables {
    max_workers = 1.5
  }
  expect_failures = [var.max_workers]
}

run "refuses_no_workers" {
  command = plan
  variables {
    max_workers = 0
  }
  expect_failures = [var.max_workers]
}

run "refuses_more_workers_at_first_than_at_most" {
  command = plan
  variables {
    num_workers = 4
    max_workers = 2
  }
  expect_failures = [var.max_workers]
}

run "refuses_a_zone_for_a_region" {
  command = plan
  variables {
    region = "europe-west4-a"
  }
  expect_failures = [var.region]
}

run "refuses_a_temporary_directory_on_this_machine" {
  command = plan
  variables {
    temp_location = "/tmp"
  }
  expect_failures = [var.temp_location]
}

run "refuses_a_staging_directory_on_this_machine" {
  command = plan
  variables {
    staging_location = "/tmp"
  }
  expect_failures = [var.staging_location]
}

run "refuses_a_service_account_without_a_domain" {
  command = plan
  variables {
    service_account_email = "dataflow"
  }
  expect_failures = [var.service_account_email]
}

run "refuses_a_subnetwork_without_its_region" {
  command = plan
  variables {
    subnetwork = "dataflow"
  }
  expect_failures = [var.subnetwork]
}

run "refuses_a_key_without_its_ring" {
  command = plan
  variables {
    kms_key_name = "k"
  }
  expect_failures = [var.kms_key_name]
}

run "refuses_a_label_with_capitals" {
  command = plan
  variables {
    labels = { Team = "icu" }
  }
  expect_failures = [var.labels]
}

run "refuses_a_machine_type_with_blanks" {
  command = plan
  variables {
    machine_type = "g2 standard 8"
  }
  expect_failures = [var.machine_type]
}

run "refuses_an_accelerator_for_ingest" {
  command = plan
  variables {
    template            = "ingest"
    parameters          = { source = "simulated" }
    accelerator         = "type:nvidia-l4;count:1"
    sdk_container_image = "r/i:1"
  }
  expect_failures = [var.accelerator]
}

run "refuses_memory_for_ingest" {
  command = plan
  variables {
    template      = "ingest"
    parameters    = { source = "simulated" }
    worker_memory = "16GB"
  }
  expect_failures = [var.worker_memory]
}
