mock_provider "google-beta" {}

variables {
  name                    = "train-icu"
  template                = "train"
  container_spec_gcs_path = "gs://bucket/templates/train.json"
  output                  = "gs://bucket/run/train"
  temp_location           = "gs://bucket/temp"
  parameters              = { cohort = "gs://bucket/run/ingest/cohort" }
}

# One wrong value of every variable at a time: each must be told.

run "refuses_the_first_of_each" {
  command = plan

  variables {
    # a name with capitals
    name = "Train"
    # a container spec on this machine
    container_spec_gcs_path = "templates/train.json"
    # an image without a tag
    image = "europe-docker.pkg.dev/p/r/tardiff-train"
    # an output on this machine
    output = "out/train"
    # an unknown parameter
    parameters = { cohort = "gs://bucket/cohort", trainingStep = 10 }
    # an accelerator without an image
    accelerator = "type:nvidia-l4;count:1"
    # memory without a unit
    worker_memory = "16"
    # a negative number of workers
    num_workers = -1
    # a zone for a region
    region = "europe-west4-a"
    # a temporary directory on this machine
    temp_location = "/tmp"
    # a staging directory on this machine
    staging_location = "/tmp"
    # a service account without a domain
    service_account_email = "dataflow"
    # a subnetwork without its region
    subnetwork = "dataflow"
    # a key without its ring
    kms_key_name = "k"
    # a label with capitals
    labels = { Team = "icu" }
    # a machine type with blanks
    machine_type = "g2 standard 8"
  }

  expect_failures = [
    var.name,
    var.container_spec_gcs_path,
    var.image,
    var.output,
    var.parameters,
    var.accelerator,
    var.worker_memory,
    var.num_workers,
    var.region,
    var.temp_location,
    var.staging_location,
    var.service_account_email,
    var.subnetwork,
    var.kms_key_name,
    var.labels,
    var.machine_type,
  ]
}

run "refuses_the_second_of_each" {
  command = plan

  variables {
    # a name that ends with a hyphen
    name = "train-"
    # an output with wildcards
    output = "gs://bucket/run-*"
    # a parameter of another template
    parameters = { cohort = "gs://bucket/cohort", count = 10 }
    # negative memory
    worker_memory = "-16GB"
    # no workers
    max_workers = 0
  }

  expect_failures = [
    var.name,
    var.output,
    var.parameters,
    var.worker_memory,
    var.max_workers,
  ]
}

run "refuses_the_third_of_each" {
  command = plan

  variables {
    # a parameter that has a variable
    parameters = { cohort = "gs://bucket/cohort", accelerator = "type:nvidia-l4;count:1" }
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_the_fourth_of_each" {
  command = plan

  variables {
    # a missing parameter
    parameters = { trainingSteps = 10 }
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_the_fifth_of_each" {
  command = plan

  variables {
    # a parameter of the wrong type
    parameters = { cohort = "gs://bucket/cohort", trainingSteps = "many" }
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_the_sixth_of_each" {
  command = plan

  variables {
    # a parameter that is no word of its
    parameters = { cohort = "gs://bucket/cohort", classifier = "mlp" }
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_the_seventh_of_each" {
  command = plan

  variables {
    # a cohort on this machine
    parameters = { cohort = "out/cohort" }
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

run "refuses_an_accelerator_without_a_count" {
  command = plan

  variables {
    accelerator         = "nvidia-l4"
    sdk_container_image = "r/i:1"
  }

  expect_failures = [var.accelerator]
}

run "refuses_more_workers_at_first_than_at_most" {
  command = plan

  variables {
    num_workers = 4
    max_workers = 2
  }

  expect_failures = [var.max_workers]
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

run "refuses_half_a_worker" {
  command = plan

  variables {
    max_workers = 1.5
  }

  expect_failures = [var.max_workers]
}
