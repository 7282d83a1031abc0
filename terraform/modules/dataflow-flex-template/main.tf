locals {
  # Names and patterns of the template's parameters, from its options.
  metadata = jsondecode(file("${path.module}/../../../templates/dataflow/${var.template}.json"))
  known    = { for parameter in local.metadata.parameters : parameter.name => parameter }

  resources = { for name, value in { accelerator = var.accelerator, workerMemory = var.worker_memory } : name => value if value != null }
  given     = merge({ output = var.output }, var.parameters, local.resources)

  required = [for name, parameter in local.known : name if !parameter.isOptional && name != "output"]
  regexes  = { for name, parameter in local.known : name => parameter.regexes }

  # GPUs and images with CUDA are for the portable runner only.
  portable = var.accelerator != null || var.sdk_container_image != null

  spec = regex("^gs://(?P<bucket>[^/]+)/(?P<object>.+)$", var.container_spec_gcs_path)
  container_spec = var.image == null ? null : templatefile("${path.module}/container-spec.json.tftpl", {
    image    = var.image
    metadata = local.metadata
  })
}

resource "google_storage_bucket_object" "container_spec" {
  count = var.image == null ? 0 : 1

  provider     = google-beta
  bucket       = local.spec.bucket
  name         = local.spec.object
  content_type = "application/json"
  content      = local.container_spec
}

resource "google_dataflow_flex_template_job" "job" {
  provider = google-beta

  name                    = var.name
  project                 = var.project
  region                  = var.region
  container_spec_gcs_path = var.container_spec_gcs_path
  parameters              = local.given

  temp_location         = var.temp_location
  staging_location      = coalesce(var.staging_location, var.temp_location)
  service_account_email = var.service_account_email
  network               = var.network
  subnetwork            = var.subnetwork
  ip_configuration      = var.public_ips ? "WORKER_IP_PUBLIC" : "WORKER_IP_PRIVATE"
  kms_key_name          = var.kms_key_name
  labels                = var.labels

  machine_type           = var.machine_type
  launcher_machine_type  = var.launcher_machine_type
  num_workers            = var.num_workers
  max_workers            = var.max_workers
  sdk_container_image    = var.sdk_container_image
  additional_experiments = setunion(var.additional_experiments, local.portable ? ["use_runner_v2"] : [])

  # A batch job cannot be drained.
  on_delete                    = "cancel"
  skip_wait_on_job_termination = var.skip_wait_on_job_termination

  depends_on = [google_storage_bucket_object.container_spec]
}
