variables {
  name       = "train-icu"
  template   = "train"
  output     = "/data/run/train"
  parameters = { cohort = "/data/run/ingest/cohort" }
}

# One wrong value of every variable at a time: each must be told.

run "refuses_the_first_of_each" {
  command = plan

  variables {
    # a name with capitals
    name = "Train"
    # an address without a scheme
    cluster = "localhost:8081"
    # an output with wildcards
    output = "/data/run-*"
    # an unknown parameter
    parameters = { cohort = "/data/cohort", trainingStep = 10 }
    # a negative parallelism
    parallelism = -1
    # a negative number of restarts
    restarts = -1
    # a directory for a jar
    jar = "target"
  }

  expect_failures = [
    var.name,
    var.cluster,
    var.output,
    var.parameters,
    var.parallelism,
    var.restarts,
    var.jar,
  ]
}

run "refuses_the_second_of_each" {
  command = plan

  variables {
    # a password
    cluster = "http://user:word@localhost:8081"
    # no cohort
    parameters = { trainingSteps = 10 }
    # half a slot
    parallelism = 0.5
  }

  expect_failures = [
    var.cluster,
    var.parameters,
    var.parallelism,
  ]
}

run "refuses_the_third_of_each" {
  command = plan

  variables {
    # a number of the wrong type
    parameters = { cohort = "/data/cohort", trainingSteps = "many" }
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_the_fourth_of_each" {
  command = plan

  variables {
    # what has a variable
    parameters = { cohort = "/data/cohort", output = "/data/run" }
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_the_fifth_of_each" {
  command = plan

  variables {
    # an accelerator
    parameters = { cohort = "/data/cohort", accelerator = "type:nvidia-l4;count:1" }
  }

  expect_failures = [
    var.parameters,
  ]
}

run "refuses_an_unknown_template" {
  command = plan

  variables {
    template = "sample"
  }

  expect_failures = [var.template]
}
