mock_provider "google-beta" {}

variables {
  name                    = "train-icu"
  template                = "train"
  container_spec_gcs_path = "gs://bucket/templates/train.json"
  output                  = "gs://bucket/run/train"
  temp_location           = "gs://bucket/temp"
  parameters              = { cohort = "gs://bucket/run/ingest/cohort" }
}

# Each template is launched by the tests of the examples.
run "launches_a_template" {
  assert {
    condition     = google_dataflow_flex_template_job.job.container_spec_gcs_path == "gs://bucket/templates/train.json"
    error_message = "the job must be of the template's container spec"
  }
  assert {
    condition     = google_dataflow_flex_template_job.job.parameters == tomap({ cohort = "gs://bucket/run/ingest/cohort", output = "gs://bucket/run/train" })
    error_message = "the template's options must be the job's parameters, and nothing else"
  }
  assert {
    condition     = google_dataflow_flex_template_job.job.staging_location == "gs://bucket/temp"
    error_message = "files must be staged where temporary ones are unless told otherwise"
  }
  assert {
    condition     = google_dataflow_flex_template_job.job.ip_configuration == "WORKER_IP_PRIVATE"
    error_message = "workers must have no public address unless told otherwise"
  }
  assert {
    condition     = google_dataflow_flex_template_job.job.on_delete == "cancel"
    error_message = "destroy must cancel the job"
  }
  assert {
    condition     = length(google_dataflow_flex_template_job.job.additional_experiments) == 0
    error_message = "there must be no experiments unless asked for"
  }
  assert {
    condition     = length(google_storage_bucket_object.container_spec) == 0
    error_message = "without an image the container spec must be left alone"
  }
  assert {
    condition     = output.output == "gs://bucket/run/train" && output.job_id == google_dataflow_flex_template_job.job.job_id && output.state == google_dataflow_flex_template_job.job.state
    error_message = "the outputs must be those of the job"
  }
}

run "asks_for_gpus_through_the_template" {
  command = plan

  variables {
    accelerator            = "type:nvidia-l4;count:1;install-nvidia-driver"
    worker_memory          = "32GB"
    sdk_container_image    = "europe-docker.pkg.dev/p/r/tardiff-worker:0.1.0"
    machine_type           = "g2-standard-8"
    additional_experiments = ["enable_stackdriver_agent_metrics"]
  }
  assert {
    condition     = google_dataflow_flex_template_job.job.parameters["accelerator"] == "type:nvidia-l4;count:1;install-nvidia-driver" && google_dataflow_flex_template_job.job.parameters["workerMemory"] == "32GB"
    error_message = "the steps that compute networks must be given the accelerator and the memory"
  }
  assert {
    condition     = google_dataflow_flex_template_job.job.additional_experiments == toset(["enable_stackdriver_agent_metrics", "use_runner_v2"])
    error_message = "GPUs need the portable runner"
  }
  assert {
    condition     = google_dataflow_flex_template_job.job.sdk_container_image == "europe-docker.pkg.dev/p/r/tardiff-worker:0.1.0"
    error_message = "the workers must run the image with CUDA"
  }
}

run "has_what_an_organisation_asks_for" {
  command = plan

  variables {
    project                      = "project-1"
    region                       = "europe-west4"
    network                      = "vpc"
    subnetwork                   = "regions/europe-west4/subnetworks/dataflow"
    public_ips                   = true
    kms_key_name                 = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
    labels                       = { team = "icu" }
    service_account_email        = "dataflow@project-1.iam.gserviceaccount.com"
    staging_location             = "gs://bucket/staging"
    launcher_machine_type        = "n1-standard-2"
    num_workers                  = 2
    max_workers                  = 8
    skip_wait_on_job_termination = true
  }
  assert {
    condition = alltrue([
      google_dataflow_flex_template_job.job.project == "project-1",
      google_dataflow_flex_template_job.job.region == "europe-west4",
      google_dataflow_flex_template_job.job.network == "vpc",
      google_dataflow_flex_template_job.job.subnetwork == "regions/europe-west4/subnetworks/dataflow",
      google_dataflow_flex_template_job.job.ip_configuration == "WORKER_IP_PUBLIC",
      google_dataflow_flex_template_job.job.kms_key_name == "projects/p/locations/l/keyRings/r/cryptoKeys/k",
      google_dataflow_flex_template_job.job.labels == tomap({ team = "icu" }),
      google_dataflow_flex_template_job.job.service_account_email == "dataflow@project-1.iam.gserviceaccount.com",
      google_dataflow_flex_template_job.job.staging_location == "gs://bucket/staging",
      google_dataflow_flex_template_job.job.launcher_machine_type == "n1-standard-2",
      google_dataflow_flex_template_job.job.num_workers == 2,
      google_dataflow_flex_template_job.job.max_workers == 8,
      google_dataflow_flex_template_job.job.skip_wait_on_job_termination,
    ])
    error_message = "every variable must reach the job"
  }
}

run "writes_the_container_spec_of_an_image" {
  command = plan

  variables {
    image = "europe-docker.pkg.dev/p/r/tardiff-train:0.1.0"
  }
  assert {
    condition     = google_storage_bucket_object.container_spec[0].bucket == "bucket" && google_storage_bucket_object.container_spec[0].name == "templates/train.json"
    error_message = "the container spec must be written where the job looks for it"
  }
  assert {
    condition     = jsondecode(local.container_spec).image == "europe-docker.pkg.dev/p/r/tardiff-train:0.1.0"
    error_message = "the container spec must name the image"
  }
  assert {
    condition     = jsondecode(local.container_spec).sdkInfo.language == "JAVA"
    error_message = "the container spec must name the language"
  }
  assert {
    condition     = jsondecode(local.container_spec).metadata == jsondecode(file("../../../templates/dataflow/train.json"))
    error_message = "the container spec must hold the template's metadata"
  }
}
