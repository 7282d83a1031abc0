locals {
  # Names and patterns of the template's parameters, from its options.
  parameters = flatten([for template in compact([var.template]) : jsondecode(file("${path.module}/../../../templates/dataflow/${template}.json")).parameters])
  # Machines are chosen here, not by the job.
  known = { for parameter in local.parameters : parameter.name => parameter if !contains(["accelerator", "workerMemory"], parameter.name) }
  given = var.output == null ? var.parameters : merge({ output = var.output }, var.parameters)

  required = [for name, parameter in local.known : name if !parameter.isOptional && name != "output"]
  # Directories may be on any file system of Flink's.
  regexes = { for name, parameter in local.known : name => startswith(parameter.paramType, "GCS_") ? [] : parameter.regexes }

  is_session_job = var.session_cluster != null

  job = var.template == null ? null : {
    jarURI     = var.jar
    entryClass = "io.tardiff.templates.flink.ClusterLauncher"
    args = concat(
      [var.template, "--runner=FlinkRunner", "--parallelism=${var.parallelism}"],
      [for name, value in local.given : "--${name}=${value}"],
    )
    parallelism = var.parallelism
    # A batch job keeps no state in Flink: it resumes from the files of its run.
    upgradeMode = "stateless"
    state       = "running"
  }

  restart_configuration = {
    "restart-strategy.type"                                            = var.restarts == 0 ? "none" : "exponential-delay"
    "restart-strategy.exponential-delay.attempts-before-reset-backoff" = tostring(max(var.restarts, 1))
    "restart-strategy.exponential-delay.initial-backoff"               = "10 s"
  }

  flink_configuration = merge(local.restart_configuration, {
    "taskmanager.numberOfTaskSlots" = tostring(var.task_slots)
    # Otherwise Flink chooses the parallelism of the stages of a batch job.
    "execution.batch.adaptive.auto-parallelism.enabled" = "false"
  }, var.flink_configuration)

  gpu_template = {
    spec = {
      containers = [{
        name      = "flink-main-container"
        resources = { limits = { "nvidia.com/gpu" = tostring(var.task_manager.gpus) } }
      }]
    }
  }
}

resource "kubernetes_manifest" "cluster" {
  count = local.is_session_job ? 0 : 1

  manifest = {
    apiVersion = "flink.apache.org/v1beta1"
    kind       = "FlinkDeployment"
    metadata   = { name = var.name, namespace = var.namespace }
    spec = { for name, value in {
      image              = var.image
      flinkVersion       = var.flink_version
      serviceAccount     = var.service_account
      flinkConfiguration = local.flink_configuration
      podTemplate        = length(var.pod_template) == 0 ? null : var.pod_template
      jobManager         = { resource = { cpu = var.job_manager.cpu, memory = var.job_manager.memory } }
      taskManager = { for name, value in {
        resource    = { cpu = var.task_manager.cpu, memory = var.task_manager.memory }
        podTemplate = var.task_manager.gpus == 0 ? null : local.gpu_template
      } : name => value if value != null }
      job = local.job
    } : name => value if value != null }
  }

  field_manager {
    # The operator writes into the same object.
    force_conflicts = true
  }
}

resource "kubernetes_manifest" "job" {
  count = local.is_session_job ? 1 : 0

  manifest = {
    apiVersion = "flink.apache.org/v1beta1"
    kind       = "FlinkSessionJob"
    metadata   = { name = var.name, namespace = var.namespace }
    spec = {
      deploymentName     = var.session_cluster
      job                = local.job
      flinkConfiguration = merge(local.restart_configuration, var.flink_configuration)
    }
  }

  field_manager {
    force_conflicts = true
  }
}
