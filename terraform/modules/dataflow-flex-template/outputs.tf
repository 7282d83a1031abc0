output "job_id" {
  description = "Id of the job in Dataflow."
  value       = google_dataflow_flex_template_job.job.job_id
}

output "state" {
  description = "State of the job when it was last looked at, such as JOB_STATE_RUNNING."
  value       = google_dataflow_flex_template_job.job.state
}

output "output" {
  description = "Directory of the run; its run.json says whether the run is done."
  value       = var.output
}
