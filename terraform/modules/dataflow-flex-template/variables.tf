variable "name" {
  description = "Name of the job; one job of a name runs at a time."
  type        = string

  validation {
    condition     = can(regex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", var.name))
    error_message = "name must be 1 to 63 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen, was \"${var.name}\"."
  }
}

variable "template" {
  description = "Template to launch: tardiff (all steps), ingest, train, generate or evaluate."
  type        = string

  validation {
    condition     = contains(["tardiff", "ingest", "train", "generate", "evaluate"], var.template)
    error_message = "template must be one of tardiff, ingest, train, generate, evaluate, was \"${var.template}\"."
  }
}

variable "container_spec_gcs_path" {
  description = "Container spec of the template in Cloud Storage, as written by `gcloud dataflow flex-template build`, or by this module if image is set."
  type        = string

  validation {
    condition     = can(regex("^gs://[a-z0-9][-_.a-z0-9]*/.+[.]json$", var.container_spec_gcs_path))
    error_message = "container_spec_gcs_path must be written like gs://bucket/templates/train.json, was \"${var.container_spec_gcs_path}\"."
  }
}

variable "image" {
  description = "Image of the template. If set, the module writes the container spec; otherwise the spec must exist."
  type        = string
  default     = null

  validation {
    condition     = var.image == null || can(regex("^[^/[:space:]]+/[^[:space:]]+[:@][^/[:space:]]+$", var.image))
    error_message = "image must name a registry, a path and a tag or digest, such as europe-docker.pkg.dev/project/repository/tardiff-train:0.1.0, was \"${coalesce(var.image, "empty")}\"."
  }
}

variable "output" {
  description = "Directory in Cloud Storage that the run writes to. One directory holds one run; the same job again resumes it."
  type        = string

  validation {
    condition     = can(regex("^gs://[a-z0-9][-_.a-z0-9]*/[^*?\\[\\]{}]+$", var.output))
    error_message = "output must be a directory like gs://bucket/run, without wildcards, was \"${var.output}\"."
  }
}

variable "parameters" {
  description = "Options of the template but output, accelerator and workerMemory, which have variables of their own: { trainingSteps = 20000, source = \"simulated\" }."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection(keys(var.parameters), ["output", "accelerator", "workerMemory"])) == 0
    error_message = "parameters must not name output, accelerator or workerMemory; the variables output, accelerator and worker_memory are for them."
  }

  validation {
    condition     = length(setsubtract(keys(var.parameters), keys(local.known))) == 0
    error_message = "parameters must name options of ${var.template}; unknown: ${join(", ", setsubtract(keys(var.parameters), keys(local.known)))}."
  }

  validation {
    condition     = length(setsubtract(local.required, keys(var.parameters))) == 0
    error_message = "parameters must hold what ${var.template} requires, which is missing: ${join(", ", setsubtract(local.required, keys(var.parameters)))}."
  }

  validation {
    condition     = alltrue(flatten([for name, value in var.parameters : [for regex in lookup(local.regexes, name, []) : can(regex(regex, value))]]))
    error_message = "parameters must have values that ${var.template} takes:\n${join("\n", [for name, value in var.parameters : "${name} must match ${join(" and ", local.regexes[name])}, was \"${value}\"" if !alltrue([for regex in lookup(local.regexes, name, []) : can(regex(regex, value))])])}"
  }
}

variable "accelerator" {
  description = "Accelerator of the workers that train, sample and fit downstream models, such as type:nvidia-l4;count:1;install-nvidia-driver. It needs a worker image with CUDA. Not for ingest."
  type        = string
  default     = null

  validation {
    condition     = var.accelerator == null || can(regex("^type:[a-z0-9-]+;count:[1-9][0-9]*(;[a-z][a-z0-9_-]*(:[A-Za-z0-9._-]+)?)*$", var.accelerator))
    error_message = "accelerator must be written like type:nvidia-l4;count:1;install-nvidia-driver, was \"${coalesce(var.accelerator, "empty")}\"."
  }

  validation {
    condition     = var.accelerator == null || var.template != "ingest"
    error_message = "accelerator must not be set for ingest, which runs no network."
  }

  validation {
    condition     = var.accelerator == null || var.sdk_container_image != null
    error_message = "sdk_container_image must be set where accelerator is: the workers' default image has no CUDA."
  }
}

variable "worker_memory" {
  description = "Minimum memory of the workers that train, sample and fit downstream models, such as 16GB. Not for ingest."
  type        = string
  default     = null

  validation {
    condition     = var.worker_memory == null || can(regex("^[1-9][0-9]*([.][0-9]+)?[MGT]i?B$", var.worker_memory))
    error_message = "worker_memory must be a number and MB, GB, TB, MiB, GiB or TiB, such as 16GB, was \"${coalesce(var.worker_memory, "empty")}\"."
  }

  validation {
    condition     = var.worker_memory == null || var.template != "ingest"
    error_message = "worker_memory must not be set for ingest, which runs no network."
  }
}

