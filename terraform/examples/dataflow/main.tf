# Any template on Dataflow: all steps in one job, or one step after the other.
#
#   terraform apply -var project=... -var bucket=... -var registry=... -var step=ingest
#   terraform apply -var project=... -var bucket=... -var registry=... -var step=train
#   ...
#
# Apply the next step when the previous job is done. That job then leaves the state, and
# nothing of it is destroyed.

terraform {
  required_version = ">= 1.9"

  required_providers {
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 6.0"
    }
  }
}

provider "google-beta" {
  project = var.project
  region  = var.region
}

locals {
  run = "gs://${var.bucket}/runs/${var.run}"

  parameters = {
    tardiff  = merge(var.source_parameters, var.training_parameters)
    ingest   = var.source_parameters
    train    = merge({ cohort = "${local.run}/ingest/cohort" }, var.training_parameters)
    generate = { model = "${local.run}/train/model", cohort = "${local.run}/ingest/cohort" }
    evaluate = { cohort = "${local.run}/ingest/cohort", synthetic = "${local.run}/generate/synthetic" }
  }

  computes_networks = var.step != "ingest"
}

module "job" {
  source = "../../modules/dataflow-flex-template"

  name                    = "tardiff-${var.run}-${var.step}"
  template                = var.step
  image                   = "${var.registry}/tardiff-${var.step}:${var.tag}"
  container_spec_gcs_path = "gs://${var.bucket}/templates/${var.step}-${var.tag}.json"
  output                  = "${local.run}/${var.step}"
  parameters              = local.parameters[var.step]
  temp_location           = "gs://${var.bucket}/temp"
  region                  = var.region
  service_account_email   = var.service_account_email
  subnetwork              = var.subnetwork
  labels                  = { run = var.run, step = var.step }
  max_workers             = 8

  accelerator         = var.gpu && local.computes_networks ? "type:nvidia-l4;count:1;install-nvidia-driver" : null
  machine_type        = var.gpu && local.computes_networks ? "g2-standard-8" : "n2-highmem-8"
  sdk_container_image = var.gpu && local.computes_networks ? "${var.registry}/tardiff-worker:${var.tag}" : null
}

output "job_id" {
  value = module.job.job_id
}

output "state" {
  value = module.job.state
}

output "output" {
  value = module.job.output
}
