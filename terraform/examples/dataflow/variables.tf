variable "project" {
  description = "Project of Google Cloud."
  type        = string
}

variable "region" {
  description = "Region of the jobs."
  type        = string
  default     = "europe-west4"
}

variable "bucket" {
  description = "Bucket of the runs, the container specs and temporary files."
  type        = string
}

variable "registry" {
  description = "Repository of the images, such as europe-docker.pkg.dev/project/repository."
  type        = string
}

variable "tag" {
  description = "Tag of the images."
  type        = string
  default     = "0.1.0"
}

variable "run" {
  description = "Name of the run."
  type        = string
  default     = "icu"
}

variable "step" {
  description = "Template to launch: tardiff, or one of ingest, train, generate, evaluate, in that order."
  type        = string
  default     = "tardiff"
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

variable "gpu" {
  description = "Whether the steps that compute networks have a GPU."
  type        = bool
  default     = false
}

variable "service_account_email" {
  description = "Service account of the workers. Default: the project's default."
  type        = string
  default     = null
}

variable "subnetwork" {
  description = "Subnetwork of the workers, with Private Google Access."
  type        = string
  default     = null
}
