locals {
  # Read once the job exists.
  record = try(split(" ", trimspace(file(terraform_data.job.output.record))), ["", ""])
}

output "job_id" {
  description = "Id of the job in Flink; empty where this directory has no record of its submission."
  value       = local.record[0]
}

output "state" {
  description = "State of the job after apply, such as RUNNING, or FINISHED with wait."
  value       = local.record[1]
}

output "output" {
  description = "Directory of the run; its run.json says whether the run is done."
  value       = var.output
}
