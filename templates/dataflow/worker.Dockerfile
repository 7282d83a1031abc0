# The image of workers with GPUs: Beam's Java 17 worker on CUDA and cuDNN.
#
#   docker build -f templates/dataflow/worker.Dockerfile -t $WORKER_IMAGE templates/dataflow
#
# The program, and TensorFlow with it, comes from the job: build the jar with
# -Dtensorflow.platform=linux-x86_64-gpu.

# Of the version of Beam that the jar is built with. In production name both bases by their digests, as
# tags move: SDK=apache/beam_java17_sdk:2.70.0@sha256:...
ARG SDK=apache/beam_java17_sdk:2.70.0
# TensorFlow 2.18 was built with CUDA 12.5 and cuDNN 9.3. It wants that cuDNN or a later 9.
ARG CUDA=nvidia/cuda:12.6.3-cudnn-runtime-ubuntu22.04

FROM ${SDK} AS beam

FROM ${CUDA}
COPY --from=beam /opt/apache/beam /opt/apache/beam
COPY --from=beam /opt/java/openjdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk
ENV PATH=/opt/java/openjdk/bin:${PATH}
# Dataflow puts the driver there.
ENV LD_LIBRARY_PATH=/usr/local/nvidia/lib64:${LD_LIBRARY_PATH}
ENV TF_CPP_MIN_LOG_LEVEL=2
# Not root; RUN_AS=0 where the workers' directories belong to root.
ARG RUN_AS=65532
USER ${RUN_AS}
ENTRYPOINT ["/opt/apache/beam/boot"]
