locals {
  # Names and patterns of the template's parameters, from its options.
  metadata = jsondecode(file("${path.module}/../../../templates/dataflow/${var.template}.json"))
  # The machines are those of the cluster.
  known    = { for parameter in local.metadata.parameters : parameter.name => parameter if !contains(["accelerator", "workerMemory"], parameter.name) }
  required = [for name, parameter in local.known : name if !parameter.isOptional && name != "output"]
  # Directories may be on any file system of Flink's.
  regexes = { for name, parameter in local.known : name => startswith(parameter.paramType, "GCS_") ? [] : parameter.regexes }

  submission = concat(
    [for option, value in { parallelism = var.parallelism, restarts = var.restarts } : "--${option}=${value}" if value != null],
    var.wait ? ["--wait"] : [],
  )
  program = concat(
    [var.template, "--jobName=${var.name}", "--output=${var.output}"],
    [for name, value in var.parameters : "--${name}=${value}"],
  )
}

resource "terraform_data" "job" {
  # Inputs of destroy, which can refer to nothing else.
  input = {
    tool    = "${path.module}/../../../templates/flink/submit.sh"
    jar     = var.jar == null ? "" : var.jar
    cluster = var.cluster
    name    = var.name
    # Id and state, as reported by the cluster.
    record = "${path.root}/.terraform/flink-session/${var.name}.txt"
  }

  # A changed job is submitted in place of this one.
  triggers_replace = {
    cluster     = var.cluster
    program     = local.program
    parallelism = var.parallelism
    restarts    = var.restarts
    jar         = var.jar
  }

  # Arguments go to the program one by one, so nothing in them is read by a shell.
  provisioner "local-exec" {
    interpreter = concat(
      ["bash", "-c", file("${path.module}/submit.sh"), self.input.tool, "--cluster=${self.input.cluster}"],
      local.submission,
      slice(local.program, 0, length(local.program) - 1),
    )
    command     = local.program[length(local.program) - 1]
    environment = { JAR = self.input.jar, RECORD = self.input.record, CLUSTER = self.input.cluster }
  }

  provisioner "local-exec" {
    when        = destroy
    interpreter = ["bash", "-c"]
    command     = <<-EOT
      set -euo pipefail
      # A job that the cluster no longer knows need not be cancelled.
      if ! told=$("$TOOL" cancel --cluster="$CLUSTER" "$NAME" 2>&1); then
        echo "$told" >&2
        case $told in *"knows no job"*) ;; *) exit 1 ;; esac
      fi
      rm -f "$RECORD"
    EOT
    environment = {
      TOOL    = self.input.tool
      JAR     = self.input.jar
      CLUSTER = self.input.cluster
      NAME    = self.input.name
      RECORD  = self.input.record
    }
  }
}
