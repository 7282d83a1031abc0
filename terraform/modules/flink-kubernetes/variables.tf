variable "name" {
  description = "Name of the job, and of its cluster unless it runs on a session cluster."
  type        = string

  validation {
    condition     = can(regex("^[a-z]([-a-z0-9]{0,43}[a-z0-9])?$", var.name))
    error_message = "name must be 1 to 45 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen, was \"${var.name}\"."
  }
}

variable "namespace" {
  description = "Namespace, one that the Flink operator watches."
  type        = string
  default     = "default"

  validation {
    condition     = can(regex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "namespace must be a valid Kubernetes name, was \"${var.namespace}\"."
  }
}

variable "template" {
  description = "Template to launch: tardiff (all steps), ingest, train, generate or evaluate. Without it and without session_cluster, the module creates a session cluster that waits for jobs."
  type        = string
  default     = null

  validation {
    condition     = var.template == null || contains(["tardiff", "ingest", "train", "generate", "evaluate"], coalesce(var.template, "none"))
    error_message = "template must be one of tardiff, ingest, train, generate, evaluate, was \"${coalesce(var.template, "empty")}\"."
  }

  validation {
    condition     = var.template != null || var.session_cluster == null
    error_message = "template must be set if session_cluster is: a session job runs a template."
  }
}

variable "session_cluster" {
  description = "Session cluster, a FlinkDeployment without a job, that runs the template. By default the template gets its own cluster."
  type        = string
  default     = null
}

variable "image" {
  description = "Image of the cluster, made from templates/flink/Dockerfile. Not for a job of a session cluster, which has its image."
  type        = string
  default     = null

  validation {
    condition     = (var.image == null) == (var.session_cluster != null)
    error_message = "image must be set for a cluster, and must not be set for a job of a session cluster."
  }
}

variable "jar" {
  description = "Job jar: local:///... in the image, or, for a job of a session cluster, an address from which the operator gets it."
  type        = string
  default     = "local:///opt/flink/usrlib/tardiff-beam-flink.jar"

  validation {
    condition     = can(regex("^[a-z][a-z0-9+.-]*://.+[.]jar$", var.jar))
    error_message = "jar must be the address of a jar, such as local:///opt/flink/usrlib/tardiff-beam-flink.jar, was \"${var.jar}\"."
  }

  validation {
    condition     = var.session_cluster == null || !startswith(var.jar, "local:")
    error_message = "jar must not be local: for a job of a session cluster: the operator submits the jar, and would look for it in its own container."
  }
}

variable "output" {
  description = "Directory that the run writes to, on a file system that all of the cluster shares. One directory holds one run; the same job again resumes it."
  type        = string
  default     = null

  validation {
    condition     = (var.output == null) == (var.template == null)
    error_message = "output must be set if and only if template is set."
  }

  validation {
    condition     = var.output == null || can(regex("^[^*?\\[\\]{}]+$", var.output))
    error_message = "output must be a directory without wildcards, was \"${coalesce(var.output, "empty")}\"."
  }
}

variable "parameters" {
  description = "Options of the template but output: { trainingSteps = 20000, source = \"simulated\" }."
  type        = map(string)
  default     = {}

  validation {
    condition     = !contains(keys(var.parameters), "output")
    error_message = "parameters must not name output; the variable output is for it."
  }

  validation {
    condition     = length(setsubtract(keys(var.parameters), keys(local.known))) == 0
    error_message = "parameters must name options of ${coalesce(var.template, "a template, which is not set")}; unknown: ${join(", ", setsubtract(keys(var.parameters), keys(local.known)))}."
  }

  validation {
    condition     = length(setsubtract(local.required, keys(var.parameters))) == 0
    error_message = "parameters must hold what ${coalesce(var.template, "the template")} requires, which is missing: ${join(", ", setsubtract(local.required, keys(var.parameters)))}."
  }

  validation {
    condition     = alltrue(flatten([for name, value in var.parameters : [for regex in lookup(local.regexes, name, []) : can(regex(regex, value))]]))
    error_message = "parameters must have values that ${coalesce(var.template, "the template")} takes:\n${join("\n", [for name, value in var.parameters : "${name} must match ${join(" and ", local.regexes[name])}, was \"${value}\"" if !alltrue([for regex in lookup(local.regexes, name, []) : can(regex(regex, value))])])}"
  }
}

variable "parallelism" {
  description = "Parallelism of the job."
  type        = number
  default     = 2

  validation {
    condition     = try(var.parallelism >= 1 && floor(var.parallelism) == var.parallelism, false)
    error_message = "parallelism must be a whole number of at least 1, was ${coalesce(var.parallelism, 0)}."
  }
}

variable "task_slots" {
  description = "Slots of a TaskManager. Networks use all its cores in each of them."
  type        = number
  default     = 1

  validation {
    condition     = try(var.task_slots >= 1 && floor(var.task_slots) == var.task_slots, false)
    error_message = "task_slots must be a whole number of at least 1, was ${coalesce(var.task_slots, 0)}."
  }
}

variable "job_manager" {
  description = "Resources of the JobManager."
  type = object({
    cpu    = optional(number, 1)
    memory = optional(string, "2048m")
  })
  default = {}

  validation {
    condition     = var.job_manager.cpu > 0 && can(regex("^[1-9][0-9]*(k|m|g|kb|mb|gb)$", var.job_manager.memory))
    error_message = "job_manager must have a cpu above 0 and memory in Flink's form such as 2048m or 4g, was ${jsonencode(var.job_manager)}."
  }
}

variable "task_manager" {
  description = "Resources of each TaskManager. The networks use memory outside the heap."
  type = object({
    cpu    = optional(number, 4)
    memory = optional(string, "16384m")
    gpus   = optional(number, 0)
  })
  default = {}

  validation {
    condition     = var.task_manager.cpu > 0 && can(regex("^[1-9][0-9]*(k|m|g|kb|mb|gb)$", var.task_manager.memory)) && var.task_manager.gpus >= 0 && floor(var.task_manager.gpus) == var.task_manager.gpus
    error_message = "task_manager must have a cpu above 0, memory in Flink's form such as 16384m or 16g, and a whole number of gpus of at least 0, was ${jsonencode(var.task_manager)}."
  }
}

variable "service_account" {
  description = "Service account of the pods, which must be allowed to create pods."
  type        = string
  default     = "flink"
}

variable "flink_version" {
  description = "Version of Flink in the image, as the operator writes it."
  type        = string
  default     = "v1_19"

  validation {
    condition     = can(regex("^v[0-9]+_[0-9]+$", var.flink_version))
    error_message = "flink_version must be written like v1_19, was \"${var.flink_version}\"."
  }
}

variable "flink_configuration" {
  description = "Configuration of Flink, added to the module's own or in its place."
  type        = map(string)
  default     = {}
}

variable "pod_template" {
  description = "Pod template of all pods: volumes, node selectors, secrets."
  type        = any
  default     = {}
}

variable "restarts" {
  description = "How often the job is restarted when a TaskManager is lost; it resumes from its files."
  type        = number
  default     = 3

  validation {
    condition     = try(var.restarts >= 0 && floor(var.restarts) == var.restarts, false)
    error_message = "restarts must be a whole number of at least 0, was ${coalesce(var.restarts, -1)}."
  }
}
