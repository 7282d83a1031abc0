output "kind" {
  description = "Kind of the object: FlinkDeployment or FlinkSessionJob."
  value       = local.is_session_job ? "FlinkSessionJob" : "FlinkDeployment"
}

output "name" {
  description = "Name of the object."
  value       = var.name
}

output "namespace" {
  description = "Namespace of the object."
  value       = var.namespace
}

output "output" {
  description = "Directory of the run; its run.json says whether the run is done. Null for a session cluster."
  value       = var.output
}
