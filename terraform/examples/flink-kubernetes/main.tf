# Any template on Flink's Kubernetes operator, each job on its own cluster.
#
#   terraform apply -var image=... -var storage=s3://bucket/runs -var step=tardiff

terraform {
  required_version = ">= 1.9"

  required_providers {
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = ">= 2.20"
    }
  }
}

provider "kubernetes" {
  config_path = var.kubeconfig
}

locals {
  run = "${var.storage}/${var.run}"

  parameters = {
    tardiff  = merge(var.source_parameters, var.training_parameters)
    ingest   = var.source_parameters
    train    = merge({ cohort = "${local.run}/ingest/cohort" }, var.training_parameters)
    generate = { model = "${local.run}/train/model", cohort = "${local.run}/ingest/cohort" }
    evaluate = { cohort = "${local.run}/ingest/cohort", synthetic = "${local.run}/generate/synthetic" }
  }
}

module "job" {
  source = "../../modules/flink-kubernetes"

  name         = "tardiff-${var.run}-${var.step}"
  namespace    = var.namespace
  template     = var.step
  image        = var.image
  output       = "${local.run}/${var.step}"
  parameters   = local.parameters[var.step]
  parallelism  = 4
  task_manager = { cpu = 4, memory = "16g", gpus = var.gpu ? 1 : 0 }
}

output "name" {
  value = module.job.name
}

output "output" {
  value = module.job.output
}
