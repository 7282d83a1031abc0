mock_provider "kubernetes" {}

variables {
  name       = "train-icu"
  namespace  = "flink"
  template   = "train"
  image      = "registry.example/tardiff-flink:0.1.0"
  output     = "s3://bucket/run/train"
  parameters = { cohort = "s3://bucket/run/ingest/cohort" }
}

run "a_template_has_a_cluster_of_its_own" {
  command = plan

  assert {
    condition     = kubernetes_manifest.cluster[0].manifest.apiVersion == "flink.apache.org/v1beta1" && kubernetes_manifest.cluster[0].manifest.kind == "FlinkDeployment"
    error_message = "the manifest must be a FlinkDeployment of the operator"
  }
  assert {
    condition     = kubernetes_manifest.cluster[0].manifest.metadata == { name = "train-icu", namespace = "flink" }
    error_message = "the manifest must have the job's name and namespace"
  }
  assert {
    condition = kubernetes_manifest.cluster[0].manifest.spec.job == {
      jarURI     = "local:///opt/flink/usrlib/tardiff-beam-flink.jar"
      entryClass = "io.tardiff.templates.flink.ClusterLauncher"
      args = [
        "train",
        "--runner=FlinkRunner",
        "--parallelism=2",
        "--cohort=s3://bucket/run/ingest/cohort",
        "--output=s3://bucket/run/train",
      ]
      parallelism = 2
      upgradeMode = "stateless"
      state       = "running"
    }
    error_message = "the job must be the template with its options"
  }
  assert {
    condition     = kubernetes_manifest.cluster[0].manifest.spec.flinkConfiguration["execution.batch.adaptive.auto-parallelism.enabled"] == "false"
    error_message = "the parallelism asked for must be kept"
  }
  assert {
    condition     = kubernetes_manifest.cluster[0].manifest.spec.flinkConfiguration["restart-strategy.type"] == "exponential-delay"
    error_message = "a lost TaskManager must not fail the job"
  }
  assert {
    condition     = kubernetes_manifest.cluster[0].manifest.spec.taskManager == { resource = { cpu = 4, memory = "16384m" } } && !can(kubernetes_manifest.cluster[0].manifest.spec.podTemplate)
    error_message = "without GPUs there must be no pod template"
  }
  assert {
    condition     = length(kubernetes_manifest.job) == 0
    error_message = "there must be one object"
  }
  assert {
    condition     = output.kind == "FlinkDeployment" && output.name == "train-icu" && output.namespace == "flink" && output.output == "s3://bucket/run/train"
    error_message = "the outputs must be those of the object"
  }
}

run "what_is_asked_for_reaches_the_cluster" {
  command = plan

  variables {
    parallelism         = 6
    task_slots          = 3
    restarts            = 0
    service_account     = "jobs"
    flink_version       = "v1_20"
    jar                 = "local:///opt/flink/usrlib/other.jar"
    job_manager         = { cpu = 2, memory = "4g" }
    task_manager        = { cpu = 8, memory = "32g", gpus = 1 }
    flink_configuration = { "taskmanager.numberOfTaskSlots" = "5", "state.backend.type" = "hashmap" }
    pod_template        = { spec = { nodeSelector = { pool = "batch" } } }
  }
  assert {
    condition = alltrue([
      kubernetes_manifest.cluster[0].manifest.spec.job.parallelism == 6,
      contains(kubernetes_manifest.cluster[0].manifest.spec.job.args, "--parallelism=6"),
      kubernetes_manifest.cluster[0].manifest.spec.job.jarURI == "local:///opt/flink/usrlib/other.jar",
      kubernetes_manifest.cluster[0].manifest.spec.serviceAccount == "jobs",
      kubernetes_manifest.cluster[0].manifest.spec.flinkVersion == "v1_20",
      kubernetes_manifest.cluster[0].manifest.spec.jobManager.resource == { cpu = 2, memory = "4g" },
      kubernetes_manifest.cluster[0].manifest.spec.taskManager.resource == { cpu = 8, memory = "32g" },
      kubernetes_manifest.cluster[0].manifest.spec.podTemplate.spec.nodeSelector.pool == "batch",
    ])
    error_message = "every variable must reach the manifest"
  }
  assert {
    condition     = kubernetes_manifest.cluster[0].manifest.spec.taskManager.podTemplate.spec.containers[0].resources.limits["nvidia.com/gpu"] == "1"
    error_message = "TaskManagers, and they alone, must have the GPUs"
  }
  assert {
    condition = alltrue([
      kubernetes_manifest.cluster[0].manifest.spec.flinkConfiguration["restart-strategy.type"] == "none",
      kubernetes_manifest.cluster[0].manifest.spec.flinkConfiguration["taskmanager.numberOfTaskSlots"] == "5",
      kubernetes_manifest.cluster[0].manifest.spec.flinkConfiguration["state.backend.type"] == "hashmap",
    ])
    error_message = "configuration that is given must win over the module's own"
  }
}

run "a_session_cluster_waits_for_jobs" {
  command = plan

  variables {
    name       = "icu"
    template   = null
    output     = null
    parameters = {}
  }
  assert {
    condition     = kubernetes_manifest.cluster[0].manifest.kind == "FlinkDeployment" && !can(kubernetes_manifest.cluster[0].manifest.spec.job)
    error_message = "a session cluster must have no job"
  }
}

run "a_session_cluster_runs_a_job" {
  command = plan

  variables {
    image           = null
    session_cluster = "icu"
    jar             = "https://files.example/tardiff-beam-flink.jar"
    restarts        = 5
  }
  assert {
    condition     = kubernetes_manifest.job[0].manifest.kind == "FlinkSessionJob" && kubernetes_manifest.job[0].manifest.spec.deploymentName == "icu"
    error_message = "the job must be of the session cluster"
  }
  assert {
    condition     = kubernetes_manifest.job[0].manifest.spec.job.jarURI == "https://files.example/tardiff-beam-flink.jar" && kubernetes_manifest.job[0].manifest.spec.job.args[0] == "train"
    error_message = "the job must be the template"
  }
  assert {
    condition     = kubernetes_manifest.job[0].manifest.spec.flinkConfiguration["restart-strategy.exponential-delay.attempts-before-reset-backoff"] == "5"
    error_message = "the job must be restarted as often as asked for"
  }
  assert {
    condition     = length(kubernetes_manifest.cluster) == 0 && output.kind == "FlinkSessionJob"
    error_message = "no cluster must be made"
  }
}
