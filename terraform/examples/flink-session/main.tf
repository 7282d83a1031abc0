# The four steps, one after the other, or all steps in one job, in a Flink session cluster.
#
#   templates/flink/session-cluster.sh start
#   terraform apply -var storage=/data/runs

terraform {
  required_version = ">= 1.9"
}

locals {
  run = "${var.storage}/${var.run}"
}

module "ingest" {
  source = "../../modules/flink-session"
  count  = var.in_one_job ? 0 : 1

  name        = "${var.run}-ingest"
  cluster     = var.cluster
  jar         = var.jar
  template    = "ingest"
  output      = "${local.run}/ingest"
  parameters  = var.source_parameters
  parallelism = var.parallelism
  wait        = true
}

module "train" {
  source     = "../../modules/flink-session"
  count      = var.in_one_job ? 0 : 1
  depends_on = [module.ingest]

  name        = "${var.run}-train"
  cluster     = var.cluster
  jar         = var.jar
  template    = "train"
  output      = "${local.run}/train"
  parameters  = merge({ cohort = "${local.run}/ingest/cohort" }, var.training_parameters)
  parallelism = var.parallelism
  wait        = true
}

module "generate" {
  source     = "../../modules/flink-session"
  count      = var.in_one_job ? 0 : 1
  depends_on = [module.train]

  name        = "${var.run}-generate"
  cluster     = var.cluster
  jar         = var.jar
  template    = "generate"
  output      = "${local.run}/generate"
  parameters  = merge({ model = "${local.run}/train/model", cohort = "${local.run}/ingest/cohort" }, var.sampling_parameters)
  parallelism = var.parallelism
  wait        = true
}

module "evaluate" {
  source     = "../../modules/flink-session"
  count      = var.in_one_job ? 0 : 1
  depends_on = [module.generate]

  name        = "${var.run}-evaluate"
  cluster     = var.cluster
  jar         = var.jar
  template    = "evaluate"
  output      = "${local.run}/evaluate"
  parameters  = merge({ cohort = "${local.run}/ingest/cohort", synthetic = "${local.run}/generate/synthetic" }, var.evaluation_parameters)
  parallelism = var.parallelism
  wait        = true
}

module "tardiff" {
  source = "../../modules/flink-session"
  count  = var.in_one_job ? 1 : 0

  name        = "${var.run}-tardiff"
  cluster     = var.cluster
  jar         = var.jar
  template    = "tardiff"
  output      = "${local.run}/tardiff"
  parameters  = merge(var.source_parameters, var.training_parameters, var.sampling_parameters, var.evaluation_parameters)
  parallelism = var.parallelism
}

locals {
  jobs = concat(module.ingest, module.train, module.generate, module.evaluate, module.tardiff)
}

output "jobs" {
  description = "Id, state and output of each job."
  value       = [for job in local.jobs : { job_id = job.job_id, state = job.state, output = job.output }]
}
