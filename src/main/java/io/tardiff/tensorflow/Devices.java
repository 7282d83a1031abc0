package io.tardiff.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * What TensorFlow computes on in this process: the processor, and the GPUs that it can use.
 *
 * <pre>{@code
 * LOG.info("Training on {}", Devices.describe());   // CPU, or GPU:0 (76,321 MiB)
 * }</pre>
 *
 * <p>There is no switch: with the native library for GPUs (the property {@code tensorflow.platform}
 * of the build) and a driver that it can load, every op that has a GPU form runs there; otherwise
 * TensorFlow says once why not, and all runs on the processor. Memory of a GPU is taken as it is
 * needed, not all at once.
 */
public final class Devices {
  private static final String CPU = "CPU";
  private static final String PREFIX = "/device:";

  private Devices() {}

  /** A device as TensorFlow names it ({@code GPU:0}) and its memory. */
  public record Device(String name, String type, long memoryBytes) {
    String describe() {
      return type.equals(CPU)
          ? CPU
          : String.format(Locale.ROOT, "%s (%,d MiB)", name, memoryBytes >> 20);
    }
  }

  /** The GPUs if there are any, else the processor. */
  public static String describe() {
    List<Device> all = all();
    List<Device> accelerators = all.stream().filter(device -> !device.type().equals(CPU)).toList();
    return String.join(
        ", ",
        (accelerators.isEmpty() ? all : accelerators)
            .stream().map(Device::describe).distinct().toList());
  }

  /**
   * All devices, the processor among them.
   *
   * @throws IllegalStateException if TensorFlow cannot tell
   */
  public static List<Device> all() {
    // TensorFlow Java has no public way to ask. The devices of a process are made once, by whoever
    // asks first: so with the configuration that sessions have.
    byte[] configuration = GraphSession.configuration(false).toByteArray();
    TF_Status status = TF_Status.newStatus();
    TFE_ContextOptions options = tensorflow.TFE_NewContextOptions();
    try (BytePointer bytes = new BytePointer(configuration)) {
      tensorflow.TFE_ContextOptionsSetConfig(options, bytes, configuration.length, status);
      status.throwExceptionIfNotOK();
      TFE_Context context = tensorflow.TFE_NewContext(options, status);
      status.throwExceptionIfNotOK();
      try {
        return list(context, status);
      } finally {
        tensorflow.TFE_DeleteContext(context);
      }
    } catch (RuntimeException e) {
      throw new IllegalStateException("TensorFlow cannot list its devices: " + e.getMessage(), e);
    } finally {
      tensorflow.TFE_DeleteContextOptions(options);
    }
  }

  private static List<Device> list(TFE_Context context, TF_Status status) {
    TF_DeviceList devices = tensorflow.TFE_ContextListDevices(context, status);
    status.throwExceptionIfNotOK();
    try {
      List<Device> all = new ArrayList<>();
      for (int i = 0; i < tensorflow.TF_DeviceListCount(devices); i++) {
        String name = tensorflow.TF_DeviceListName(devices, i, status).getString();
        String type = tensorflow.TF_DeviceListType(devices, i, status).getString();
        long memory = tensorflow.TF_DeviceListMemoryBytes(devices, i, status);
        status.throwExceptionIfNotOK();
        all.add(new Device(name.substring(name.indexOf(PREFIX) + PREFIX.length()), type, memory));
      }
      return all;
    } finally {
      tensorflow.TF_DeleteDeviceList(devices);
    }
  }
}