variable "sdk_container_image" {
  description = "Image of the workers, if Beam's own is not enough, as for GPUs."
  type        = string
  default     = null
}

variable "machine_type" {
  description = "Machine type of the workers. Default: Dataflow's choice."
  type        = string
  default     = null

  validation {
    condition     = var.machine_type == null || can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)+$", var.machine_type))
    error_message = "machine_type must be a machine type such as n2-highmem-8 or g2-standard-8, was \"${coalesce(var.machine_type, "empty")}\"."
  }
}

variable "launcher_machine_type" {
  description = "Machine type of the launcher, which makes the graph. Default: Dataflow's choice."
  type        = string
  default     = null
}

variable "num_workers" {
  description = "Initial number of workers. Default: Dataflow's choice."
  type        = number
  default     = null

  validation {
    condition     = var.num_workers == null || try(var.num_workers >= 1 && floor(var.num_workers) == var.num_workers, false)
    error_message = "num_workers must be a whole number of at least 1, was ${coalesce(var.num_workers, 0)}."
  }
}

variable "max_workers" {
  description = "Maximum number of workers. Default: Dataflow's choice."
  type        = number
  default     = null

  validation {
    condition     = var.max_workers == null || try(var.max_workers >= 1 && floor(var.max_workers) == var.max_workers, false)
    error_message = "max_workers must be a whole number of at least 1, was ${coalesce(var.max_workers, 0)}."
  }

  validation {
    condition     = var.max_workers == null || var.num_workers == null || try(var.max_workers >= var.num_workers, false)
    error_message = "max_workers must be at least num_workers."
  }
}

variable "project" {
  description = "Project. Default: the provider's."
  type        = string
  default     = null
}

variable "region" {
  description = "Region of the job and its workers. Default: the provider's."
  type        = string
  default     = null

  validation {
    condition     = var.region == null || can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as europe-west4, was \"${coalesce(var.region, "empty")}\"."
  }
}

variable "temp_location" {
  description = "Directory in Cloud Storage for temporary files."
  type        = string

  validation {
    condition     = can(regex("^gs://[a-z0-9][-_.a-z0-9]*(/.*)?$", var.temp_location))
    error_message = "temp_location must be written like gs://bucket/temp, was \"${var.temp_location}\"."
  }
}

variable "staging_location" {
  description = "Directory in Cloud Storage for the program's files. Default: temp_location."
  type        = string
  default     = null

  validation {
    condition     = var.staging_location == null || can(regex("^gs://[a-z0-9][-_.a-z0-9]*(/.*)?$", var.staging_location))
    error_message = "staging_location must be written like gs://bucket/staging, was \"${coalesce(var.staging_location, "empty")}\"."
  }
}

variable "service_account_email" {
  description = "Service account of the workers. Default: the project's default."
  type        = string
  default     = null

  validation {
    condition     = var.service_account_email == null || can(regex("^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$", var.service_account_email))
    error_message = "service_account_email must be an e-mail address, was \"${coalesce(var.service_account_email, "empty")}\"."
  }
}

variable "network" {
  description = "Network of the workers."
  type        = string
  default     = null
}

variable "subnetwork" {
  description = "Subnetwork of the workers, such as regions/europe-west4/subnetworks/dataflow."
  type        = string
  default     = null

  validation {
    condition     = var.subnetwork == null || can(regex("^(https://www[.]googleapis[.]com/compute/v1/projects/[^/]+/)?regions/[^/]+/subnetworks/[^/]+$", var.subnetwork))
    error_message = "subnetwork must be written like regions/europe-west4/subnetworks/dataflow, or as a full URL, was \"${coalesce(var.subnetwork, "empty")}\"."
  }
}

variable "public_ips" {
  description = "Whether workers have public addresses. Without, the subnetwork needs Private Google Access."
  type        = bool
  default     = false
}

variable "kms_key_name" {
  description = "Cloud KMS key that protects the job's state, such as projects/p/locations/l/keyRings/r/cryptoKeys/k."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_name == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key_name))
    error_message = "kms_key_name must be written like projects/p/locations/l/keyRings/r/cryptoKeys/k, was \"${coalesce(var.kms_key_name, "empty")}\"."
  }
}

variable "labels" {
  description = "Labels of the job."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for k, v in var.labels : can(regex("^[a-z][-_a-z0-9]{0,62}$", k)) && can(regex("^[-_a-z0-9]{0,63}$", v))])
    error_message = "labels must be of lower-case letters, digits, hyphens and underscores, at most 63, and begin with a letter."
  }
}

variable "additional_experiments" {
  description = "Experiments of Dataflow, besides use_runner_v2, which jobs with an accelerator or a custom worker image always use."
  type        = set(string)
  default     = []
}

variable "skip_wait_on_job_termination" {
  description = "Whether destroy returns once the job has been told to stop, without waiting for it."
  type        = bool
  default     = false
}
