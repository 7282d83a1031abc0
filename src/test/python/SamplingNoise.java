import io.tardiff.tensorflow.Seeds;
import java.io.DataOutputStream;
import java.io.IOException;

/** Prints the noise of samples as floats, big-endian: {@code [draws, samples, stride]}. */
public class SamplingNoise {
  public static void main(String[] arguments) throws IOException {
    long seed = Long.parseLong(arguments[0]);
    int draws = Integer.parseInt(arguments[1]);
    int samples = Integer.parseInt(arguments[2]);
    float[] noise = new float[Integer.parseInt(arguments[3])];
    try (DataOutputStream out = new DataOutputStream(System.out)) {
      for (int draw = 0; draw < draws; draw++) {
        for (int sample = 0; sample < samples; sample++) {
          Seeds.fillGaussian(noise, 0, noise.length, seed, "sampling noise", sample, draw);
          for (float value : noise) {
            out.writeFloat(value);
          }
        }
      }
    }
  }
}
