variable "cluster" {
  description = "Address of the REST interface of the cluster's JobManager."
  type        = string
  default     = "http://localhost:8081"
}

variable "jar" {
  description = "Job jar. Default: target/tardiff-beam-*-flink.jar of this repository."
  type        = string
  default     = null
}

variable "storage" {
  description = "Directory of the runs, on a file system that all of the cluster shares."
  type        = string
}

variable "run" {
  description = "Name of the run."
  type        = string
  default     = "icu"
}

variable "in_one_job" {
  description = "Whether one job runs all steps; apply then does not wait for it."
  type        = bool
  default     = false
}

variable "parallelism" {
  description = "Parallelism of the jobs. Default: as many as the cluster has slots."
  type        = number
  default     = null
}

variable "source_parameters" {
  description = "Options of the source of the EHR and of the windows cut from them."
  type        = map(string)
  default     = { source = "simulated" }
}

variable "training_parameters" {
  description = "Options of the networks."
  type        = map(string)
  default     = {}
}

variable "sampling_parameters" {
  description = "Options of guidance and sampling."
  type        = map(string)
  default     = {}
}

variable "evaluation_parameters" {
  description = "Options of the evaluation."
  type        = map(string)
  default     = {}
}
