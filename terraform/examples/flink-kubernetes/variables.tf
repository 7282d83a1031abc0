variable "kubeconfig" {
  description = "Configuration of the Kubernetes client."
  type        = string
  default     = "~/.kube/config"
}

variable "namespace" {
  description = "Namespace that the Flink operator watches."
  type        = string
  default     = "default"
}

variable "image" {
  description = "Image made from templates/flink/Dockerfile."
  type        = string
}

variable "storage" {
  description = "Directory of the runs, on a file system that all pods share."
  type        = string
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
  description = "Whether each TaskManager has a GPU; the image must be one with CUDA."
  type        = bool
  default     = false
}
