variable "name" {
  description = "Name of the job in the cluster, by which it is found again."
  type        = string

  validation {
    condition     = can(regex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", var.name))
    error_message = "name must be 1 to 63 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen, was \"${var.name}\"."
  }
}

variable "cluster" {
  description = "Address of the REST interface of the cluster's JobManager."
  type        = string
  default     = "http://localhost:8081"

  validation {
    condition     = can(regex("^https?://[^/?#[:space:]]+(/[^?#[:space:]]*)?$", var.cluster)) && !endswith(var.cluster, "/")
    error_message = "cluster must be an address such as http://localhost:8081, was \"${var.cluster}\"."
  }

  validation {
    condition     = !strcontains(var.cluster, "@")
    error_message = "cluster must hold no user and password, as it is kept in the state."
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

variable "output" {
  description = "Directory that the run writes to, on a file system that all of the cluster shares. One directory holds one run; the same job again resumes it."
  type        = string

  validation {
    condition     = can(regex("^[^*?\\[\\]{}]+$", var.output))
    error_message = "output must be a directory without wildcards, was \"${var.output}\"."
  }
}

variable "parameters" {
  description = "Options of the template but output: { trainingSteps = 20000, source = \"simulated\" }."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection(keys(var.parameters), ["output", "jobName"])) == 0
    error_message = "parameters must not name output or jobName; the variables output and name are for them."
  }

  validation {
    condition     = length(setsubtract(keys(var.parameters), concat(keys(local.known), ["jobName"]))) == 0
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

variable "parallelism" {
  description = "Parallelism of the job. Default: as many as the cluster has slots."
  type        = number
  default     = null

  validation {
    condition     = var.parallelism == null || try(var.parallelism >= 1 && floor(var.parallelism) == var.parallelism, false)
    error_message = "parallelism must be a whole number of at least 1, was ${coalesce(var.parallelism, 0)}."
  }
}

variable "restarts" {
  description = "How often the job's tasks are started again after a failure, such as a lost TaskManager. Default: as configured in the cluster."
  type        = number
  default     = null

  validation {
    condition     = var.restarts == null || try(var.restarts >= 0 && floor(var.restarts) == var.restarts, false)
    error_message = "restarts must be a whole number of at least 0, was ${coalesce(var.restarts, -1)}."
  }
}

variable "wait" {
  description = "Whether apply waits for the end of the job and fails with it. A step that another one follows needs it."
  type        = bool
  default     = false
}

variable "jar" {
  description = "Job jar. Default: target/tardiff-beam-*-flink.jar of this repository."
  type        = string
  default     = null

  validation {
    condition     = var.jar == null || endswith(coalesce(var.jar, ".jar"), ".jar")
    error_message = "jar must be a jar, was \"${coalesce(var.jar, "empty")}\"."
  }
}
